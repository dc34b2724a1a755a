import { isAscii, toBytes, toValidUtf8 } from "../../base/go-string.ts";

const space = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/u;
const spaces = "[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const leading = new RegExp(`^${spaces}+`);
const wordCharacter = /^[\p{L}\p{Nd}_]$/u;
// Letters whose one-character capital JavaScript doesn't give, since it prefers two: Greek with iota subscript.
const greekIota = /^[\u1f80-\u1f87\u1f90-\u1f97\u1fa0-\u1fa7]$/;
const greekIotaSingle = /^[\u1fb3\u1fc3\u1ff3]$/;
const digraph = /^[\u01c4-\u01cc\u01f1-\u01f3]$/;

/** Space as Unicode and Go see it: with U+0085, without U+FEFF. */
export function isSpace(character: string): boolean {
  return space.test(character);
}

export function trimSpace(text: string): string {
  const start = leading.exec(text)?.[0].length ?? 0;
  let end = text.length;
  while (end > start && space.test(text[end - 1] ?? "")) end--;
  return text.slice(start, end);
}

export function upper(text: string): string {
  return isAscii(text) ? text.toUpperCase() : mapCharacters(text, upperCharacter);
}

export function lower(text: string): string {
  return isAscii(text) ? text.toLowerCase() : mapCharacters(text, lowerCharacter);
}

function mapCharacters(text: string, change: (character: string) => string): string {
  return Array.from(toValidUtf8(text), change).join("");
}

export function upperCharacter(character: string): string {
  const mapped = character.toUpperCase();
  if ([...mapped].length === 1) return mapped;
  const code = character.charCodeAt(0);
  if (greekIota.test(character)) return String.fromCharCode(code + 8);
  return greekIotaSingle.test(character) ? String.fromCharCode(code + 9) : character;
}

export function lowerCharacter(character: string): string {
  if (character === "\u0130") return "i";
  const mapped = character.toLowerCase();
  return [...mapped].length === 1 ? mapped : character;
}

/** Title case: as upper case, but for the digraphs, whose second letter stays small. */
export function titleCharacter(character: string): string {
  if (!digraph.test(character)) return upperCharacter(character);
  const code = character.charCodeAt(0);
  return String.fromCharCode(code >= 0x1f1 ? 0x1f2 : code - ((code - 0x1c4) % 3) + 1);
}

export function isUpper(character: string): boolean {
  return /^\p{Lu}$/u.test(character);
}

export function isLower(character: string): boolean {
  return /^\p{Ll}$/u.test(character);
}

/** Capitals at the start of words, which letters, digits and underscores make up. */
export function title(text: string): string {
  let previous = " ";
  return mapCharacters(text, (character) => {
    const starts = isSeparator(previous);
    previous = character;
    return starts ? titleCharacter(character) : character;
  });
}

// Beyond ASCII only space separates words.
function isSeparator(character: string): boolean {
  if (wordCharacter.test(character)) return false;
  return character <= "\u007f" || isSpace(character);
}

/** Small letters at the start of words, which space separates. */
export function untitle(text: string): string {
  let starts = true;
  return mapCharacters(text, (character) => {
    if (isSpace(character)) {
      starts = true;
      return character;
    }
    const result = starts ? lowerCharacter(character) : character;
    starts = false;
    return result;
  });
}

export function swapCase(text: string): string {
  let afterSpace = true;
  return mapCharacters(text, (character) => {
    if (isUpper(character) || /^\p{Lt}$/u.test(character)) {
      afterSpace = false;
      return lowerCharacter(character);
    }
    if (isLower(character)) {
      const result = afterSpace ? titleCharacter(character) : upperCharacter(character);
      afterSpace = false;
      return result;
    }
    afterSpace = isSpace(character);
    return character;
  });
}

/** Without its spaces. Helm takes each byte for a character here, so what is not ASCII comes out mangled, as in Helm. */
export function removeSpace(text: string): string {
  const bytes = latin1(text);
  const rest = Array.from(bytes).filter((byte) => !isSpace(byte));
  return rest.length === bytes.length ? text : rest.join("");
}

/** The first letter of each word, byte by byte too. */
export function initials(text: string): string {
  let afterSpace = true;
  let result = "";
  for (const byte of latin1(text)) {
    const blank = isSpace(byte);
    if (!blank && afterSpace) result += byte;
    afterSpace = blank;
  }
  return result;
}

function latin1(text: string): string {
  return isAscii(text) ? text : toBytes(text).toString("latin1");
}
