import type { Hazard } from "../plan/types.ts";
import type { Color, Paint } from "./paint.ts";
import { oneLine, plainText } from "./plain-text.ts";

const looks: Record<Hazard["severity"], { word: string; color: Color }> = {
  error: { word: "Hazard", color: "red" },
  warning: { word: "Warning", color: "yellow" },
};

/** What stands in the way of a plan, each with its place and what to do about it. */
export function hazardLines(hazards: readonly Hazard[], paint: Paint): string[] {
  return hazards.flatMap(({ id, severity, message, field, remedy }) => {
    const { word, color } = looks[severity];
    const at = field && !message.includes(field) ? ` (${oneLine(field)})` : "";
    const advice = remedy.split("\n").map((line) => paint("gray", `    ${plainText(line)}`));
    return [`${paint(color, `${word}: ${oneLine(message, 2000)}${at}`)} ${paint("gray", `[${id}]`)}`, ...advice];
  });
}

/** One hazard on one line. */
export function hazardLine({ id, message, remedy }: Hazard): string {
  const [advice = ""] = remedy.split("\n");
  return `${oneLine(message, 2000)} [${id}]. ${oneLine(advice)}`;
}
