import { rmSync } from "node:fs";
import { join } from "node:path";
import { SlipwayError } from "../../base/error.ts";
import { chartHome } from "../../chart/home.ts";
import { indexPath, safeName } from "../../chart/repository/known-repositories.ts";
import {
  changeRepositories,
  findEntry,
  newEntry,
  type RepositoriesFile,
  type RepositoryEntry,
  readRepositories,
} from "../../chart/repository/repositories-file.ts";
import { webUrl } from "../../chart/repository/resolve-url.ts";
import { oneLine } from "../../report/plain-text.ts";
import { accessOf } from "../chart-source.ts";
import type { ExitCode, Invocation, Terminal } from "../command.ts";
import { format } from "../output.ts";
import { type FlagReader, flagReader } from "../read-flags.ts";
import { updateInTime } from "../update-in-time.ts";

/** `slipway repo add NAME URL`. */
export async function add({ positionals, flags, terminal }: Invocation): Promise<ExitCode> {
  const [name = "", url = ""] = positionals;
  const read = flagReader(flags);
  const { repositoryConfig } = chartHome(terminal.env);
  const entry = entryFrom(safeName(name), url, read);
  const isReplaced = read.boolean("force-update");
  if (!isReplaced && isKnown(entry, readRepositories(repositoryConfig))) {
    terminal.out.write(`"${name}" already exists with the same configuration, skipping\n`);
    return 0;
  }
  await updateInTime(entry, read, terminal);
  await changeRepositories(repositoryConfig, (file) =>
    !isReplaced && isKnown(entry, file) ? undefined : withEntry(file, entry),
  );
  terminal.out.write(`"${name}" has been added to your repositories\n`);
  return 0;
}

/** True for an entry that is there as it is; throws where another one has its name. */
function isKnown(entry: RepositoryEntry, { repositories }: RepositoriesFile): boolean {
  const existing = repositories.find(({ name }) => name === entry.name);
  if (existing === undefined) return false;
  if (JSON.stringify({ ...existing }) === JSON.stringify(entry)) return true;
  throw new SlipwayError("INPUT_INVALID", `The repository "${entry.name}" already exists with another configuration`, {
    hint: "Choose another name, or replace it with --force-update.",
  });
}

function withEntry(file: RepositoriesFile, entry: RepositoryEntry): RepositoriesFile {
  const at = file.repositories.findIndex(({ name }) => name === entry.name);
  const repositories = at < 0 ? [...file.repositories, entry] : file.repositories.with(at, entry);
  return { ...file, repositories };
}

/** `slipway repo list`. */
export async function list({ flags, terminal }: Invocation): Promise<ExitCode> {
  const read = flagReader(flags);
  const form = read.string("output");
  const { repositories } = readRepositories(chartHome(terminal.env).repositoryConfig);
  if (repositories.length === 0 && form !== "json" && form !== "yaml") {
    terminal.err.write("no repositories to show\n");
    return 0;
  }
  const shown = repositories.map(({ name, url }) => ({ name, url }));
  const rows = shown.map(({ name, url }) => [name, url]);
  const heads = read.boolean("no-headers") ? [] : ["NAME", "URL"];
  terminal.out.write(format(form, shown, heads, rows));
  return 0;
}

/** `slipway repo update [NAME...]`. */
export async function update({ positionals, flags, terminal }: Invocation): Promise<ExitCode> {
  const { repositoryConfig } = chartHome(terminal.env);
  const file = readRepositories(repositoryConfig);
  if (file.repositories.length === 0) {
    throw new SlipwayError("CHART_NOT_FOUND", "No repositories are known", {
      hint: "Add one with `slipway repo add NAME URL`.",
    });
  }
  const wanted =
    positionals.length === 0 ? file.repositories : positionals.map((name) => findEntry(file, name, repositoryConfig));
  const read = flagReader(flags);
  const failed = await Promise.all(wanted.map((entry) => updateOne(entry, read, terminal)));
  const names = failed.filter((name) => name !== undefined);
  if (names.length === 0) return 0;
  throw new SlipwayError("CHART_UNREACHABLE", `Could not update ${names.map((name) => `"${name}"`).join(", ")}`);
}

/** `slipway repo remove NAME...`. */
export async function remove({ positionals, terminal }: Invocation): Promise<ExitCode> {
  const { repositoryConfig, repositoryCache } = chartHome(terminal.env);
  for (const name of positionals) {
    await changeRepositories(repositoryConfig, (file) => {
      const repositories = file.repositories.filter((entry) => entry.name !== name);
      if (repositories.length < file.repositories.length) return { ...file, repositories };
      throw new SlipwayError("CHART_NOT_FOUND", `There is no repository "${name}"`, { where: repositoryConfig });
    });
    rmSync(indexPath(name, repositoryCache), { force: true });
    rmSync(join(repositoryCache, `${safeName(name)}-charts.txt`), { force: true });
    terminal.out.write(`"${name}" has been removed from your repositories\n`);
  }
  return 0;
}

/** The name of a repository that could not be reached. */
async function updateOne(entry: RepositoryEntry, read: FlagReader, terminal: Terminal): Promise<string | undefined> {
  const { out, err } = terminal;
  try {
    await updateInTime(entry, read, terminal);
    out.write(`Updated "${entry.name}"\n`);
    return undefined;
  } catch (error) {
    if (!(error instanceof SlipwayError) || error.code === "CANCELLED") throw error;
    err.write(`"${entry.name}": ${oneLine(error.message, 1000)}\n`);
    return entry.name;
  }
}

function entryFrom(name: string, url: string, read: FlagReader): RepositoryEntry {
  webUrl(url);
  const { username = "", password = "", caFile = "", certFile = "", keyFile = "", ...rest } = accessOf(read);
  return newEntry({
    name,
    url,
    username,
    password,
    certFile,
    keyFile,
    caFile,
    insecure_skip_tls_verify: rest.insecureSkipTlsVerify === true,
    pass_credentials_all: rest.passCredentials === true,
  });
}
