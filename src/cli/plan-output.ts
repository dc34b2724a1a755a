import { redactAll } from "../base/redact.ts";
import { writeYamlPlain } from "../base/yaml/write.ts";
import type { Plan } from "../plan/types.ts";
import type { Paint } from "../report/paint.ts";
import { planData } from "../report/plan-data.ts";
import { planLines } from "../report/plan-text.ts";
import { shownPlan } from "../report/shown-change.ts";
import type { Terminal } from "./command.ts";

type Place = { terminal: Terminal; paint: Paint; form: string | undefined };

/** A plan for a person, or as data. What is secret is taken out of it before quotes and escapes can hide it. */
export function writePlan(given: Plan, { terminal, paint, form }: Place): void {
  const plan = redactAll(shownPlan(given), terminal.redact ?? ((text) => text));
  terminal.out.write(textOf(plan, paint, form));
}

function textOf(plan: Plan, paint: Paint, form: string | undefined): string {
  if (form === "json") return `${JSON.stringify(planData(plan), undefined, 2)}\n`;
  if (form === "yaml") return writeYamlPlain(planData(plan));
  return planLines(plan, paint)
    .map((line) => `${line}\n`)
    .join("");
}
