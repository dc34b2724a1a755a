// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const controls = /\u001b\[[0-?]*[ -/]*[@-~]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Text from a chart or a cluster, fit for a console: no escape sequence moves the cursor, no line poses as another. */
export function plainText(text: string): string {
  return text.replace(controls, "");
}

/** As `plainText`, on one line of at most `max` characters. */
export function oneLine(text: string, max = 500): string {
  const line = plainText(text.replace(/\s*\r?\n\s*/g, " "));
  return line.length > max ? `${line.slice(0, max - 1)}…` : line;
}
