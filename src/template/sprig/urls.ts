import type { GoMap, GoValue } from "../../base/go-value.ts";
import { FunctionError, type FunctionTable } from "../function.ts";
import { goKindOf } from "../go-type.ts";
import { fn, nilDereference } from "./define.ts";
import { formatUrl, formatUserInfo, hostnameOf, parseUrl } from "./go-url.ts";

export const urlFunctions: FunctionTable = {
  urlParse: fn(["string"], (text: string) => {
    const url = translate("unable to parse url", () => parseUrl(text));
    return new Map<string, GoValue>([
      ["scheme", url.scheme],
      ["host", url.host],
      ["hostname", hostnameOf(url.host)],
      ["path", url.path],
      ["query", url.rawQuery],
      ["opaque", url.opaque],
      ["fragment", url.fragment],
      ["userinfo", url.user ? formatUserInfo(url.user) : ""],
    ]);
  }),
  urlJoin: fn(["map[string]any"], (parts: GoMap | null) => {
    const url = {
      scheme: part(parts, "scheme"),
      host: part(parts, "host"),
      path: part(parts, "path"),
      rawQuery: part(parts, "query"),
      opaque: part(parts, "opaque"),
      fragment: part(parts, "fragment"),
    };
    const info = part(parts, "userinfo");
    const user =
      info === ""
        ? undefined
        : translate("unable to parse userinfo in dict", () => parseUrl(`proto://${info}@host`)).user;
    return formatUrl({ ...url, user });
  }),
  // Rendering must not depend on the network: Helm answers so too unless it is told to look names up.
  getHostByName: fn(["string"], () => ""),
};

function part(parts: GoMap | null, key: string): string {
  const value = parts?.get(key);
  if (value === undefined) return "";
  if (value === null) throw nilDereference();
  if (typeof value === "string") return value;
  throw new FunctionError(`unable to parse ${key} key, must be of type string, but ${goKindOf(value)} found`);
}

function translate<T>(complaint: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof FunctionError) throw new FunctionError(`${complaint}: ${cause.message}`);
    throw cause;
  }
}
