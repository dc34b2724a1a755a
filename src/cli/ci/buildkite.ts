import { runProgram } from "../../base/run-program.ts";
import type { Annotation } from "../../report/annotation.ts";
import type { CiForm } from "./form.ts";

const agentTimeoutMs = 30_000;

/** Groups of Buildkite's log, and an annotation on the build's page where its agent can be asked for one. */
export const buildkite: CiForm = {
  open: (title) => `--- ${title}\n`,
  // A group has no end: what comes next is one that is open.
  close: (isLast) => (isLast ? "+++ Outcome\n" : ""),
  neutral: (text) => text.replace(/^(?=(---|\+\+\+|~~~|\^\^\^)( |$))/gm, "\u200b"),
  async publish({ id, failed, annotations, summary }) {
    const text = summary ?? annotations.map(markdownOf).join("\n\n");
    if (text === "") return [];
    const style = failed ? "error" : annotations.length > 0 ? "warning" : "success";
    const args = ["annotate", "--style", style, "--context", `slipway-${id}`];
    const signal = AbortSignal.timeout(agentTimeoutMs);
    const { code, errors, failure } = await runProgram({ command: "buildkite-agent", args }, text, {
      maxBytes: 64 * 1024,
      signal,
    });
    if (code === 0 || failure === "there is no such program") return [];
    return [`buildkite-agent writes no annotation: ${failure ?? errors.trim().slice(0, 500)}`];
  },
};

function markdownOf({ title, message }: Annotation): string {
  return `**${escaped(title)}**\n\n${escaped(message)}`;
}

function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>&#|~!@]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
