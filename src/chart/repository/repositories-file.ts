import { readFileSync } from "node:fs";
import { SlipwayError } from "../../base/error.ts";
import type { GoValue } from "../../base/go-value.ts";
import { readYaml } from "../../base/yaml/read.ts";
import { writeYamlPlain } from "../../base/yaml/write.ts";
import { bool, DecodeError, decodeStruct, listOf, text } from "../decode-struct.ts";
import { withFileLock } from "../file-lock.ts";
import type { Access } from "../remote/access.ts";
import { writeFileWhole } from "../write-file.ts";

/** One repository, with Helm's field names. */
export type RepositoryEntry = {
  name: string;
  url: string;
  username: string;
  password: string;
  certFile: string;
  keyFile: string;
  caFile: string;
  insecure_skip_tls_verify: boolean;
  pass_credentials_all: boolean;
};

export type RepositoriesFile = { apiVersion?: string; generated?: string; repositories: RepositoryEntry[] };

const noEntry: RepositoryEntry = {
  name: "",
  url: "",
  username: "",
  password: "",
  certFile: "",
  keyFile: "",
  caFile: "",
  insecure_skip_tls_verify: false,
  pass_credentials_all: false,
};

/** Helm's `repositories.yaml`; one that is missing has no repositories. */
export function readRepositories(path: string): RepositoriesFile {
  let content: string;
  try {
    content = readFileSync(path, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return { repositories: [] };
    throw new SlipwayError("INPUT_INVALID", `Cannot read the list of repositories "${path}"`, { where: path, cause });
  }
  try {
    const file = decodeStruct<RepositoriesFile>(readYaml(content, { source: path }), "File", {
      apiVersion: text,
      generated: text,
      repositories: listOf(decodeEntry) as (value: GoValue, path: string) => RepositoryEntry[],
    });
    const entries: readonly (RepositoryEntry | null)[] = file.repositories ?? [];
    return { ...file, repositories: entries.filter((entry) => entry !== null) };
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause;
    throw new SlipwayError("INPUT_INVALID", `Cannot read the list of repositories "${path}": ${cause.message}`, {
      where: path,
      cause,
    });
  }
}

/** Changes the list as it is by then, while nobody else does. Writes nothing where the change gives nothing. */
export async function changeRepositories(
  path: string,
  change: (file: RepositoriesFile) => RepositoriesFile | undefined,
): Promise<void> {
  await withFileLock(path, () => {
    const changed = change(readRepositories(path));
    if (changed !== undefined) writeRepositories(path, changed);
  });
}

/** Only its owner may read the file: it holds passwords. */
function writeRepositories(path: string, { apiVersion, generated, repositories }: RepositoriesFile): void {
  const file = { apiVersion: apiVersion ?? "", generated: generated ?? "0001-01-01T00:00:00Z", repositories };
  writeFileWhole(path, writeYamlPlain(file), 0o600);
}

export function newEntry(fields: Partial<RepositoryEntry>): RepositoryEntry {
  return { ...noEntry, ...fields };
}

/** What the entry says, below what the command line says. */
export function accessOf(entry: RepositoryEntry, given: Access): Access {
  const { username, password, certFile, keyFile, caFile } = entry;
  return {
    ...(username && password && { username, password }),
    ...(certFile && { certFile }),
    ...(keyFile && { keyFile }),
    ...(caFile && { caFile }),
    ...(entry.insecure_skip_tls_verify && { insecureSkipTlsVerify: true }),
    ...(entry.pass_credentials_all && { passCredentials: true }),
    ...given,
  };
}

/** Throws CHART_NOT_FOUND, with what was looked for beside a repository of that name. */
export function findEntry(
  { repositories }: RepositoriesFile,
  name: string,
  path: string,
  what = `There is no repository "${name}"`,
): RepositoryEntry {
  const entry = repositories.find((candidate) => candidate.name === name);
  if (entry !== undefined && entry.url !== "") return entry;
  const known = repositories.map((candidate) => candidate.name).join(", ");
  throw new SlipwayError("CHART_NOT_FOUND", what, {
    where: path,
    hint: `${known ? `Known are: ${known}. ` : ""}Add it with \`slipway repo add ${name} URL\`, or write --repo URL.`,
  });
}

function decodeEntry(value: GoValue): RepositoryEntry {
  return newEntry(
    decodeStruct<RepositoryEntry>(value, "Entry", {
      name: text,
      url: text,
      username: text,
      password: text,
      certFile: text,
      keyFile: text,
      caFile: text,
      insecure_skip_tls_verify: bool,
      pass_credentials_all: bool,
    }),
  );
}
