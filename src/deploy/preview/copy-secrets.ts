import { mapConcurrently } from "../../base/concurrency.ts";
import { SlipwayError } from "../../base/error.ts";
import { stringMapAt, valueAt } from "../../base/json-path.ts";
import { isNamespaceName } from "../../kube/namespace-name.ts";
import type { KubeObject } from "../../kube/types.ts";
import { previewManager } from "./namespace-object.ts";
import type { PreviewSession } from "./session.ts";

export type SecretName = { namespace: string; name: string };

const copyLabel = "slipway.dev/copied-secret";
const sourceAnnotation = "slipway.dev/copied-from";
// What the first proves is bound to its namespace; the second is a release.
const uncopied: readonly unknown[] = ["kubernetes.io/service-account-token", "helm.sh/release.v1"];

/** `namespace/name` entries. Fails with INPUT_INVALID. */
export function parseSecretNames(entries: readonly string[]): SecretName[] {
  return entries.map((entry) => {
    const [namespace = "", name = "", ...rest] = entry.split("/");
    const isName = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(name);
    if (isNamespaceName(namespace) && isName && rest.length === 0) return { namespace, name };
    throw new SlipwayError("INPUT_INVALID", `"${entry.slice(0, 200)}" names no Secret to copy`, {
      hint: "Write namespace/name, one per line.",
    });
  });
}

/**
 * Copies the Secrets into the preview, and takes away copies that are no longer asked for. A Secret there that is no copy is
 * left alone: KUBE_CONFLICT. Every value is told to `keepSecret` before it goes anywhere.
 */
export async function copySecrets(
  session: PreviewSession,
  {
    namespace,
    secrets,
    keepSecret,
  }: { namespace: string; secrets: readonly SecretName[]; keepSecret(secret: string): void },
): Promise<void> {
  const { kube, signal } = session;
  const sources = await mapConcurrently(secrets, 4, (name) => readSource(session, name));
  for (const source of sources) for (const value of valuesOf(source)) keepSecret(value);
  for (const source of sources) await write(session, copyOf(source, namespace));
  const wanted = new Set(secrets.map(({ name }) => name));
  const { items } = await kube.list("v1", "Secret", { namespace, labels: { [copyLabel]: "true" } }, { signal });
  for (const { metadata } of items.filter((copy) => !wanted.has(copy.metadata.name))) {
    const { name, uid } = metadata;
    await kube.delete({ apiVersion: "v1", kind: "Secret", namespace, name }, { signal, ...(uid && { uid }) });
  }
}

async function readSource({ kube, signal }: PreviewSession, { namespace, name }: SecretName): Promise<KubeObject> {
  const where = `Secret ${namespace}/${name}`;
  const source = await kube.get({ apiVersion: "v1", kind: "Secret", namespace, name }, { signal });
  if (source === undefined) {
    throw new SlipwayError("KUBE_NOT_FOUND", `There is no ${where} to copy into the preview`, { where });
  }
  const type = valueAt(source, "type");
  if (!uncopied.includes(type)) return source;
  throw new SlipwayError(
    "INPUT_INVALID",
    `${where} can't be copied: Secrets of type ${type} mean something only where they are`,
    {
      where,
    },
  );
}

function copyOf(source: KubeObject, namespace: string): KubeObject {
  const { name, namespace: from } = source.metadata;
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name,
      namespace,
      labels: { "app.kubernetes.io/managed-by": "slipway", [copyLabel]: "true" },
      annotations: { [sourceAnnotation]: `${from}/${name}` },
    },
    type: valueAt(source, "type"),
    data: stringMapAt(source, "data"),
  };
}

async function write({ kube, signal }: PreviewSession, copy: KubeObject): Promise<void> {
  const { name, namespace = "" } = copy.metadata;
  const ref = { apiVersion: "v1", kind: "Secret", namespace, name };
  const live = await kube.get(ref, { signal });
  const options = { fieldManager: previewManager, signal };
  if (live === undefined) {
    await kube.create(copy, options);
    return;
  }
  if (live.metadata.labels?.[copyLabel] !== "true") {
    throw new SlipwayError("KUBE_CONFLICT", `Secret ${namespace}/${name} is there already and is no copy`, {
      where: `Secret ${namespace}/${name}`,
      hint: "The chart may bring it itself: take it out of copy-secrets, or call one of them otherwise.",
    });
  }
  // The type of a Secret can't be changed.
  if (valueAt(live, "type") !== valueAt(copy, "type")) {
    const { uid } = live.metadata;
    await kube.delete(ref, { signal, ...(uid && { uid }) });
    await kube.create(copy, options);
    return;
  }
  await kube.replace(copy, options);
}

function valuesOf(source: KubeObject): string[] {
  return Object.values(stringMapAt(source, "data")).map((value) => Buffer.from(value, "base64").toString("utf8"));
}
