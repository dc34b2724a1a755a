import { nodeNet } from "../../base/node-library.ts";
import { FunctionError } from "../function.ts";
import { quote } from "../quote.ts";
import { escapeUrl, unescapeUrl } from "./url-escape.ts";

export type UserInfo = { username: string; password: string | undefined };
/** A URL as Go's net/url takes it apart; what is escaped in it is not, but for the query. */
export type GoUrl = {
  scheme: string;
  opaque: string;
  user: UserInfo | undefined;
  host: string;
  path: string;
  rawQuery: string;
  fragment: string;
};

const userInfoPattern = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;

/** Throws Go's error. */
export function parseUrl(text: string): GoUrl {
  const [main, fragment] = cut(text, "#");
  const url = attempt(main, () => parseMain(main));
  if (fragment) url.fragment = attempt(text, () => unescapeUrl(fragment, "fragment"));
  return url;
}

function attempt<T>(text: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof FunctionError) throw new FunctionError(`parse ${quote(text)}: ${cause.message}`);
    throw cause;
  }
}

function cut(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function parseMain(text: string): GoUrl {
  if (hasControlCharacter(text)) throw new FunctionError("net/url: invalid control character in URL");
  const url: GoUrl = { scheme: "", opaque: "", user: undefined, host: "", path: "", rawQuery: "", fragment: "" };
  if (text === "*") return { ...url, path: "*" };
  const [scheme, afterScheme] = splitScheme(text);
  url.scheme = scheme.toLowerCase();
  const [rest, query = ""] = cut(afterScheme, "?");
  url.rawQuery = query;
  if (!rest.startsWith("/")) {
    if (url.scheme !== "") return { ...url, opaque: rest };
    if (cut(rest, "/")[0].includes(":")) throw new FunctionError("first path segment in URL cannot contain colon");
  }
  if (rest.startsWith("//") && (url.scheme !== "" || !rest.startsWith("///"))) {
    const slash = rest.indexOf("/", 2);
    const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
    Object.assign(url, parseAuthority(url.scheme, authority));
    url.path = unescapeUrl(slash < 0 ? "" : rest.slice(slash), "path");
  } else {
    url.path = unescapeUrl(rest, "path");
  }
  return url;
}

function hasControlCharacter(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

function splitScheme(text: string): [string, string] {
  if (text.startsWith(":")) throw new FunctionError("missing protocol scheme");
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text)?.[1];
  return scheme === undefined ? ["", text] : [scheme, text.slice(scheme.length + 1)];
}

function parseAuthority(scheme: string, authority: string): Pick<GoUrl, "user" | "host"> {
  const at = authority.lastIndexOf("@");
  const host = parseHost(scheme, authority.slice(at + 1));
  if (at < 0) return { user: undefined, host };
  const info = authority.slice(0, at);
  if (!userInfoPattern.test(info)) throw new FunctionError("net/url: invalid userinfo");
  const [username, password] = cut(info, ":");
  return {
    user: {
      username: unescapeUrl(username, "user"),
      password: password === undefined ? undefined : unescapeUrl(password, "user"),
    },
    host,
  };
}

function parseHost(scheme: string, host: string): string {
  const open = host.lastIndexOf("[");
  if (open > 0) throw new FunctionError("invalid IP-literal");
  if (open === 0) return parseIpLiteral(host);
  const first = host.indexOf(":");
  if (first >= 0) {
    // Several hosts with ports, as databases write them, are accepted but for the web's own schemes.
    const isStrict = scheme === "http" || scheme === "https";
    checkPort(host.slice(isStrict ? first : host.lastIndexOf(":")));
  }
  return unescapeUrl(host, "host");
}

function parseIpLiteral(host: string): string {
  const close = host.lastIndexOf("]");
  if (close < 0) throw new FunctionError("missing ']' in host");
  const port = host.slice(close + 1);
  checkPort(port);
  const inner = host.slice(1, close);
  const zoneAt = inner.indexOf("%25");
  const address = unescapeUrl(zoneAt < 0 ? inner : inner.slice(0, zoneAt), "host");
  const zone = zoneAt < 0 ? "" : unescapeUrl(inner.slice(zoneAt), "zone");
  if (/^[0-9.]+$/.test(address)) throw new FunctionError("invalid IP-literal");
  if (!nodeNet().isIPv6(address))
    throw new FunctionError(`invalid host: ParseAddr(${quote(address + zone)}): unable to parse IP`);
  return `[${address}${zone}]${unescapeUrl(port, "host")}`;
}

function checkPort(port: string): void {
  if (!isPort(port)) throw new FunctionError(`invalid port ${quote(port)} after host`);
}

function isPort(port: string): boolean {
  return /^(?::[0-9]*)?$/.test(port);
}

/** The host without its port and an address' brackets. */
export function hostnameOf(host: string): string {
  const colon = host.lastIndexOf(":");
  const name = colon >= 0 && isPort(host.slice(colon)) ? host.slice(0, colon) : host;
  return name.startsWith("[") && name.endsWith("]") ? name.slice(1, -1) : name;
}

export function formatUserInfo({ username, password }: UserInfo): string {
  const secret = password === undefined ? "" : `:${escapeUrl(password, "user")}`;
  return escapeUrl(username, "user") + secret;
}

/** The URL's text; parts that are not set are left out. */
export function formatUrl(url: GoUrl): string {
  let text = url.scheme === "" ? "" : `${url.scheme}:`;
  text += url.opaque === "" ? formatHierarchy(url, text === "") : url.opaque;
  if (url.rawQuery !== "") text += `?${url.rawQuery}`;
  return url.fragment === "" ? text : `${text}#${escapeUrl(url.fragment, "fragment")}`;
}

function formatHierarchy({ scheme, host, path, user }: GoUrl, isFirst: boolean): string {
  const escaped = path === "*" ? path : escapeUrl(path, "path");
  let text = "";
  if ((scheme !== "" || host !== "" || user) && (host !== "" || path !== "" || user)) {
    text = `//${user ? `${formatUserInfo(user)}@` : ""}${escapeUrl(host, "host")}`;
  }
  if (escaped !== "" && !escaped.startsWith("/") && host !== "") text += "/";
  // Otherwise the first segment would read as a scheme.
  if (text === "" && isFirst && cut(escaped, "/")[0].includes(":")) text = "./";
  return text + escaped;
}
