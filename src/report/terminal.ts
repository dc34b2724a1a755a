import type { DeployEvent } from "../deploy/events.ts";
import { describeRef } from "../kube/ref.ts";
import { changeLines, countChanges, signs } from "./changes-text.ts";
import { failureLines } from "./failure-text.ts";
import { hazardLines } from "./hazard-text.ts";
import { LiveLines } from "./live-lines.ts";
import type { Color, Paint } from "./paint.ts";
import { oneLine, plainText } from "./plain-text.ts";

/** Where text goes. `columns` is there only for a terminal, and with it lines may be written over. */
export type Output = { write(text: string): void; columns?: number };

export type TerminalReport = {
  emit(event: DeployEvent): void;
  /** Leaves the lines as they are; call it before anything else is written. */
  close(): void;
};

const healthColors: Record<string, Color> = {
  Current: "green",
  Failed: "red",
  Terminating: "yellow",
  InProgress: "cyan",
};

/** Tells events as lines; on a terminal the objects that roll out keep one line each, which changes. */
export function terminalReport(output: Output, paint: Paint): TerminalReport {
  const live = new LiveLines(output);
  const print = (...lines: string[]) => live.print(lines);
  const told = new Map<string, string>();

  function emit(event: DeployEvent): void {
    switch (event.type) {
      case "phase":
        live.settle();
        told.clear();
        print(paint("bold", oneLine(event.message)));
        break;
      case "plan":
        print(`  ${countChanges(event.plan.changes)}`, ...changeLines(event.plan, paint));
        // The others end it, and are told by its failure.
        print(
          ...hazardLines(
            (event.plan.hazards ?? []).filter(({ severity }) => severity === "warning"),
            paint,
          ),
        );
        break;
      case "object":
        tellObject(event);
        break;
      case "health":
        tellHealth(event);
        break;
      case "hook":
        tellHook(event);
        break;
      case "hook-log":
        print(...event.lines.map((line) => `    ${paint("gray", `${oneLine(event.container)} |`)} ${plainText(line)}`));
        break;
      case "warning":
        print(paint("yellow", `Warning: ${oneLine(event.message, 2000)}`));
        break;
      case "failed":
        live.settle();
        print(
          paint("red", `Failed: ${oneLine(event.cause)}`),
          ...event.failures.flatMap((failure) => failureLines(failure, paint, event.cause)),
        );
        break;
      case "revision":
        tellRevision(event);
        break;
    }
  }

  // The cause of a failure was told before.
  function tellRevision({ revision, status, description }: Extract<DeployEvent, { type: "revision" }>): void {
    if (!status.startsWith("pending-")) live.settle();
    const why = status === "failed" ? "" : `: ${oneLine(description)}`;
    print(paint("gray", `  revision ${revision} is ${status}${why}`));
  }

  function tellObject({ action, ref, outcome }: Extract<DeployEvent, { type: "object" }>): void {
    const { sign, color } = signs[action];
    const note = outcome === "unchanged" ? " (no change)" : "";
    print(paint(color, `  ${sign} ${oneLine(describeRef(ref))}${note}`));
  }

  function tellHealth({ ref, health }: Extract<DeployEvent, { type: "health" }>): void {
    const name = oneLine(describeRef(ref));
    const text = `${health.status === "Current" ? "ready" : health.status}: ${oneLine(health.message)}`;
    if (told.get(name) === text) return;
    told.set(name, text);
    live.update(
      name,
      `  ${paint(healthColors[health.status] ?? "gray", health.status === "Current" ? "✓" : "…")} ${name} ${paint("gray", text)}`,
    );
  }

  function tellHook({ event, ref, state }: Extract<DeployEvent, { type: "hook" }>): void {
    const name = oneLine(describeRef(ref));
    const marks = { started: paint("cyan", "…"), succeeded: paint("green", "✓"), failed: paint("red", "✗") };
    live.update(
      `hook ${name}`,
      `  ${marks[state]} ${event} hook ${name} ${paint("gray", state === "started" ? "runs" : state)}`,
    );
    if (state !== "started") live.settle();
  }

  return { emit, close: () => live.settle() };
}
