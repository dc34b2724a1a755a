import { GoBytes } from "../../base/go-objects.ts";
import type { GoValue } from "../../base/go-value.ts";
import { goText } from "../format.ts";
import { itemsOf } from "./reflect.ts";

/** A value as text: bytes are their text here, where `print` shows them as a list. */
export function textOf(value: GoValue): string {
  return value instanceof GoBytes ? value.text : goText(value);
}

/** A value as a list of strings: items that are nil are left out, what is no list is one string. */
export function toStrings(value: GoValue): string[] {
  const items = itemsOf(value);
  if (items) return items.filter((item) => item !== null).map(textOf);
  return value === null ? [] : [textOf(value)];
}
