import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { SlipwayError } from "../base/error.ts";
import { compilePathMatch } from "../base/path-match.ts";

const limits = { bytes: 32 * 1024 * 1024, matches: 1000, depth: 20 } as const;

export type ReadingContext = {
  /** For the proxy that it may name. */
  env?: Readonly<Record<string, string | undefined>>;
  signal?: AbortSignal;
};

export function isUrl(name: string): boolean {
  return /^https?:\/\//i.test(name);
}

/** The text of a file, of an address, or with `-` of the standard input. */
export async function readSource(name: string, what: string, context: ReadingContext): Promise<string> {
  return isUrl(name) ? await fetchText(name, what, context) : readLocal(name, what);
}

export function readLocal(path: string, what: string): string {
  try {
    // 0 is the standard input.
    if (path.trim() === "-") return readFileSync(0, "utf8");
    if (statSync(path).size <= limits.bytes) return readFileSync(path, "utf8");
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "unknown error";
    const why = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : code;
    throw new SlipwayError("VALUES_NOT_FOUND", `Cannot read the ${what} "${path}": ${why}`, {
      hint: "Paths are relative to the working directory.",
      cause,
    });
  }
  throw new SlipwayError("LIMIT_EXCEEDED", `The ${what} "${path}" is larger than ${limits.bytes / 1024 / 1024} MiB`);
}

async function fetchText(
  address: string,
  what: string,
  { env = process.env, signal }: ReadingContext,
): Promise<string> {
  if (!URL.canParse(address)) throw unreachable(address, what, "it is not a valid address");
  const [{ createFetcher }, { shownUrl }] = await Promise.all([
    import("../chart/remote/fetcher.ts"),
    import("../chart/remote/shown-url.ts"),
  ]);
  const url = new URL(address);
  const fetcher = createFetcher({}, { env, ...(signal && { signal }) });
  try {
    const { status, body } = await fetcher({ url, limitBytes: limits.bytes });
    if (status < 400) return body.toString("utf8");
    throw unreachable(shownUrl(url), what, `the server answered with HTTP status ${status}`);
  } catch (cause) {
    if (!(cause instanceof SlipwayError) || !cause.code.startsWith("CHART_")) throw cause;
    throw unreachable(shownUrl(url), what, cause.message, cause);
  }
}

function unreachable(address: string, what: string, why: string, cause?: unknown): SlipwayError {
  return new SlipwayError("VALUES_NOT_FOUND", `Cannot fetch the ${what} "${address}": ${why}`, { cause });
}

/** The files that a pattern such as `values/*.yaml` or `**\/prod.yaml` names, by name; a name without one is itself. */
export function expandPattern(pattern: string): string[] {
  if (!/[*?[]/.test(pattern) || isUrl(pattern) || existsSync(pattern)) return [pattern];
  const [start, ...segments] = pattern.split("/");
  const found: string[] = [];
  if (start === "") visit("/", segments, found);
  else visit("", [start ?? "", ...segments], found);
  if (found.length > 0) return [...new Set(found)].sort();
  throw new SlipwayError("VALUES_NOT_FOUND", `No values file matches "${pattern}"`, {
    hint: "* and ? stand for parts of one name, ** for folders. Paths are relative to the working directory.",
  });
}

function visit(folder: string, [segment, ...rest]: readonly string[], found: string[], depth = 0): void {
  if (segment === undefined || depth > limits.depth) return;
  if (segment === "**") {
    visit(folder, rest, found, depth);
    for (const name of foldersIn(folder)) visit(join(folder, name), [segment, ...rest], found, depth + 1);
    return;
  }
  const names = /[*?[]/.test(segment) ? matching(folder, segment) : [segment];
  for (const name of names) {
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory()) visit(path, rest, found, depth + 1);
    else if (stats?.isFile() && rest.length === 0) found.push(path);
    if (found.length > limits.matches) {
      throw new SlipwayError("LIMIT_EXCEEDED", `A pattern matches more than ${limits.matches} values files`);
    }
  }
}

function matching(folder: string, segment: string): string[] {
  const matches = compilePathMatch(segment);
  if (matches === undefined) return [];
  return entriesOf(folder)
    .map(({ name }) => name)
    .filter((name) => matches(name) && (segment.startsWith(".") || !name.startsWith(".")));
}

function foldersIn(folder: string): string[] {
  return entriesOf(folder)
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules")
    .map(({ name }) => name);
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder === "" ? "." : folder, { withFileTypes: true });
  } catch {
    // A folder that can't be read has nothing that matches.
    return [];
  }
}
