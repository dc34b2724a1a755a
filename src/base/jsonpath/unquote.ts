const named: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};

/** The text between quotes, single or double, with Go's escapes; `undefined` where it has another one. */
export function unquote(quoted: string): string | undefined {
  const quote = quoted.charAt(0);
  let isWrong = false;
  const text = quoted
    .slice(1, -1)
    .replace(
      /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|(.?))/gsu,
      (_, byte?: string, short?: string, long?: string, octal?: string, letter = "") => {
        const hex = byte ?? short ?? long;
        const code = octal === undefined ? Number.parseInt(hex ?? "", 16) : Number.parseInt(octal, 8);
        if (code <= 0x10ffff) return String.fromCodePoint(code);
        const plain = letter === quote ? quote : named[letter];
        isWrong ||= plain === undefined;
        return plain ?? "";
      },
    );
  return isWrong ? undefined : text;
}
