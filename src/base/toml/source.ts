import { SlipwayError } from "../error.ts";

/** The text, how far it is read, whether its end was read, and what the message of an error names. */
export type Source = {
  text: string;
  pos: number;
  ended: boolean;
  lastKey: () => string;
  /** How far lines have been counted, so that each is counted once. */
  counted: { pos: number; line: number };
};

export class TomlMistake extends Error {
  readonly line: number;
  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

export function lineAt(s: Source): number {
  const { counted } = s;
  if (s.pos < counted.pos) Object.assign(counted, { pos: 0, line: 1 });
  for (let at = s.text.indexOf("\n", counted.pos); at >= 0 && at < s.pos; at = s.text.indexOf("\n", at + 1)) {
    counted.line++;
    counted.pos = at + 1;
  }
  return counted.line;
}

/** A mistake at the character that was read last; at the end of a text that ends in a newline, on the line before. */
export function mistake(s: Source, message: string): TomlMistake {
  const isBehind = s.ended && s.text.endsWith("\n");
  return new TomlMistake(message, lineAt(s) - (isBehind ? 1 : 0));
}

export function toTomlError(s: Source, { message, line }: TomlMistake, quotedKey: string): SlipwayError {
  const key = s.lastKey() === "" ? "" : ` (last key ${quotedKey})`;
  return new SlipwayError("TOML_INVALID", `toml: line ${line}${key}: ${message}`, { where: String(line) });
}

/** The next character, or `""` at the end. */
export function peek(s: Source): string {
  const code = s.text.codePointAt(s.pos);
  if (code === undefined) return "";
  const char = String.fromCodePoint(code);
  const isLoneReturn = code === 13 && s.text.charCodeAt(s.pos + 1) !== 10;
  if (isLoneReturn || code === 0x7f || (code < 0x20 && code !== 9 && code !== 10 && code !== 13)) {
    throw new TomlMistake(
      `TOML files cannot contain control characters: '0x${code.toString(16).padStart(2, "0")}'`,
      lineAt(s),
    );
  }
  if (code >= 0xd800 && code <= 0xdfff)
    throw new TomlMistake(`invalid UTF-8 byte: 0x${(code & 0xff).toString(16)}`, lineAt(s));
  return char;
}

export function next(s: Source): string {
  const char = peek(s);
  s.pos += char.length;
  s.ended = char === "";
  return char;
}

export function accept(s: Source, char: string): boolean {
  if (peek(s) !== char) return false;
  s.pos += char.length;
  return true;
}

export function isNewline(char: string): boolean {
  return char === "\n" || char === "\r";
}

export function skipBlanks(s: Source): void {
  while (s.text[s.pos] === " " || s.text[s.pos] === "\t") s.pos++;
}

/** Blanks, newlines and comments. */
export function skipLines(s: Source): void {
  for (;;) {
    skipBlanks(s);
    const char = peek(s);
    if (isNewline(char)) s.pos++;
    else if (char === "#") skipComment(s);
    else return;
  }
}

export function skipComment(s: Source): void {
  for (let char = peek(s); char !== "" && !isNewline(char); char = peek(s)) s.pos += char.length;
}
