import { byteLength } from "../go-string.ts";
import { YamlProblem } from "./problem.ts";

export type Unreadable = {
  problem: YamlProblem;
  /** From this offset on go-yaml's reader notices it. */
  noticedAt: number;
};

const FORBIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what YAML forbids.
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const BLOCK = 512;

/** The first character that YAML doesn't allow, or byte that is not UTF-8. `skipped` bytes came before the text. */
export function findUnreadable(text: string, skipped: number): Unreadable | undefined {
  const at = text.search(FORBIDDEN);
  if (at < 0) return undefined;
  const before = text.slice(0, at);
  const inBlock = (byteLength(before) + skipped) % BLOCK;
  let noticedAt = at;
  for (let bytes = 0; bytes < inBlock && noticedAt > 0; noticedAt--) bytes += byteLength(text.charAt(noticedAt - 1));
  const line = before.split(/\r\n|[\r\n]/).length - 1;
  const column = at - Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\r")) - 1;
  return { problem: new YamlProblem(describe(text.charCodeAt(at), text.charCodeAt(at + 1)), line, column), noticedAt };
}

function describe(code: number, next: number): string {
  if (code < 0xd800 || code > 0xdfff) return "control characters are not allowed";
  const byte = code & 0xff;
  const width = (byte & 0xe0) === 0xc0 ? 2 : (byte & 0xf0) === 0xe0 ? 3 : (byte & 0xf8) === 0xf0 ? 4 : 0;
  if (width === 0) return "invalid leading UTF-8 octet";
  return Number.isNaN(next) ? "incomplete UTF-8 octet sequence" : "invalid trailing UTF-8 octet";
}
