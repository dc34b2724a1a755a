/** What one side made of a case. */
export type Outcome = { output: string } | { error: string };

/** What Helm made of it; `others` are outputs of other runs, where they differ. */
export type HelmOutcome = Outcome & { others?: string[] };

export type Case = {
  name: string;
  chart: string;
  values: string[];
  helm: () => Promise<HelmOutcome>;
};

export type Verdict = "same" | "different" | "both fail" | "only Helm fails" | "only we fail";
