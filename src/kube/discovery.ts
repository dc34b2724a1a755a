import { hasCode, SlipwayError } from "../base/error.ts";
import { arrayAt, stringAt } from "../base/json-path.ts";
import {
  apiVersionOf,
  readAggregated,
  readGroups,
  readResourceList,
  type ServedVersion,
} from "./discovery-document.ts";
import type { ApiRequest } from "./transport.ts";
import type { Discovery, Resource } from "./types.ts";

type Table = {
  served: ServedVersion[];
  /** By `group/version/Kind`. */
  byKind: Map<string, Resource>;
  /** `group/version` → why it could not be read; an extension's server that is down must not stop the rest. */
  broken: Map<string, unknown>;
};
type GetJson = (request: ApiRequest) => Promise<unknown>;

const aggregated = ["v2", "v2beta1"].map(
  (v) => `application/json;g=apidiscovery.k8s.io;v=${v};as=APIGroupDiscoveryList`,
);
const accept = [...aggregated, "application/json"].join(",");

export function createDiscovery(json: GetJson): Discovery {
  let table: Promise<Table> | undefined;
  let version: Promise<{ gitVersion: string; major: string; minor: string }> | undefined;

  function load(): Promise<Table> {
    table ??= fetchTable(json).catch((error) => {
      table = undefined;
      throw error;
    });
    return table;
  }

  async function find(
    apiVersion: string,
    kind: string,
    { again = true }: { again?: boolean } = {},
  ): Promise<Resource | undefined> {
    const known = table;
    const found = lookUp(await load(), apiVersion, kind);
    if (found || known === undefined || !again) return found;
    // Only the first of many that miss fetches again.
    if (table === known) table = undefined;
    return lookUp(await load(), apiVersion, kind);
  }

  return {
    find,
    version() {
      version ??= fetchVersion(json).catch((error) => {
        version = undefined;
        throw error;
      });
      return version;
    },
    async apiVersions() {
      const { served } = await load();
      const names = served.flatMap((each) => {
        const apiVersion = apiVersionOf(each);
        return [apiVersion, ...each.kinds.map((kind) => `${apiVersion}/${kind}`)];
      });
      return [...new Set(names)];
    },
    async resources() {
      return (await load()).served.filter(({ preferred }) => preferred).flatMap(({ resources }) => resources);
    },
    refresh() {
      table = undefined;
    },
  };
}

function lookUp({ byKind, broken }: Table, apiVersion: string, kind: string): Resource | undefined {
  const found = byKind.get(`${apiVersion}/${kind}`);
  if (found || !broken.has(apiVersion)) return found;
  throw new SlipwayError("KUBE_REQUEST_FAILED", `Cannot find out what the cluster serves as ${apiVersion}`, {
    hint: "The server of this API does not answer. See its APIService object.",
    cause: broken.get(apiVersion),
  });
}

async function fetchTable(json: GetJson): Promise<Table> {
  const [core, groups] = await Promise.all([get(json, "/api", accept), get(json, "/apis", accept)]);
  const broken = new Map<string, unknown>();
  const served =
    isAggregated(core) && isAggregated(groups)
      ? [...readAggregated(core), ...readAggregated(groups)]
      : await fetchClassic(json, core, groups, broken);

  for (const each of served) if (each.resources.length === 0) broken.set(apiVersionOf(each), "nothing served");
  const byKind = new Map<string, Resource>();
  for (const resource of served.flatMap(({ resources }) => resources)) {
    const key = `${apiVersionOf(resource)}/${resource.kind}`;
    if (!byKind.has(key)) byKind.set(key, resource);
  }
  return { served, byKind, broken };
}

async function fetchClassic(
  json: GetJson,
  core: unknown,
  groups: unknown,
  broken: Map<string, unknown>,
): Promise<ServedVersion[]> {
  const coreVersions = arrayAt(core, "versions").map((version, index) => ({
    group: "",
    version: String(version),
    preferred: index === 0,
  }));
  const lists = [...coreVersions, ...readGroups(groups)].map(async ({ group, version, preferred }) => {
    const path = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
    try {
      return [{ preferred, ...readResourceList(await get(json, path, "application/json"), group, version) }];
    } catch (error) {
      if (!hasCode(error, "KUBE_REQUEST_FAILED", "KUBE_NOT_FOUND")) throw error;
      broken.set(apiVersionOf({ group, version }), error);
      return [];
    }
  });
  return (await Promise.all(lists)).flat();
}

function isAggregated(document: unknown): boolean {
  return stringAt(document, "kind") === "APIGroupDiscoveryList";
}

async function fetchVersion(json: GetJson): Promise<{ gitVersion: string; major: string; minor: string }> {
  const document = await get(json, "/version", "application/json");
  return {
    gitVersion: stringAt(document, "gitVersion") ?? "",
    major: stringAt(document, "major") ?? "",
    minor: stringAt(document, "minor") ?? "",
  };
}

function get(json: GetJson, path: string, acceptTypes: string): Promise<unknown> {
  return json({ method: "GET", path, accept: acceptTypes, subject: { verb: "get", resource: path }, repeatable: true });
}
