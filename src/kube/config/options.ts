import type { TokenSource } from "../auth/token-source.ts";

/** What a user may say about the cluster; all of it may be left out. */
export type ConnectionOptions = {
  /** Content, content in base64, or a path (several, joined as in $KUBECONFIG). */
  kubeconfig?: string;
  context?: string;
  server?: string;
  token?: string;
  /** In place of a token: asked for one whenever the last is about to end. */
  tokenSource?: TokenSource;
  /** PEM, PEM in base64, or a path. */
  certificateAuthority?: string;
  insecureSkipTlsVerify?: boolean;
  tlsServerName?: string;
  asUser?: string;
  asGroups?: string[];
};
