import { SlipwayError } from "../../base/error.ts";
import { arrayAt, type JsonObject, objectAt, stringAt } from "../../base/json-path.ts";
import { nearestName } from "../../base/nearest-name.ts";
import type { KubeconfigDocument } from "./source.ts";

/** An entry of a kubeconfig, with the folder that its relative paths start from. */
export type Entry = { value: JsonObject; folder: string; file: string };

/** What one context names. */
export type SelectedContext = {
  name: string;
  namespace: string | undefined;
  cluster: Entry;
  /** `undefined` where the context asks as nobody. */
  user: (Entry & { name: string }) | undefined;
};

type Section = "clusters" | "users" | "contexts";
const member = { clusters: "cluster", users: "user", contexts: "context" } as const;

/** Picks the context asked for, or the current one; of entries with one name the first file's counts. */
export function selectContext(documents: KubeconfigDocument[], wanted: string | undefined): SelectedContext {
  const files = documents.map(({ name }) => name).join(", ");
  const name = wanted || firstString(documents, "current-context");
  if (!name) {
    throw new SlipwayError("KUBE_CONFIG", "The kubeconfig has no current-context", {
      hint: namesHint("Name a context", namesOf(documents, "contexts")),
      where: files,
    });
  }
  const context = entryOf(documents, "contexts", name);
  if (!context) throw unknownName(documents, "contexts", name, files);

  const clusterName = stringAt(context.value, "cluster") ?? "";
  const cluster = entryOf(documents, "clusters", clusterName);
  if (!cluster) throw unknownName(documents, "clusters", clusterName, context.file, ` of context "${name}"`);

  const userName = stringAt(context.value, "user");
  const user = userName ? entryOf(documents, "users", userName) : undefined;
  if (userName && !user) throw unknownName(documents, "users", userName, context.file, ` of context "${name}"`);

  return {
    name,
    namespace: stringAt(context.value, "namespace") || undefined,
    cluster,
    user: user && userName ? { ...user, name: userName } : undefined,
  };
}

function entryOf(documents: KubeconfigDocument[], section: Section, name: string): Entry | undefined {
  for (const { document, folder, name: file } of documents) {
    const found = arrayAt(document, section).find((entry) => stringAt(entry, "name") === name);
    if (found !== undefined) return { value: objectAt(found, member[section]) ?? {}, folder, file };
  }
  return undefined;
}

function firstString(documents: KubeconfigDocument[], key: string): string | undefined {
  return documents.map(({ document }) => stringAt(document, key)).find((text) => text);
}

function namesOf(documents: KubeconfigDocument[], section: Section): string[] {
  const entries = documents.flatMap(({ document }) => arrayAt(document, section));
  return entries.flatMap((entry) => stringAt(entry, "name") ?? []);
}

function unknownName(
  documents: KubeconfigDocument[],
  section: Section,
  name: string,
  where: string,
  of = "",
): SlipwayError {
  const known = namesOf(documents, section);
  const near = nearestName(name, known);
  return new SlipwayError("KUBE_CONFIG", `The kubeconfig has no ${member[section]} "${name}"${of}`, {
    hint: near === undefined ? namesHint("Use one that is there", known) : `Did you mean "${near}"?`,
    where,
  });
}

function namesHint(advice: string, names: string[]): string {
  if (names.length === 0) return "The kubeconfig has none. Check that it is the right file.";
  const shown = names.slice(0, 10).join(", ");
  return `${advice}: ${shown}${names.length > 10 ? ", …" : ""}.`;
}
