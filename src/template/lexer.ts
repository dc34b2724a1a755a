import { isPrintable, quote } from "./quote.ts";

export type TokenType =
  | "error"
  | "bool"
  | "char"
  | "charConstant"
  | "complex"
  | "assign"
  | "declare"
  | "eof"
  | "field"
  | "identifier"
  | "leftDelim"
  | "leftParen"
  | "number"
  | "pipe"
  | "rawString"
  | "rightDelim"
  | "rightParen"
  | "string"
  | "text"
  | "variable"
  | "dot"
  | Keyword;
type Keyword =
  | "block"
  | "break"
  | "continue"
  | "define"
  | "else"
  | "end"
  | "if"
  | "nil"
  | "range"
  | "template"
  | "with";

/**
 * `pos` counts UTF-16 units from the text's start; an error's `val` is its message. Space is no token of its own: `spaced` says
 * whether it stands before this one. Fields that follow each other are one token.
 */
export type Token = { type: TokenType; pos: number; val: string; spaced: boolean };

export type Lexer = {
  next(): Token;
  /** Goes on behind an action whose `}}` ends at `end`, and behind the space that its `-` trims. */
  skipAction(end: number): Token;
};

/** Words that are keywords only where no function has their name. */
export type LexerOptions = { breakOk: boolean; continueOk: boolean };

export const keywords: ReadonlySet<string> = new Set([
  "block",
  "break",
  "continue",
  "define",
  "else",
  "end",
  "if",
  "nil",
  "range",
  "template",
  "with",
] satisfies Keyword[]);
const eof = -1;
const minus = 45;
const dot = 46;
const doubleQuote = 34;
const closingBrace = 125;
// One native call is much cheaper than a turn of a loop for each character.
const plainName = /[A-Za-z0-9_]*/y;
const plainFields = /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*/y;
const terminator = /[ \t\r\n.,|:)(]|\}\}/y;
const plainString = /[^"\\\n]*"/y;
const letterOrDigit = /^[\p{L}\p{Nd}]$/u;

/** Splits a template into tokens, as Go's lexer does: each state emits one token, then says which state is next. */
export function createLexer(input: string, options: LexerOptions): Lexer {
  let pos = 0;
  let start = 0;
  let insideAction = false;
  let parenDepth = 0;
  let spaced = false;

  function emit(type: TokenType, val = input.slice(start, pos)): Token {
    const token = { type, pos: start, val, spaced };
    start = pos;
    return token;
  }

  function fail(message: string): Token {
    const token: Token = { type: "error", pos: start, val: message, spaced };
    pos = input.length;
    start = pos;
    insideAction = false;
    return token;
  }

  function peek(): number {
    return input.codePointAt(pos) ?? eof;
  }

  function advance(): number {
    const code = peek();
    pos += code > 0xffff ? 2 : code === eof ? 0 : 1;
    return code;
  }

  function lexText(): Token {
    for (;;) {
      const open = input.indexOf("{{", pos);
      if (open < 0) {
        pos = input.length;
        return pos > start ? emit("text") : { type: "eof", pos, val: "EOF", spaced };
      }
      if (open > pos) {
        pos = isLeftTrim(input, open + 2) ? trimRight(input, start, open) : open;
        const token = pos > start ? emit("text") : undefined;
        pos = start = open;
        if (token !== undefined) return token;
      }
      const token = lexLeftDelim();
      if (token !== undefined) return token;
    }
  }

  // A comment is skipped without a token.
  function lexLeftDelim(): Token | undefined {
    const trim = isLeftTrim(input, pos + 2) ? 2 : 0;
    if (input.startsWith("/*", pos + 2 + trim)) return lexComment(pos + 2 + trim);
    pos += 2;
    const token = emit("leftDelim", "{{");
    pos += trim;
    start = pos;
    insideAction = true;
    parenDepth = 0;
    return token;
  }

  function lexComment(from: number): Token | undefined {
    start = from;
    const close = input.indexOf("*/", from + 2);
    if (close < 0) return fail("unclosed comment");
    pos = close + 2;
    if (isTrimmedRightDelim(input, pos)) pos = skipSpace(input, pos + 4);
    else if (input.startsWith("}}", pos)) pos += 2;
    else return fail("comment ends before closing delimiter");
    start = pos;
    return undefined;
  }

  function lexRightDelim(): Token {
    const trim = isTrimmedRightDelim(input, pos);
    if (trim) start = pos += 2;
    pos += 2;
    const token = emit("rightDelim", "}}");
    if (trim) start = pos = skipSpace(input, pos);
    insideAction = false;
    return token;
  }

  function lexInsideAction(): Token {
    const isEnd = skipSpaces();
    const code = peek();
    if (isEnd || (code === closingBrace && input.charCodeAt(pos + 1) === closingBrace)) return lexEnd();
    if (code === eof) return fail("unclosed action");
    if (isDigit(code) || code === 43 || code === minus) return lexNumber();
    if (isAlphaNumeric(code)) return lexIdentifier();
    advance();
    return code === dot ? lexDot() : lexPunctuation(code);
  }

  /** Whether a trimming delimiter follows: of several spaces the last belongs to it. */
  function skipSpaces(): boolean {
    spaced = false;
    if (!isSpace(input.charCodeAt(pos))) return false;
    const from = pos;
    pos = skipSpace(input, pos);
    const isEnd = isTrimmedRightDelim(input, pos - 1);
    if (isEnd) pos--;
    spaced = pos > from;
    start = pos;
    return isEnd;
  }

  function lexEnd(): Token {
    return parenDepth === 0 ? lexRightDelim() : fail("unclosed left paren");
  }

  function lexPunctuation(code: number): Token {
    switch (String.fromCodePoint(code)) {
      case "|":
        return emit("pipe", "|");
      case "(":
        parenDepth++;
        return emit("leftParen", "(");
      case ")":
        return --parenDepth < 0 ? fail("unexpected right paren") : emit("rightParen", ")");
      case '"':
        return lexQuoted(doubleQuote, "string", "unterminated quoted string");
      case "$":
        return atTerminator() ? emit("variable", "$") : lexName("variable");
      case ":":
        return advance() === 61 ? emit("declare", ":=") : fail("expected :=");
      case "=":
        return emit("assign", "=");
      case "`":
        return lexRawString();
      case "'":
        return lexQuoted(39, "charConstant", "unterminated character constant");
      default:
        if (code < 0x7f && code >= 0x20) return emit("char");
        return fail(`unrecognized character in action: ${unicodeName(code)}`);
    }
  }

  function lexDot(): Token {
    if (isDigit(input.charCodeAt(pos))) {
      pos--;
      return lexNumber();
    }
    return atTerminator() ? emit("dot", ".") : lexFields();
  }

  function lexFields(): Token {
    const first = pos;
    plainFields.lastIndex = pos;
    if (plainFields.test(input)) {
      pos = plainFields.lastIndex;
      if (atTerminator()) return emit("field");
      pos = first;
    }
    return lexName("field");
  }

  function skipName(): void {
    plainName.lastIndex = pos;
    plainName.test(input);
    pos = plainName.lastIndex;
    while (isAlphaNumeric(peek())) advance();
  }

  function lexName(type: TokenType): Token {
    skipName();
    return atTerminator() ? emit(type) : fail(`bad character ${unicodeName(peek())}`);
  }

  function lexIdentifier(): Token {
    skipName();
    if (!atTerminator()) return fail(`bad character ${unicodeName(peek())}`);
    return emit(wordType(input.slice(start, pos)));
  }

  function wordType(word: string): TokenType {
    if (word === "true" || word === "false") return "bool";
    if (!keywords.has(word)) return "identifier";
    if (word === "break" && !options.breakOk) return "identifier";
    if (word === "continue" && !options.continueOk) return "identifier";
    return word as Keyword;
  }

  function atTerminator(): boolean {
    terminator.lastIndex = pos;
    return pos >= input.length || terminator.test(input);
  }

  function lexQuoted(mark: number, type: TokenType, message: string): Token {
    plainString.lastIndex = pos;
    if (mark === doubleQuote && plainString.test(input)) {
      pos = plainString.lastIndex;
      return emit(type);
    }
    for (;;) {
      let code = advance();
      if (code === mark) return emit(type);
      if (code === 92) {
        code = advance();
        if (code !== eof && code !== 10) continue;
      }
      if (code === eof || code === 10) return fail(message);
    }
  }

  function lexRawString(): Token {
    const close = input.indexOf("`", pos);
    if (close < 0) return fail("unterminated raw quoted string");
    pos = close + 1;
    return emit("rawString");
  }

  function lexNumber(): Token {
    if (!scanNumber()) return fail(`bad number syntax: ${quote(input.slice(start, pos))}`);
    const sign = peek();
    if (sign !== 43 && sign !== minus) return emit("number");
    if (!scanNumber() || input[pos - 1] !== "i") return fail(`bad number syntax: ${quote(input.slice(start, pos))}`);
    return emit("complex");
  }

  function scanNumber(): boolean {
    accept("+-");
    let digits = "0123456789_";
    if (accept("0")) {
      if (accept("xX")) digits = "0123456789abcdefABCDEF_";
      else if (accept("oO")) digits = "01234567_";
      else if (accept("bB")) digits = "01_";
    }
    while (accept(digits));
    if (accept(".")) while (accept(digits));
    if ((digits.length === 11 && accept("eE")) || (digits.length === 23 && accept("pP"))) {
      accept("+-");
      while (accept("0123456789_"));
    }
    accept("i");
    if (!isAlphaNumeric(peek())) return true;
    advance();
    return false;
  }

  function accept(valid: string): boolean {
    if (pos >= input.length || !valid.includes(input.charAt(pos))) return false;
    pos++;
    return true;
  }

  function skipAction(end: number): Token {
    start = pos = isTrimmedRightDelim(input, end - 4) ? skipSpace(input, end) : end;
    insideAction = false;
    return { type: "rightDelim", pos: end - 2, val: "}}", spaced: false };
  }

  return { next: () => (insideAction ? lexInsideAction() : lexText()), skipAction };
}

/** Go's `%#U`. */
function unicodeName(code: number): string {
  const shown = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
  const hex = shown.toString(16).toUpperCase().padStart(4, "0");
  return isPrintable(shown) ? `U+${hex} '${String.fromCodePoint(shown)}'` : `U+${hex}`;
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 9 || code === 13;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isAlphaNumeric(code: number): boolean {
  if (code < 0x80) {
    return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || isDigit(code);
  }
  return letterOrDigit.test(String.fromCodePoint(code));
}

function isLeftTrim(input: string, at: number): boolean {
  return input.charCodeAt(at) === minus && isSpace(input.charCodeAt(at + 1));
}

function isTrimmedRightDelim(input: string, at: number): boolean {
  return input.charCodeAt(at + 1) === minus && isSpace(input.charCodeAt(at)) && input.startsWith("}}", at + 2);
}

function trimRight(input: string, from: number, to: number): number {
  let end = to;
  while (end > from && isSpace(input.charCodeAt(end - 1))) end--;
  return end;
}

function skipSpace(input: string, from: number): number {
  let at = from;
  while (isSpace(input.charCodeAt(at))) at++;
  return at;
}
