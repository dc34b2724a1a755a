/** Secrets seen so far; whatever leaves the process as text goes through `redact`. */
export type Redactor = {
  /** Also hides each line of a text of many lines, and the secret's base64 form. */
  add(secret: string): void;
  redact(text: string): string;
};

export const mask = "***";

// Masking every `1` or `true` would tear texts apart and hide nothing.
const shortestSecret = 4;

export function createRedactor(): Redactor {
  const secrets = new Set<string>();
  let pattern: RegExp | undefined;

  return {
    add(secret) {
      for (const form of formsOf(secret)) secrets.add(form);
      pattern = undefined;
    },

    redact(text) {
      if (secrets.size === 0) return text;
      pattern ??= patternOf(secrets);
      return text.replace(pattern, mask);
    },
  };
}

function formsOf(secret: string): string[] {
  const lines = secret
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.length >= shortestSecret);
  if (lines.length === 0) return [];
  const whole = secret.trim();
  const base64 = [secret, whole].map((form) => Buffer.from(form).toString("base64"));
  return [whole, ...lines, ...base64, ...base64.map((form) => form.replace(/=+$/, ""))];
}

// The longest first, so that a secret that holds another is masked as a whole.
function patternOf(secrets: Set<string>): RegExp {
  const escaped = [...secrets]
    .sort((a, b) => b.length - a.length)
    .map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(escaped.join("|"), "g");
}
