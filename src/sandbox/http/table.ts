import type { JsonObject } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import type { ResourceRequest } from "./request.ts";
import { columnsOf } from "./table-columns.ts";

/** Objects as rows to print, in the columns that kubectl shows for the kind. */
export function tableOf(objects: KubeObject[], request: ResourceRequest, metadata: JsonObject): unknown {
  const now = Date.now();
  const columns = columnsOf(request.type);
  const whole = request.query.get("includeObject") ?? "Metadata";
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    columnDefinitions: columns.map(({ name, wide }) => ({
      name,
      type: "string",
      format: name === "Name" ? "name" : "",
      description: "",
      priority: wide === true ? 1 : 0,
    })),
    rows: objects.map((object) => ({
      cells: columns.map(({ cell }) => cell(object, now)),
      ...(whole === "None" ? {} : { object: rowObject(object, whole) }),
    })),
  };
}

function rowObject(object: KubeObject, whole: string): unknown {
  if (whole === "Object") return object;
  return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: object.metadata };
}
