/** What one side made of a case. `masked` holds lines that differ between two runs of Helm. */
export type Outcome = { output: string } | { error: string };

export type Case = {
  name: string;
  chart: string;
  values: string[];
  /** What Helm makes of it; twice, where that differs from run to run. */
  helm: () => Promise<Outcome & { again?: string }>;
};

export type Verdict = "same" | "different" | "both fail" | "only Helm fails" | "only we fail";
