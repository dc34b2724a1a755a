import type { JsonObject } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { header, type ResourceRequest } from "./request.ts";
import { tableOf } from "./table.ts";

export type ObjectList = { apiVersion: string; kind: string; metadata: JsonObject; items: KubeObject[] };
/** How the client wants to see objects: whole, as a table to print, or only their metadata. */
export type Presentation = { one(object: KubeObject): unknown; list(list: ObjectList): unknown };

export function presentation(request: ResourceRequest): Presentation {
  const accept = header(request, "accept");
  if (accept.includes("as=Table")) {
    return {
      one: (object) => tableOf([object], request, { resourceVersion: object.metadata.resourceVersion }),
      list: (list) => tableOf(list.items, request, list.metadata),
    };
  }
  if (accept.includes("as=PartialObjectMetadata")) {
    return {
      one: metadataOnly,
      list: (list) => ({
        apiVersion: "meta.k8s.io/v1",
        kind: "PartialObjectMetadataList",
        metadata: list.metadata,
        items: list.items.map(metadataOnly),
      }),
    };
  }
  return { one: (object) => object, list: (list) => list };
}

function metadataOnly(object: KubeObject): unknown {
  return { apiVersion: "meta.k8s.io/v1", kind: "PartialObjectMetadata", metadata: object.metadata };
}
