import { fromBytes } from "../base/go-string.ts";
import { helmDifferences } from "../base/helm-differences.ts";
import type { HelmVersion } from "../base/helm-version.ts";
import { parseStrictVersion, parseVersion } from "../base/semver.ts";
import { readYaml } from "../base/yaml/read.ts";
import { isCompatible } from "../chart/is-compatible.ts";
import { decodeMetadata } from "../chart/metadata.ts";
import type { ChartFile, ChartMetadata } from "../chart/types.ts";
import { failureOf, type Report, textOf } from "./message.ts";

const file = "Chart.yaml";

/** What Helm asks of Chart.yaml. */
export function lintChartfile(files: readonly ChartFile[], report: Report, helm: HelmVersion): void {
  const found = files.find(({ name }) => name === file);
  const text = fromBytes(found?.data ?? new Uint8Array());
  let metadata: Partial<ChartMetadata>;
  try {
    metadata = decodeMetadata(readYaml(text, { source: file, numbers: "typed" }));
  } catch (error) {
    report("ERROR", file, `unable to parse YAML\n\t${textOf(error)}`);
    return;
  }
  const { strictLint } = helmDifferences[helm];
  if (strictLint) report("WARNING", file, strictProblem(text));
  const raw = readYaml(text, { source: file });
  const kindOf = (key: string) => (raw instanceof Map ? raw.get(key) : undefined);
  report("ERROR", file, nameProblem(metadata.name ?? ""));
  report("ERROR", file, apiVersionProblem(metadata.apiVersion ?? ""));
  report("ERROR", file, typeProblem("version", kindOf("version")));
  report("ERROR", file, versionProblem(metadata.version ?? ""));
  report("ERROR", file, typeProblem("appVersion", kindOf("appVersion")));
  report("ERROR", file, maintainerProblem(metadata));
  report("ERROR", file, sourceProblem(metadata));
  report("INFO", file, metadata.icon ? undefined : "icon is recommended");
  report(
    "ERROR",
    file,
    metadata.icon && !isRequestUrl(metadata.icon) ? `invalid icon URL '${metadata.icon}'` : undefined,
  );
  const isOld = metadata.apiVersion !== "v2";
  report(
    "ERROR",
    file,
    metadata.type && isOld
      ? `chart type is not valid in apiVersion '${metadata.apiVersion ?? ""}'. It is valid in apiVersion 'v2'`
      : undefined,
  );
  report(
    "ERROR",
    file,
    isOld && metadata.dependencies?.length
      ? `dependencies are not valid in the Chart file with apiVersion '${metadata.apiVersion ?? ""}'. They are valid in apiVersion 'v2'`
      : undefined,
  );
  if (strictLint) {
    const isStrict = failureOf(() => parseStrictVersion(metadata.version ?? "")) === undefined;
    report("WARNING", file, isStrict ? undefined : `version '${metadata.version ?? ""}' is not a valid SemVerV2`);
  }
}

/** Without regard to capitals, as Go finds them. */
const knownFields = new Set(
  "name home sources version description keywords maintainers icon apiversion condition tags appversion deprecated annotations kubeversion dependencies type".split(
    " ",
  ),
);

function strictProblem(text: string): string | undefined {
  let document: unknown;
  const failure = failureOf(() => {
    document = readYaml(text, { source: file, strict: true });
  });
  if (failure !== undefined) return `failed to strictly parse chart metadata file\n\t${failure}`;
  const unknown =
    document instanceof Map ? [...document.keys()].filter((key) => !knownFields.has(key.toLowerCase())) : [];
  if (unknown.length === 0) return undefined;
  const names = unknown.map((key) => `unknown field ${JSON.stringify(key)}`).join(", ");
  return `failed to strictly parse chart metadata file\n\terror unmarshaling JSON: while decoding JSON: json: ${names}`;
}

function nameProblem(name: string): string | undefined {
  if (name === "") return "name is required";
  return name.includes("/") ? `chart name ${JSON.stringify(name)} is invalid` : undefined;
}

function apiVersionProblem(version: string): string | undefined {
  if (version === "") return 'apiVersion is required. The value must be either "v1" or "v2"';
  if (version === "v1" || version === "v2") return undefined;
  return `apiVersion '${version}' is not valid. The value must be either "v1" or "v2"`;
}

function typeProblem(key: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === "string") return undefined;
  const names: Record<string, string> = { number: "float64", bigint: "float64", boolean: "bool" };
  const type =
    value === null
      ? "<nil>"
      : (names[typeof value] ?? (Array.isArray(value) ? "[]interface {}" : "map[string]interface {}"));
  return `${key} should be of type string but it's of type ${type}`;
}

function versionProblem(version: string): string | undefined {
  if (version === "") return "version is required";
  if (failureOf(() => parseVersion(version)) !== undefined) return `version '${version}' is not a valid SemVer`;
  return isCompatible(">0.0.0-0", version) ? undefined : `version ${version} is less than or equal to 0.0.0-0`;
}

function maintainerProblem({ maintainers = [] }: Partial<ChartMetadata>): string | undefined {
  for (const maintainer of maintainers as (null | { name?: string; email?: string; url?: string })[]) {
    if (maintainer === null) return "a maintainer entry is empty";
    const { name, email, url } = maintainer;
    if (!name) return "each maintainer requires a name";
    if (email && !/^[^\s@]+@([^\s@.]+\.)*[^\s@.]{2,}$/.test(email))
      return `invalid email '${email}' for maintainer '${name}'`;
    if (url && !isAddress(url)) return `invalid url '${url}' for maintainer '${name}'`;
  }
  return undefined;
}

function sourceProblem({ sources = [] }: Partial<ChartMetadata>): string | undefined {
  const wrong = sources.find((source) => !isRequestUrl(source));
  return wrong === undefined ? undefined : `invalid source URL '${wrong}'`;
}

function isRequestUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\S*$/i.test(text);
}

// A host may stand alone, without a scheme.
function isAddress(text: string): boolean {
  return /^((ftp|tcp|udp|wss?|https?):\/\/)?(\S+(:\S*)?@)?([\w-]+(\.[\w-]+)+|localhost|\[[\da-f:]+\])(:\d{1,5})?([/?#]\S*)?$/i.test(
    text,
  );
}
