// One byte of flags per character below 256; of the rest only U+2028 and U+2029 (line breaks) are special.
export const BLANK = 1;
export const BREAK = 2;
export const END = 4;
export const WORD = 8;
export const DIGIT = 16;
export const HEX = 32;
/** Ends a plain scalar inside a flow collection. */
export const FLOW = 64;
export const BREAK_OR_END = BREAK | END;
export const SPACE = BLANK | BREAK | END;

export const FLAGS = buildFlags();

function buildFlags(): Uint8Array {
  const flags = new Uint8Array(256);
  const add = (chars: string, flag: number) => {
    for (const char of chars) flags[char.charCodeAt(0)] = (flags[char.charCodeAt(0)] ?? 0) | flag;
  };
  add("\0", END);
  add(" \t", BLANK);
  add("\r\n\u0085", BREAK);
  add("0123456789", DIGIT | HEX | WORD);
  add("abcdefABCDEF", HEX);
  add("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-", WORD);
  add(",?[]{}", FLOW);
  return flags;
}

export function has(code: number, flag: number): boolean {
  return code < 256
    ? ((FLAGS[code] as number) & flag) !== 0
    : (code === 0x2028 || code === 0x2029) && (flag & BREAK) !== 0;
}

export function hexValue(code: number): number {
  if (code >= 0x61) return code - 0x61 + 10;
  return code >= 0x41 ? code - 0x41 + 10 : code - 0x30;
}
