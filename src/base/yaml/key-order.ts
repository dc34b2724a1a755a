import { compareStrings } from "../go-string.ts";

const LETTER = /\p{L}/u;
const DIGIT = /\p{Nd}/u;
const SURROGATE = /[\ud800-\udfff]/;
const SAFE_DIGITS = 15;

/** Which of go-yaml's two versions sorts: the second is used for toYaml, the third for toYamlPretty. */
export type KeyOrder = "v2" | "v3";

/** Go-yaml's natural order: numbers inside keys by their value, letters behind everything else. */
export function sortKeys(keys: string[], order: KeyOrder): string[] {
  if (keys.length < 2) return keys;
  return keys.sort((a, b) => compareKeys(a, b, order));
}

export function compareKeys(a: string, b: string, order: KeyOrder): number {
  if (SURROGATE.test(a) || SURROGATE.test(b)) return compareRunes([...a], [...b], order);
  return compareRunes(a, b, order);
}

function compareRunes(a: ArrayLike<string>, b: ArrayLike<string>, order: KeyOrder): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a[i] as string;
    const right = b[i] as string;
    if (left === right) continue;
    const leftIsLetter = isLetter(left);
    const rightIsLetter = isLetter(right);
    if (leftIsLetter && rightIsLetter) return compareStrings(left, right);
    if (leftIsLetter || rightIsLetter) {
      // The third version puts a longer number behind a letter that follows the same digits.
      const afterDigit = order === "v3" && i > 0 && isDigit(a[i - 1] as string);
      return (afterDigit ? leftIsLetter : rightIsLetter) ? -1 : 1;
    }
    return compareNumbers(a, b, i) || compareStrings(left, right);
  }
  return a.length - b.length;
}

/** From the first difference on: by the numbers that begin there, then by how many digits they have. */
function compareNumbers(a: ArrayLike<string>, b: ArrayLike<string>, at: number): number {
  const lead = (a[at] === "0" || b[at] === "0") && followsNonZeroDigit(a, at) ? "1" : "";
  const left = digitsFrom(a, at);
  const right = digitsFrom(b, at);
  const leftNumber = toInt64(lead + left);
  const rightNumber = toInt64(lead + right);
  if (leftNumber !== rightNumber) return leftNumber < rightNumber ? -1 : 1;
  return left.length - right.length;
}

function followsNonZeroDigit(text: ArrayLike<string>, at: number): boolean {
  for (let i = at - 1; i >= 0 && isDigit(text[i] as string); i--) {
    if (text[i] !== "0") return true;
  }
  return false;
}

function digitsFrom(text: ArrayLike<string>, at: number): string {
  let digits = "";
  for (let i = at; i < text.length && isDigit(text[i] as string); i++) digits += text[i];
  return digits;
}

// Digits of other scripts count as far from "0" as they are in Unicode, and large numbers overflow: so it is in Go.
function toInt64(digits: string): number | bigint {
  if (digits.length <= SAFE_DIGITS && /^[0-9]*$/.test(digits)) return Number(digits);
  let value = 0n;
  for (const digit of digits) value = BigInt.asIntN(64, value * 10n + BigInt((digit.codePointAt(0) ?? 0) - 48));
  return value;
}

function isLetter(char: string): boolean {
  const code = char.charCodeAt(0);
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
  return LETTER.test(char);
}

function isDigit(char: string): boolean {
  const code = char.charCodeAt(0);
  if (code < 128) return code >= 48 && code <= 57;
  return DIGIT.test(char);
}
