import type { Flag } from "./flags.ts";

/** How a repository or registry is asked; of every command that fetches or sends a chart. */
export const accessFlags: readonly Flag[] = [
  {
    name: "username",
    type: "string",
    placeholder: "NAME",
    description: "the name that the repository or registry asks for",
  },
  { name: "password", type: "string", placeholder: "TEXT", description: "the password (better: --password-stdin)" },
  { name: "password-stdin", type: "boolean", description: "read the password from the standard input" },
  {
    name: "ca-file",
    type: "string",
    placeholder: "FILE",
    description: "the authority that the repository's or registry's certificate is checked with",
  },
  { name: "cert-file", type: "string", placeholder: "FILE", description: "a client certificate" },
  { name: "key-file", type: "string", placeholder: "FILE", description: "the client certificate's key" },
  { name: "insecure-skip-tls-verify", type: "boolean", description: "do not check the repository's certificate" },
  { name: "plain-http", type: "boolean", description: "ask registries over HTTP, not HTTPS" },
];

/** In place of a name and password; Helm's list of repositories has no room for it, so each command is told. */
export const tokenFlags: readonly Flag[] = [
  {
    name: "bearer-token",
    type: "string",
    placeholder: "TEXT",
    description: "a bearer token in place of a name and password (better: --bearer-token-file)",
  },
  {
    name: "bearer-token-file",
    type: "string",
    placeholder: "FILE",
    description: "the file with the bearer token; - is the standard input",
  },
];

export const passCredentialsFlag: Flag = {
  name: "pass-credentials",
  type: "boolean",
  description: "send credentials also to other hosts, which an index or a chart's dependencies name",
};

export const verifyFlags: readonly Flag[] = [
  { name: "verify", type: "boolean", description: "refuse a chart that no key of the keyring has signed" },
  { name: "keyring", type: "string", placeholder: "FILE", description: "public keys (default: GnuPG's)" },
];

/** Where a chart comes from; of every command that takes one. */
export const chartFlags: readonly Flag[] = [
  {
    name: "version",
    type: "string",
    placeholder: "VERSION",
    description: "a version or a range (default: the newest)",
  },
  { name: "devel", type: "boolean", description: "pre-releases count, too, where no --version is given" },
  {
    name: "repo",
    type: "string",
    placeholder: "URL",
    description: "the repository that the chart's name is looked up in",
  },
  passCredentialsFlag,
  ...accessFlags,
  ...tokenFlags,
  ...verifyFlags,
  {
    name: "cosign-key",
    type: "string",
    placeholder: "FILE",
    description: "refuse a chart of a registry that cosign has not signed for this public key",
  },
];

export const dependencyUpdateFlag: Flag = {
  name: "dependency-update",
  type: "boolean",
  description: "fetch dependencies that are missing in charts/",
};
