export type Severity = "INFO" | "WARNING" | "ERROR";

/** One finding; `path` is the file or folder inside the chart. */
export type LintMessage = { severity: Severity; path: string; text: string };

export type Report = (severity: Severity, path: string, text: string | undefined) => boolean;

/** Collects findings; what reports them is told whether all was well. */
export function collector(): { messages: LintMessage[]; report: Report } {
  const messages: LintMessage[] = [];
  return {
    messages,
    report(severity, path, text) {
      if (text !== undefined) messages.push({ severity, path, text });
      return text === undefined;
    },
  };
}

export function messageText({ severity, path, text }: LintMessage): string {
  return `[${severity}] ${path}: ${text}`;
}

/** The message of what the action throws. */
export function failureOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return textOf(error);
  }
}

export function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { where, detail } = error as { where?: unknown; detail?: unknown };
  const place = typeof where === "string" && !error.message.includes(where) ? ` (${where})` : "";
  return `${error.message}${place}${typeof detail === "string" ? `\n${detail}` : ""}`;
}
