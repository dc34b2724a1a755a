import { SlipwayError } from "../base/error.ts";
import type { Paint } from "../report/paint.ts";
import { oneLine, plainText } from "../report/plain-text.ts";

/** What the user reads of a failure: the cause in the first line, then place, detail and next step. */
export function errorText(error: unknown, paint: Paint, debug: boolean): string {
  if (!(error instanceof SlipwayError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `${paint("red", "Error:")} this is a bug in slipway: ${text}\n`;
  }
  const lines = [`${paint("red", "Error:")} ${oneLine(error.message, 2000)} ${paint("gray", `(${error.code})`)}`];
  if (error.where && !error.message.includes(error.where)) lines.push(`  at ${plainText(error.where)}`);
  if (error.detail) lines.push(...plainLines(error.detail).map((line) => `    ${line}`));
  if (error.hint) lines.push(`  ${plainText(error.hint)}`);
  if (debug && error.stack) lines.push(paint("gray", error.stack));
  return `${lines.join("\n")}\n`;
}

function plainLines(text: string): string[] {
  return text.split("\n").slice(0, 60).map(plainText);
}
