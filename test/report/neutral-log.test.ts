import fc from "fast-check";
import { expect, test } from "vitest";
import { neutralLog } from "../../src/report/neutral-log.ts";

/** As the runner's own parser: the first form after blanks at the start of a line, the second anywhere in it. */
function isCommand(line: string): boolean {
  const text = line.replace(/^[\s\u0085]+/, "");
  return /^::[^:]*::/.test(text) || /##\[[^\]]+\]/.test(line);
}

const dangerous: [string, string][] = [
  ["at the start", "::error::fake"],
  ["after blanks", " \t ::set-output name=status::deployed"],
  ["after a carriage return", "log\r::add-mask::a"],
  ["after a line end", "a log\n::stop-commands::x"],
  ["after a colour", "\u001b[31m::error::fake"],
  ["after the sign of a table", "  | ::error::fake"],
  ["the old form", "some ##[error]fake"],
  ["after a blank of another kind", "\u00a0\u2003\u0085::error::fake"],
];
test.each(dangerous)("takes the meaning of a command away: %s", (_, text) => {
  const neutral = neutralLog(text);
  expect(neutral.split(/\r\n|\r|\n/).filter(isCommand)).toEqual([]);
  expect(neutral.replaceAll("\u200b", "")).toBe(text);
});

test("leaves what is no command as it is", () => {
  const text = "Deployment shop/web: 1 of 2\nstd::vector<int> a::b ## [x]\n10:00:00 ::1 is loopback\n";
  expect(neutralLog(text)).toBe(text);
});

test("no text whatever is a command afterwards", () => {
  const piece = fc.constantFrom(
    ":",
    "::",
    "#",
    "[",
    "]",
    "error",
    " ",
    "\t",
    "\n",
    "\r",
    "\u0085",
    "\u001b[1m",
    "##[",
    "::error::",
    "|",
    "x",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      expect(
        neutralLog(pieces.join(""))
          .split(/\r\n|\r|\n/)
          .filter(isCommand),
      ).toEqual([]);
    }),
  );
});
