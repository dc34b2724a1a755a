/** The Helm whose behaviour is wanted where the two differ. */
export type HelmVersion = "3" | "4";
