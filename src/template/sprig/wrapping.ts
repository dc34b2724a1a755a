import { fromByteString, toByteString } from "../../base/go-string.ts";
import { checkLength } from "./define.ts";

type Wrapping = { width: bigint; separator: string; breakWords: boolean };

/** Breaks lines at blanks so that they hold `width` bytes; blanks at the start of a line are dropped. */
export function wrapText(text: string, { width, separator, breakWords }: Wrapping): string {
  const line = toByteString(text);
  const mark = toByteString(separator === "" ? "\n" : separator);
  const limit = width < 1n ? 1 : Number(width);
  checkLength(line.length + (line.length / limit) * mark.length);
  let wrapped = "";
  let at = 0;
  while (line.length - at > limit) {
    if (line[at] === " ") {
      at++;
      continue;
    }
    const blank = line.slice(at, at + limit + 1).lastIndexOf(" ");
    if (blank >= 0) {
      wrapped += line.slice(at, at + blank) + mark;
      at += blank + 1;
    } else if (breakWords) {
      wrapped += line.slice(at, at + limit) + mark;
      at += limit;
    } else {
      const next = line.indexOf(" ", at + limit);
      wrapped += next < 0 ? line.slice(at) : line.slice(at, next) + mark;
      at = next < 0 ? line.length : next + 1;
    }
  }
  return fromByteString(wrapped + line.slice(at));
}
