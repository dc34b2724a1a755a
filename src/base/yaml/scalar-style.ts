import { BLANK, BREAK, has } from "./chars.ts";
import { isPlainText, resolvePlain } from "./resolve.ts";
import { isTimestamp } from "./timestamp.ts";

export type Style = "plain" | "single" | "double" | "literal";

// 1: may stand anywhere in a plain scalar; 2: may stand there but not begin it.
const SAFE = buildSafe();

function buildSafe(): Uint8Array {
  const safe = new Uint8Array(128);
  for (const char of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_/$()^;<=\\+0123456789") {
    safe[char.charCodeAt(0)] = 1;
  }
  for (const char of "-.,'\"!@%&*|>~`[]{}?") safe[char.charCodeAt(0)] = 2;
  return safe;
}

/** Text that needs neither quotes nor a closer look, as nearly all in a manifest. */
export function isSurelyPlain(text: string): boolean {
  if (!isPlainText(text)) return false;
  const first = text.charCodeAt(0);
  if (first >= 128 || SAFE[first] !== 1) return false;
  for (let i = 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 128 && SAFE[code] !== 0) continue;
    // A single space between words, or a colon inside one.
    const next = i + 1 < text.length ? text.charCodeAt(i + 1) : 0;
    if ((code === 32 || code === 58) && next < 128 && next !== 32 && SAFE[next] !== 0) continue;
    return false;
  }
  return true;
}

/** The style that libyaml's emitter ends up with for go-yaml's wish. Version 3 lets tabs into literal blocks. */
export function styleOf(text: string, tabsInLiterals: boolean): Style {
  const shape = analyze(text);
  if (text.includes("\n")) {
    const tabs = shape.tabs && !tabsInLiterals;
    return shape.trailingSpace || shape.spaceBreak || shape.special || tabs ? "double" : "literal";
  }
  if (!canBePlain(text)) return "double";
  if (shape.plainAllowed) return "plain";
  return shape.breakSpace || shape.spaceBreak || shape.special || shape.tabs ? "double" : "single";
}

const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** False for text that would be read as something other than a string. */
function canBePlain(text: string): boolean {
  if (isPlainText(text)) return true;
  return resolvePlain(text).tag === "str" && !isTimestamp(text) && !BASE_60.test(text);
}

type Shape = {
  plainAllowed: boolean;
  breaks: boolean;
  special: boolean;
  tabs: boolean;
  trailingSpace: boolean;
  /** A line break followed by a space, and the other way round. */
  breakSpace: boolean;
  spaceBreak: boolean;
};

const STARTING_INDICATORS = "#,[]{}&*!|>'\"%@`";

/** What decides between the styles, as libyaml's analysis of a scalar finds it, for a block context. */
function analyze(text: string): Shape {
  const shape: Shape = {
    plainAllowed: true,
    breaks: false,
    special: false,
    tabs: false,
    trailingSpace: text.endsWith(" "),
    breakSpace: false,
    spaceBreak: false,
  };
  if (text.startsWith("---") || text.startsWith("...")) shape.plainAllowed = false;
  if (startsAsIndicator(text) || text.startsWith(" ") || shape.trailingSpace) shape.plainAllowed = false;
  let previous = 32;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 9) shape.tabs = true;
    else if (!isPrintable(code)) shape.special = true;
    if (has(code, BREAK)) {
      shape.breaks = true;
      if (previous === 32 && i > 0) shape.spaceBreak = true;
    } else if (code === 32) {
      if (has(previous, BREAK)) shape.breakSpace = true;
    } else if (code === 58) {
      if (i > 0 && endsWord(text, i + 1)) shape.plainAllowed = false;
    } else if (code === 35 && has(previous, BLANK | BREAK)) {
      shape.plainAllowed = false;
    }
    previous = code;
  }
  if (shape.breaks || shape.special || shape.tabs || shape.breakSpace || shape.spaceBreak) shape.plainAllowed = false;
  return shape;
}

function startsAsIndicator(text: string): boolean {
  const first = text.charAt(0);
  if (STARTING_INDICATORS.includes(first)) return true;
  return (first === "?" || first === ":" || first === "-") && endsWord(text, 1);
}

function endsWord(text: string, at: number): boolean {
  return at >= text.length || has(text.charCodeAt(at), BLANK);
}

/** What libyaml writes as it is: not tabs, nothing beyond 16 bits, and no byte order mark. */
export function isPrintable(code: number): boolean {
  if (code < 0x7f) return code >= 0x20 || code === 0x0a;
  return code >= 0xa0 && (code < 0xd800 || code > 0xdfff) && code !== 0xfeff && code < 0xfffe;
}
