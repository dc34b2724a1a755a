import { toValidUtf8 } from "../../base/go-string.ts";
import { isSpace, isUpper, lowerCharacter, upperCharacter } from "./letters.ts";

type WordKind = "none" | "number" | "upper" | "alphabet" | "connector" | "punctuation" | "other";
type Word = { kind: WordKind; characters: string[] };

const punctuation = /^\p{P}$/u;
const number = /^\p{N}$/u;
const letter = /^\p{L}$/u;
const ideograph = /^[\u3400-\u4d85\u4e00-\u9fcc\u{20000}-\u{2b81d}]$/u;

/** `HTTPServer2xx` → `http_server_2xx`, with the given connector between words. */
export function toLowerWords(text: string, connector: "_" | "-"): string {
  const words = splitWords(Array.from(toValidUtf8(text)));
  let result = "";
  let at = 0;
  const kindAt = (index: number): WordKind => words[index]?.kind ?? "none";
  const emit = (index: number): void => {
    const word = words[index];
    if (word) result += spell(word, connector);
  };
  const emitRun = (): void => {
    while (at < words.length && (kindAt(at) === "alphabet" || kindAt(at) === "number")) emit(at++);
    if (at < words.length && kindAt(at) !== "punctuation" && kindAt(at) !== "connector") result += connector;
  };
  while (at < words.length) {
    const kind = kindAt(at);
    emit(at++);
    if (at >= words.length || kind === "connector" || kind === "punctuation") continue;
    if (kind === "number") {
      emitRun();
    } else if (kindAt(at) !== "number") {
      if (kindAt(at) !== "connector" && kindAt(at) !== "punctuation") result += connector;
    } else if (at + 1 < words.length && kindAt(at + 1) === "alphabet") {
      // Small letters behind a number make a word with it: `HTTP2xx`.
      result += connector;
      emit(at++);
      emitRun();
    } else if (at + 1 < words.length) {
      // Otherwise the number belongs to the word before: `Bld4Floor`.
      emit(at++);
      if (kindAt(at) !== "connector" && kindAt(at) !== "punctuation") result += connector;
    }
  }
  return result;
}

function spell({ kind, characters }: Word, connector: string): string {
  if (kind !== "upper" && kind !== "connector") return characters.join("");
  return characters.map((character) => (isConnector(character) ? connector : lowerIfUpper(character))).join("");
}

function lowerIfUpper(character: string): string {
  return isUpper(character) ? lowerCharacter(character) : character;
}

function splitWords(characters: string[]): Word[] {
  const words: Word[] = [];
  for (let at = 0; at < characters.length; ) {
    const kind = kindOf(characters[at] ?? "");
    const end = wordEnd(characters, at, kind);
    words.push({ kind, characters: characters.slice(at, end) });
    at = end;
  }
  return words;
}

function kindOf(character: string): WordKind {
  if (isConnector(character)) return "connector";
  if (punctuation.test(character)) return "punctuation";
  if (isUpper(character)) return "upper";
  if (isAlphabet(character)) return "alphabet";
  return number.test(character) ? "number" : "other";
}

function wordEnd(characters: string[], start: number, kind: WordKind): number {
  const scan = (from: number, test: (character: string) => boolean): number => {
    let end = from;
    while (end < characters.length && test(characters[end] ?? "")) end++;
    return end;
  };
  if (kind !== "upper") return scan(start + 1, runTest(kind));
  const next = characters[start + 1] ?? "";
  if (!isUpper(next)) return isAlphabet(next) ? scan(start + 1, isSmall) : start + 1;
  const end = scan(start + 1, isUpper);
  // In `HTTPServer` the last capital begins the next word.
  return end < characters.length && isAlphabet(characters[end] ?? "") ? end - 1 : end;
}

function runTest(kind: WordKind): (character: string) => boolean {
  if (kind === "connector") return isConnector;
  if (kind === "punctuation") return (character) => punctuation.test(character);
  if (kind === "alphabet") return isSmall;
  if (kind === "number") return (character) => number.test(character);
  return (character) => {
    const next = kindOf(character);
    return next === "other" || (next === "upper" && !isAlphabet(character));
  };
}

function isSmall(character: string): boolean {
  return isAlphabet(character) && !isUpper(character);
}

function isAlphabet(character: string): boolean {
  return letter.test(character) && !ideograph.test(character);
}

function isConnector(character: string): boolean {
  return character === "-" || character === "_" || isSpace(character);
}

/** `http_server` → `HttpServer`. Connectors at the start stay, and of several in a row all but the last. */
export function toPascalCase(text: string): string {
  const characters = Array.from(toValidUtf8(text));
  const start = characters.findIndex((character) => !isConnector(character));
  // Nothing but connectors: the library writes the last one twice.
  if (start < 0) return characters.join("") + (characters.at(-1) ?? "");
  let result = characters.slice(0, start).join("");
  let shouting = isUpper(characters[start] ?? "");
  let previous = upperCharacter(characters[start] ?? "");
  for (const character of characters.slice(start + 1)) {
    let current = character;
    if (isConnector(previous) && isConnector(character)) {
      result += previous;
    } else if (isConnector(previous)) {
      shouting = isUpper(character);
      current = upperCharacter(character);
    } else {
      if (shouting && isUpper(character)) current = lowerCharacter(character);
      else shouting = false;
      result += previous;
    }
    previous = current;
  }
  return result + previous;
}
