const longestLine = 500;

// Biome-safe spelling of: CSI and OSC sequences, other escapes, and control characters but tab.
const escapes = new RegExp(
  [
    "\\u001b\\[[0-?]*[ -/]*[@-~]",
    "\\u001b\\][^\\u0007\\u001b]*(?:\\u0007|\\u001b\\\\)?",
    "\\u001b[@-Z\\\\-_]?",
    "\\u009b[0-?]*[ -/]*[@-~]",
  ].join("|"),
  "g",
);
// Also those that turn the direction of writing: a log must not be able to reorder what we print.
const controls = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]+/gu;

/** A line of a log, which may hold anything, as text that is safe to show: one line, no colours, of bounded length. */
export function cleanLine(line: string): string {
  // The cut comes first, so that no expression runs over a megabyte.
  const text = line
    .slice(0, 4 * longestLine)
    .replace(escapes, "")
    .replace(/\t/g, " ")
    .replace(controls, "")
    .trimEnd();
  const characters = Array.from(text);
  return characters.length > longestLine ? `${characters.slice(0, longestLine - 1).join("")}…` : text;
}

const fatal = /\b(fatal|panic|critical|emerg(ency)?|segfault|segmentation fault|out of memory)\b/i;
const error =
  /\b(\w*(error|exception)|fail(ed|ure)|cannot|can't|could not|unable|denied|refused|missing|not found|invalid)\b/i;
const stackFrame = /^\s+(at |File "|\.{3} \d+ more)|^goroutine \d+ |^exit status \d+$|^\s*\^+\s*$/;

/** The line that best says why a program ended: the last that speaks of a fatal end, else of an error, else the last. */
export function tellingLine(lines: readonly string[]): string | undefined {
  const candidates = lines.filter((line) => line.trim() !== "" && !stackFrame.test(line));
  const found =
    candidates.findLast((line) => fatal.test(line)) ??
    candidates.findLast((line) => error.test(line)) ??
    candidates.at(-1);
  return found === undefined ? undefined : messageOf(found.trim());
}

// A structured line says it in one of its members.
function messageOf(line: string): string {
  if (!line.startsWith("{")) return line;
  try {
    const members = JSON.parse(line) as Record<string, unknown>;
    const message = ["message", "msg", "error", "err"]
      .map((key) => members[key])
      .find((text) => typeof text === "string");
    const more = members["error"] ?? members["err"];
    if (typeof message !== "string") return line;
    return typeof more === "string" && more !== message ? `${message}: ${more}` : message;
  } catch {
    return line;
  }
}
