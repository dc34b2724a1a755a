import { hasCode } from "../base/error.ts";
import { arrayAt, stringAt } from "../base/json-path.ts";
import type { Target } from "./client.ts";
import { selectionQuery, withQuery } from "./paths.ts";
import type { Transport } from "./transport.ts";
import type { KubeObject, ListResult, Selection } from "./types.ts";

type ListRequest = {
  transport: Transport;
  target: Target;
  apiVersion: string;
  kind: string;
  selection: Selection;
  signal: AbortSignal | undefined;
};

const pageSize = 500;

/** Every object of the selection, fetched in pages, as of one resourceVersion. */
export async function listAll(request: ListRequest): Promise<ListResult> {
  try {
    return await listPages(request, pageSize);
  } catch (error) {
    // The pages' version was compacted away meanwhile: one large page can't lose its place.
    if (!hasCode(error, "KUBE_GONE")) throw error;
    return listPages(request, undefined);
  }
}

async function listPages(request: ListRequest, limit: number | undefined): Promise<ListResult> {
  const { transport, target, apiVersion, kind, selection, signal } = request;
  const items: KubeObject[] = [];
  let resourceVersion: string | undefined;
  let next: string | undefined;
  do {
    const path = withQuery(target.path, { ...selectionQuery(selection), limit, continue: next });
    const page = await transport.json({ method: "GET", path, subject: target.subject, repeatable: true, signal });
    // Members of a list don't name their type.
    for (const item of arrayAt(page, "items")) items.push({ ...(item as KubeObject), apiVersion, kind });
    resourceVersion ??= stringAt(page, "metadata", "resourceVersion");
    next = stringAt(page, "metadata", "continue");
  } while (next);
  return { items, resourceVersion: resourceVersion ?? "" };
}
