import type { Outcome, Verdict } from "./types.ts";

export type Comparison = { verdict: Verdict; detail: string };

/** Compares byte for byte. Lines that differ between two runs of Helm count as equal to anything. */
export function compareOutputs(ours: Outcome, helm: Outcome & { again?: string }, show: number): Comparison {
  if ("error" in ours && "error" in helm) {
    if (ours.error.startsWith("BUG")) return { verdict: "only we fail", detail: ours.error };
    return { verdict: "both fail", detail: `${ours.error} | Helm: ${helm.error}` };
  }
  if ("error" in ours) return { verdict: "only we fail", detail: ours.error };
  if ("error" in helm) return { verdict: "only Helm fails", detail: helm.error };
  if (ours.output === helm.output) return { verdict: "same", detail: "" };
  const difference = differenceOf(lines(ours.output), lines(helm.output), maskOf(helm), show);
  return difference === undefined ? { verdict: "same", detail: "" } : { verdict: "different", detail: difference };
}

function lines(text: string): string[] {
  return text.split("\n");
}

function maskOf({ output, again }: { output: string; again?: string }): ReadonlySet<number> | undefined {
  if (again === undefined) return undefined;
  const other = lines(again);
  const own = lines(output);
  // Where even the number of lines differs, only what both runs begin and end with is held against ours.
  if (other.length !== own.length) return undefined;
  return new Set(own.flatMap((line, index) => (line === other[index] ? [] : [index])));
}

function differenceOf(ours: string[], helm: string[], mask: ReadonlySet<number> | undefined, show: number): string | undefined {
  const length = Math.max(ours.length, helm.length);
  for (let i = 0; i < length; i++) {
    if (ours[i] === helm[i] || mask?.has(i)) continue;
    const from = Math.max(0, i - 2);
    const excerpt = (side: string[]) => side.slice(from, from + show).map((line) => `\n      ${JSON.stringify(line)}`).join("");
    const more = show === 0 ? "" : `\n    ours:${excerpt(ours)}\n    Helm:${excerpt(helm)}`;
    return `line ${i + 1}: ours ${JSON.stringify(ours[i])}, Helm ${JSON.stringify(helm[i])}${more}`;
  }
  return undefined;
}
