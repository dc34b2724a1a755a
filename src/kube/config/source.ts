import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { hasCode, SlipwayError } from "../../base/error.ts";
import { isJsonObject, type JsonObject } from "../../base/json-path.ts";
import { readYamlPlain } from "../../base/yaml/read.ts";

/** One kubeconfig file, and the folder that its relative paths start from. */
export type KubeconfigDocument = { document: JsonObject; folder: string; name: string };

const limitBytes = 8 * 1024 * 1024;

/**
 * The documents of a kubeconfig given as text, as base64, or as paths; where none is given, those of `$KUBECONFIG` or of
 * the home folder. Empty where nothing is given and nothing is there.
 */
export function loadKubeconfig(given: string | undefined, env: NodeJS.ProcessEnv): KubeconfigDocument[] {
  const text = given === undefined ? undefined : contentOf(given);
  if (text !== undefined) return [parse(text, "the given kubeconfig", process.cwd())];

  const paths = pathsOf(given ?? env["KUBECONFIG"] ?? "");
  if (given !== undefined && given.trim() !== "") {
    for (const path of paths) if (!existsSync(path)) throw missing(path);
  }
  // As kubectl does: of the paths in $KUBECONFIG only those count that exist.
  const present = (paths.length > 0 ? paths : [join(homedir(), ".kube", "config")]).filter((path) => existsSync(path));
  if (present.length === 0 && paths[0] !== undefined) throw missing(paths[0]);
  return present.map((path) => parse(read(path), path, dirname(path)));
}

// A path has no line end and is no JSON; base64 of a kubeconfig is told by what it holds.
function contentOf(given: string): string | undefined {
  const packed = given.replace(/\s+/g, "");
  if (packed.length > 40 && /^[A-Za-z0-9+/]+=*$/.test(packed)) {
    const text = Buffer.from(packed, "base64").toString("utf8");
    if (/\b(clusters|current-context|apiVersion)\b/.test(text)) return text;
  }
  return given.trim().startsWith("{") || /^\s*[\w-]+\s*:(\s|$)/m.test(given) ? given : undefined;
}

function pathsOf(list: string): string[] {
  const paths = list
    .trim()
    .split(delimiter)
    .filter((path) => path !== "");
  return paths.map((path) => resolve(path.replace(/^~(?=[/\\])/, homedir())));
}

function missing(path: string): SlipwayError {
  return new SlipwayError("KUBE_CONFIG", `There is no kubeconfig at "${path}"`, {
    hint: "Give the path of a kubeconfig, its content, or its content in base64.",
    where: path,
  });
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SlipwayError("KUBE_CONFIG", `Cannot read the kubeconfig: ${reason}`, { where: path, cause });
  }
}

function parse(text: string, name: string, folder: string): KubeconfigDocument {
  if (text.length > limitBytes)
    throw new SlipwayError("KUBE_CONFIG", `${name} is too large for a kubeconfig`, { where: name });
  const document = parseYaml(text, name);
  if (document === null && text.trim() === "") return { document: {}, folder, name };
  if (isJsonObject(document)) return { document, folder, name };
  throw new SlipwayError("KUBE_CONFIG", `The content of ${name} is not a kubeconfig`, {
    hint: "A kubeconfig is a YAML map with clusters, users and contexts.",
    where: name,
  });
}

function parseYaml(text: string, name: string): unknown {
  try {
    return readYamlPlain(text, { source: name });
  } catch (cause) {
    if (!hasCode(cause, "YAML_INVALID")) throw cause;
    const reason = cause.message.replace(/^error converting YAML to JSON: (yaml: )?/, "");
    // Not the text around it, which may hold a token.
    throw new SlipwayError("KUBE_CONFIG", `The kubeconfig is not valid YAML: ${reason}`, {
      where: cause.where ?? name,
    });
  }
}
