import { loginRegistry, logoutRegistry } from "../../chart/registry/login.ts";
import { surroundings } from "../../chart/surroundings.ts";
import { accessOf } from "../chart-source.ts";
import type { ExitCode, Invocation } from "../command.ts";
import { flagReader } from "../read-flags.ts";

/** `slipway registry login HOST`. */
export async function login({ positionals: [host = ""], flags, terminal }: Invocation): Promise<ExitCode> {
  const read = flagReader(flags);
  const { home, network } = surroundings(terminal, {});
  const access = {
    ...accessOf(read, terminal.keepSecret),
    ...(read.boolean("insecure") && { insecureSkipTlsVerify: true }),
  };
  await loginRegistry(host, { access, home, network });
  terminal.out.write("Login Succeeded\n");
  return 0;
}

/** `slipway registry logout HOST`. */
export async function logout({ positionals: [host = ""], terminal }: Invocation): Promise<ExitCode> {
  const { home, network } = surroundings(terminal, {});
  const wasThere = await logoutRegistry(host, { home, network });
  terminal.out.write(wasThere ? `Removing login credentials for ${host}\n` : `Not logged in to ${host}\n`);
  return 0;
}
