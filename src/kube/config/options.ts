/** What a user may say about the cluster; all of it may be left out. */
export type ConnectionOptions = {
  /** Content, content in base64, or a path (several, joined as in $KUBECONFIG). */
  kubeconfig?: string;
  context?: string;
  server?: string;
  token?: string;
  /** PEM, PEM in base64, or a path. */
  certificateAuthority?: string;
  insecureSkipTlsVerify?: boolean;
  tlsServerName?: string;
  asUser?: string;
  asGroups?: string[];
};
