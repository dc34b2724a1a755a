import { SlipwayError } from "../base/error.ts";

/** One line of CSV, as pflag reads lists: `a,b`, and `"a,b"` for an item with a comma in it. */
export function splitList(text: string, shown: string): string[] {
  if (text === "") return [];
  const items: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (;;) {
    const match = field.exec(text);
    if (match === null) {
      throw new SlipwayError("INPUT_INVALID", `${shown} can't be ${JSON.stringify(text)}`, {
        hint: 'A quote begins and ends an item: "a,b",c. Inside one it is written twice.',
      });
    }
    const [, quoted, plain, end] = match;
    items.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === "") return items;
  }
}
