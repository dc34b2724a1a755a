const SHORT: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
};
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

/** As `%q` prints a string. */
export function quoteGo(text: string): string {
  let quoted = "";
  for (const char of text) quoted += char === '"' ? '\\"' : escapeChar(char);
  return `"${quoted}"`;
}

/** As `%q` prints a rune; the empty text stands for the end of the input, which is the rune 0. */
export function quoteGoRune(char: string): string {
  if (char === "'") return "'\\''";
  return `'${escapeChar(char === "" ? "\0" : char)}'`;
}

function escapeChar(char: string): string {
  const short = SHORT[char];
  if (short !== undefined) return short;
  if (PRINTABLE.test(char)) return char;
  const code = char.codePointAt(0) ?? 0;
  // A byte that is not UTF-8, see GoValue.
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code & 0xff).toString(16)}`;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
}
