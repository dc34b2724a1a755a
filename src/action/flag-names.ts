import type { InputName } from "./input-table.ts";

/** What a flag of the command line is called among the inputs. */
const inputOf: Readonly<Record<string, InputName>> = {
  "bearer-token": "chart-token",
  "ca-file": "chart-certificate-authority",
  "cert-file": "chart-client-certificate",
  "cosign-key": "chart-cosign-key",
  "create-namespace": "create-namespace",
  "key-file": "chart-client-key",
  keyring: "chart-keyring",
  "pass-credentials": "chart-pass-credentials",
  password: "chart-password",
  repo: "chart-repository",
  "force-conflicts": "force-conflicts",
  "server-side": "server-side",
  "replace-immutable": "replace-immutable",
  "ignore-hazards": "ignore-hazards",
  namespace: "namespace",
  "take-ownership": "take-ownership",
  timeout: "timeout",
  username: "chart-username",
  verify: "chart-keyring",
  version: "chart-version",
  "wait-for-lock": "wait-for-lock",
};

const flags = new RegExp(`--(${Object.keys(inputOf).join("|")})(?![\\w-])`, "g");

// An input takes no quotes.
const fieldFlag = /--force-conflicts=('?)([^'\s]+)\1/g;

/** A hint that speaks of flags, for those who write inputs. */
export function inInputs(hint: string): string {
  return hint.replace(fieldFlag, "force-conflicts: $2").replace(flags, (flag, name: string) => inputOf[name] ?? flag);
}
