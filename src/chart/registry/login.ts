import { SlipwayError } from "../../base/error.ts";
import { isJsonObject } from "../../base/json-path.ts";
import { withFileLock } from "../file-lock.ts";
import { checkStatus } from "../remote/check-status.ts";
import { writeFileWhole } from "../write-file.ts";
import { openRegistry, type RegistryOptions } from "./client.ts";
import { tellHelper } from "./credential-helper.ts";
import { helperFor, readRegistryConfig, serverAddress } from "./credentials.ts";

/** Tries a name and password on a registry and keeps them where Helm looks for them. */
export async function loginRegistry(host: string, options: RegistryOptions): Promise<void> {
  const { username = "", password = "" } = options.access;
  checkHost(host);
  if (username === "" || password === "") {
    throw new SlipwayError("INPUT_INVALID", "registry login needs a name and a password", {
      hint: "Give --username, and the password on the standard input with --password-stdin.",
    });
  }
  const registry = openRegistry(host, options);
  const answer = await registry.ask({ path: "", scope: "", limitBytes: 1024 * 1024 });
  checkStatus(answer, `log in to ${host}`);
  const { home, network } = options;
  const config = readRegistryConfig(home.registryConfig);
  const helper = helperFor(config, host);
  if (helper !== undefined) {
    const entry = { ServerURL: serverAddress(host), Username: username, Secret: password };
    await tellHelper(helper, "store", JSON.stringify(entry), network.env);
    return;
  }
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  await changeAuths(home.registryConfig, (auths) => ({ ...auths, [serverAddress(host)]: { auth } }));
}

/** True where there was something to forget. */
export async function logoutRegistry(
  host: string,
  { home, network }: Pick<RegistryOptions, "home" | "network">,
): Promise<boolean> {
  checkHost(host);
  const config = readRegistryConfig(home.registryConfig);
  const helper = helperFor(config, host);
  if (helper !== undefined) await tellHelper(helper, "erase", serverAddress(host), network.env);
  const address = serverAddress(host);
  if (!Object.hasOwn(authsOf(config), address)) return helper !== undefined;
  await changeAuths(home.registryConfig, ({ [address]: _, ...others }) => others);
  return true;
}

type Auths = Record<string, unknown>;

/** Changes the credentials as they are by then, while no other login does. */
async function changeAuths(path: string, change: (auths: Auths) => Auths): Promise<void> {
  await withFileLock(path, () => {
    const config = readRegistryConfig(path);
    const changed = { ...config, auths: change(authsOf(config)) };
    writeFileWhole(path, `${JSON.stringify(changed, undefined, "\t")}\n`, 0o600);
  });
}

function authsOf(config: Record<string, unknown>): Auths {
  return isJsonObject(config["auths"]) ? config["auths"] : {};
}

function checkHost(host: string): void {
  if (/^[\w.-]+(:\d{1,5})?$|^\[[0-9a-fA-F:]+\](:\d{1,5})?$/.test(host)) return;
  throw new SlipwayError("INPUT_INVALID", `"${host}" is not the host of a registry`, {
    hint: "Write the host alone, without oci:// and without a path.",
  });
}
