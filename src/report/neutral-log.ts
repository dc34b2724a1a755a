/**
 * A runner takes each line that begins with `::` after blanks, and each that holds `##[`, for a command: one from a log
 * could set outputs, mask words or fake annotations. A zero-width space takes that meaning away and is not seen.
 */
export function neutralLog(text: string): string {
  return text.replace(/##\[/g, `#${gap}#[`).replace(commandStart, `$1:${gap}`);
}

const gap = "\u200b";

// Whatever a runner may count as a blank or drop, such as a colour, is no letter and no digit but in a colour's code.
// biome-ignore lint/suspicious/noControlCharactersInRegex: a colour's code begins with one
const commandStart = /((?:^|[\r\n\u0085\u2028\u2029])(?:\u001b\[[\d;]*m|[^\p{L}\p{N}\r\n:])*):(?=:)/gu;
