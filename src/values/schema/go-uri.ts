import { ipv6Problem } from "./address.ts";

/** What Go's net/url finds wrong with an address; its scheme where it has one. */
export function readUri(text: string): { problem: string } | { scheme: string } {
  const hash = text.indexOf("#");
  const [main, fragment] = hash < 0 ? [text, ""] : [text.slice(0, hash), text.slice(hash + 1)];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\x00-\x1f\x7f]/.test(main)) return { problem: "invalid control character in URL" };
  if (main.startsWith(":")) return { problem: "missing protocol scheme" };
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(main)?.[1] ?? "";
  const [rest = ""] = (scheme === "" ? main : main.slice(scheme.length + 1)).split("?");
  const problem = restProblem(scheme, rest) ?? escapeProblem(fragment);
  return problem === undefined ? { scheme } : { problem };
}

function restProblem(scheme: string, rest: string): string | undefined {
  if (!rest.startsWith("/")) {
    // Behind a scheme it may be anything.
    if (scheme !== "") return undefined;
    if (rest.split("/")[0]?.includes(":")) return "first path segment in URL cannot contain colon";
    return escapeProblem(rest);
  }
  if (!rest.startsWith("//") || (scheme === "" && rest.startsWith("///"))) return escapeProblem(rest);
  const slash = rest.indexOf("/", 2);
  const [authority, path] = slash < 0 ? [rest.slice(2), ""] : [rest.slice(2, slash), rest.slice(slash)];
  return authorityProblem(authority) ?? escapeProblem(path);
}

function authorityProblem(authority: string): string | undefined {
  const at = authority.lastIndexOf("@");
  const user = authority.slice(0, Math.max(at, 0));
  if (!/^[\w\-.:~!$&'()*+,;=%@]*$/.test(user)) return "net/url: invalid userinfo";
  return escapeProblem(user) ?? hostProblem(authority.slice(at + 1));
}

function hostProblem(host: string): string | undefined {
  const bracketed = /^\[([^\]]*)\](.*)$/s.exec(host);
  if (bracketed !== null) {
    const [, address = "", port = ""] = bracketed;
    return portProblem(port) ?? (address.includes(":") ? ipv6Problem(address) : undefined);
  }
  if (host.startsWith("[")) return "missing ']' in host";
  const colon = host.lastIndexOf(":");
  const [name, port] = colon < 0 ? [host, ""] : [host.slice(0, colon), host.slice(colon)];
  if (/[ \\^{}|`/?@]/.test(name)) return "invalid character in host name";
  if (/%(?!25|[89a-f][\da-f])/i.test(name)) return "invalid URL escape in host";
  return portProblem(port) ?? (name.includes(":") ? "ipv6 address not enclosed in brackets" : undefined);
}

function portProblem(port: string): string | undefined {
  return /^(:\d*)?$/.test(port) ? undefined : `invalid port "${port}" after host`;
}

function escapeProblem(text: string): string | undefined {
  return /%(?![\da-f]{2})/i.test(text) ? "invalid URL escape" : undefined;
}
