/** Where a deploy comes from, as far as that is known. */
export type Origin = { commit?: string; run?: string; actor?: string };

const labelNames = { commit: "slipway.dev/commit", run: "slipway.dev/run", actor: "slipway.dev/actor" } as const;
const shortCommit = 7;

/** Helm's words first, as in `helm history`: `Upgrade complete (commit 0123abc, run 12, octocat)`. */
export function withOrigin(words: string, { commit, run, actor }: Origin = {}): string {
  const parts = [
    ...(commit ? [`commit ${commit.slice(0, shortCommit)}`] : []),
    ...(run ? [`run ${run}`] : []),
    ...(actor ? [actor] : []),
  ];
  return parts.length === 0 ? words : `${words} (${parts.join(", ")})`;
}

/**
 * The labels of the record. Those of the revision before don't stand for this one: what is not known now is taken away, by
 * the word for that.
 */
export function originLabels(origin: Origin | undefined, before: Readonly<Record<string, string>>) {
  const labels: Record<string, string> = {};
  for (const part of ["commit", "run", "actor"] as const) {
    const name = labelNames[part];
    const value = labelValue(origin?.[part] ?? "");
    if (value !== "") labels[name] = value;
    else if (Object.hasOwn(before, name)) labels[name] = "null";
  }
  return labels;
}

/** What Kubernetes takes as the value of a label: at most 63 letters, digits, dots, dashes and underscores. */
function labelValue(text: string): string {
  return text
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 63)
    .replace(/[^A-Za-z0-9]+$/, "");
}
