import type { HelmOutcome, Outcome, Verdict } from "./types.ts";

export type Comparison = { verdict: Verdict; detail: string };

/** Compares byte for byte. Lines that differ between two runs of Helm count as equal to anything. */
export function compareOutputs(ours: Outcome, helm: HelmOutcome, show: number): Comparison {
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

/** The lines that are not the same in every run; where even their number differs, that run is of no use. */
function maskOf({ output, others = [] }: { output: string; others?: string[] }): ReadonlySet<number> {
  const own = lines(output);
  const mask = new Set<number>();
  for (const other of others.map(lines)) {
    if (other.length !== own.length) continue;
    for (const [index, line] of own.entries()) if (line !== other[index]) mask.add(index);
  }
  return mask;
}

function differenceOf(ours: string[], helm: string[], mask: ReadonlySet<number>, show: number): string | undefined {
  const length = Math.max(ours.length, helm.length);
  for (let i = 0; i < length; i++) {
    if (ours[i] === helm[i] || mask.has(i)) continue;
    const from = Math.max(0, i - 2);
    const excerpt = (side: string[]) =>
      side
        .slice(from, from + show)
        .map((line) => `\n      ${JSON.stringify(line)}`)
        .join("");
    const more = show === 0 ? "" : `\n    ours:${excerpt(ours)}\n    Helm:${excerpt(helm)}`;
    return `line ${i + 1}: ours ${JSON.stringify(ours[i])}, Helm ${JSON.stringify(helm[i])}${more}`;
  }
  return undefined;
}
