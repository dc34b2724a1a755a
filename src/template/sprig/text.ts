import type { GoValue } from "../../base/go-value.ts";
import { goText } from "../format.ts";
import { itemsOf } from "./reflect.ts";

/** A value as a list of strings: items that are nil are left out, what is no list is one string. */
export function toStrings(value: GoValue): string[] {
  const items = itemsOf(value);
  if (items) return items.filter((item) => item !== null).map(goText);
  return value === null ? [] : [goText(value)];
}
