/** How to reach one API server as one user; what a kubeconfig's context, or the inputs, come down to. */
export type Connection = {
  /** May have a path, below which the API lies. */
  server: URL;
  namespace: string;
  tls: ServerTrust;
  /** An HTTP proxy that tunnels to the server. */
  proxy?: URL;
  /** Resolved before the first request; again with `renew` after the server has refused what it gave. */
  authenticate(renew: boolean): Promise<Credentials>;
};

/** What makes the server's certificate good. */
export type ServerTrust = {
  /** PEM; the system's authorities where absent. */
  ca?: string;
  /** The name to ask for and to check, where it is not the address's. */
  servername?: string;
  insecure: boolean;
};

export type Credentials = {
  headers: Record<string, string | string[]>;
  /** PEM, both or none. */
  clientCertificate?: { cert: string; key: string };
  /** False where asking again would only give the same. */
  renewable: boolean;
  /** In milliseconds since 1970: from then on the next request is made with new ones. */
  renewAt?: number;
  /** Who asks, in words, where that can be known: for who has to find out why it is refused. */
  who?: string;
};
