import { apiVersionOf, type ResourceType } from "../api/resources.ts";
import type { Cluster } from "../cluster.ts";
import { type Answer, ok } from "../http/answer.ts";
import { type HttpRequest, header } from "../http/request.ts";
import { aggregated, byVersion, groupNames, resourceList } from "./documents.ts";

export const version = {
  major: "1",
  minor: "36",
  gitVersion: "v1.36.3",
  gitCommit: "",
  gitTreeState: "",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: "",
  compiler: "",
  platform: "linux/amd64",
};

/** The paths that tell what is served; undefined for any other path. */
export function discoveryAnswer(cluster: Cluster, request: HttpRequest): Answer | undefined {
  if (request.method !== "GET" && request.method !== "HEAD") return undefined;
  const parts = request.path.split("/").filter((part) => part !== "");
  const types = cluster.resources.all();
  const [root, group = "", version_ = ""] = parts;
  if (root === "version" && parts.length === 1) return ok(version);
  if (root === "api" && parts.length <= 2) return coreAnswer(parts, types, request);
  if (root !== "apis" || parts.length > 3) return undefined;
  if (parts.length === 1) return groupsAnswer(types, request);
  if (parts.length === 2) return groupAnswer(types, group);
  const list = resourceList(types, `${group}/${version_}`);
  return list === undefined ? undefined : ok(list);
}

function coreAnswer(parts: string[], types: ResourceType[], request: HttpRequest): Answer | undefined {
  if (parts.length === 2) {
    const list = resourceList(types, parts[1] ?? "");
    return list === undefined ? undefined : ok(list);
  }
  const core = types.filter((type) => type.group === "");
  if (wantsAggregated(request)) return aggregatedAnswer(core);
  const serverAddressByClientCIDRs = [{ clientCIDR: "0.0.0.0/0", serverAddress: header(request, "host") }];
  return ok({ kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs });
}

function groupsAnswer(types: ResourceType[], request: HttpRequest): Answer {
  const grouped = types.filter((type) => type.group !== "");
  if (wantsAggregated(request)) return aggregatedAnswer(grouped);
  return ok({
    kind: "APIGroupList",
    apiVersion: "v1",
    groups: groupNames(grouped).map((name) => groupOf(grouped, name)),
  });
}

function groupAnswer(types: ResourceType[], name: string): Answer | undefined {
  if (!types.some((type) => type.group === name)) return undefined;
  return ok({ kind: "APIGroup", apiVersion: "v1", ...groupOf(types, name) });
}

function groupOf(types: ResourceType[], name: string) {
  const versions = [...byVersion(types.filter((type) => type.group === name)).values()].flatMap(([type]) =>
    type === undefined ? [] : [{ groupVersion: apiVersionOf(type), version: type.version }],
  );
  return { name, versions, preferredVersion: versions[0] };
}

function wantsAggregated(request: HttpRequest): boolean {
  return header(request, "accept").includes("as=APIGroupDiscoveryList");
}

function aggregatedAnswer(types: ResourceType[]): Answer {
  const contentType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
  return { code: 200, json: aggregated(types), contentType, headers: { Vary: "Accept" } };
}
