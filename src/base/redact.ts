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

// JSON from a cluster may be nested as deep as somebody likes.
const maxDepth = 500;

/** The value with every text in it redacted; what lies deeper than anything real is masked as a whole. */
export function redactAll<Value>(value: Value, redact: (text: string) => string): Value {
  return redactValue(value, redact, 0) as Value;
}

function redactValue(value: unknown, redact: (text: string) => string, depth: number): unknown {
  if (typeof value === "string") return redact(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth > maxDepth) return mask;
  if (Array.isArray(value)) return value.map((member) => redactValue(member, redact, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, redactValue(member, redact, depth + 1)]),
  );
}
