import { arrayAt, type JsonObject, valueAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { allVerbs, type ResourceType, type Subresource } from "../api/resources.ts";
import { dictAt, dictsAt, textAt } from "../json.ts";
import type { Controller } from "./engine.ts";

const key = "apiextensions.k8s.io/customresourcedefinitions";

/** Serves the kinds that CustomResourceDefinitions make. */
export const definitionController: Controller = {
  key,
  sync(definition, { cluster, setStatus }) {
    const own = storeKey(definition);
    if (definition.metadata.deletionTimestamp !== undefined) return;
    cluster.resources.setCustom(own, typesOf(definition));
    const now = cluster.timestamp();
    const condition = (type: string, reason: string, message: string) => ({
      type,
      status: "True",
      reason,
      message,
      lastTransitionTime: textAt(dictsAt(definition, "status", "conditions")[0], "lastTransitionTime") || now,
      observedGeneration: definition.metadata.generation ?? 1,
    });
    const storage = dictsAt(definition, "spec", "versions").find((version) => version["storage"] === true);
    setStatus(definition, key, {
      acceptedNames: dictAt(definition, "spec", "names"),
      conditions: [
        condition("NamesAccepted", "NoConflicts", "no conflicts found"),
        condition("Established", "InitialNamesAccepted", "the initial names have been accepted"),
      ],
      storedVersions: [textAt(storage, "name")],
    });
  },
  removed(definition, { cluster, remove }) {
    const own = storeKey(definition);
    for (const object of cluster.store.list(own)) remove(object, own);
    cluster.resources.setCustom(own, []);
  },
};

function storeKey(definition: KubeObject): string {
  return `${textAt(definition, "spec", "group")}/${textAt(definition, "spec", "names", "plural")}`;
}

function typesOf(definition: KubeObject): ResourceType[] {
  const { names, scope, group } = dictAt(definition, "spec");
  const versions = dictsAt(definition, "spec", "versions").filter((version) => version["served"] !== false);
  const storage = versions.find((version) => version["storage"] === true) ?? versions[0];
  return versions.map((version) => ({
    group: String(group),
    version: textAt(version, "name"),
    kind: textAt(names, "kind"),
    plural: textAt(names, "plural"),
    singular: textAt(names, "singular"),
    namespaced: scope === "Namespaced",
    verbs: allVerbs,
    shortNames: arrayAt(names, "shortNames").map(String),
    categories: arrayAt(names, "categories").map(String),
    subresources: subresourcesOf(version, textAt(names, "kind")),
    key: storeKey(definition),
    storageVersion: textAt(storage, "name"),
    custom: {
      schema: valueAt(version, "schema", "openAPIV3Schema") ?? {},
      columns: arrayAt(version, "additionalPrinterColumns"),
    },
  }));
}

function subresourcesOf(version: JsonObject, kind: string): Subresource[] {
  const { status, scale } = dictAt(version, "subresources");
  const verbs = ["get", "patch", "update"];
  const scaleKind = { name: "scale", verbs, group: "autoscaling", version: "v1", kind: "Scale" };
  return [
    ...(status === undefined ? [] : [{ name: "status", verbs, kind }]),
    ...(scale === undefined ? [] : [scaleKind]),
  ];
}
