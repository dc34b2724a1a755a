import { fromByteString, toByteString } from "../../base/go-string.ts";
import { FunctionError } from "../function.ts";
import { quote } from "../quote.ts";

/** The part of a URL that a text is: it decides which characters stand for themselves. */
export type UrlPart = "path" | "host" | "zone" | "user" | "fragment";

// Letters, digits and `-_.~` stand for themselves everywhere.
const unescaped: Readonly<Record<UrlPart, RegExp>> = {
  path: /[A-Za-z0-9\-_.~$&+/:=@,;]/,
  host: /[A-Za-z0-9\-_.~!"$&'()*+,:;<=>[\]]/,
  zone: /[A-Za-z0-9\-_.~!"$&'()*+,:;<=>[\]]/,
  user: /[A-Za-z0-9\-_.~$&+,;=]/,
  fragment: /[A-Za-z0-9\-_.~!$&()*+,/:;=?@]/,
};

export function shouldEscape(character: string, part: UrlPart): boolean {
  return !unescaped[part].test(character);
}

export function escapeUrl(text: string, part: UrlPart): string {
  let escaped = "";
  for (const byte of toByteString(text)) escaped += shouldEscape(byte, part) ? percent(byte) : byte;
  return escaped;
}

function percent(byte: string): string {
  return `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

export function unescapeUrl(text: string, part: UrlPart): string {
  const bytes = toByteString(text);
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? "";
    if (byte === "%") {
      checkEscape(bytes.slice(at, at + 3), part);
      at += 2;
    } else if ((part === "host" || part === "zone") && byte < "\u0080" && shouldEscape(byte, part)) {
      throw new FunctionError(`invalid character ${quote(byte)} in host name`);
    }
  }
  return fromByteString(bytes.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))));
}

/** A host may escape only what is not ASCII; `%25` begins an IPv6 zone. */
function checkEscape(sequence: string, part: UrlPart): void {
  const isEscape = /^%[0-9A-Fa-f]{2}$/.test(sequence);
  const code = Number.parseInt(sequence.slice(1), 16);
  const isRefused =
    sequence !== "%25" &&
    ((part === "host" && code < 0x80) ||
      (part === "zone" && code !== 0x20 && shouldEscape(String.fromCharCode(code), "host")));
  if (!isEscape || isRefused) throw new FunctionError(`invalid URL escape ${quote(fromByteString(sequence))}`);
}
