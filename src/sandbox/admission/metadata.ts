import { valueAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import type { ResourceType } from "../api/resources.ts";
import type { Cause } from "../api/status.ts";
import { dictAt } from "../json.ts";
import { cause } from "./causes.ts";

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const subdomain = `${label}(\\.${label})*`;
const word = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

const subdomainRule = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${subdomain}')`;
const labelRule = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${label}')`;
const keyRule = `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${word}')`;
const valueRule = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(${word})?')`;

const isSubdomain = new RegExp(`^${subdomain}$`);
const isLabel = new RegExp(`^${label}$`);
const isWord = new RegExp(`^${word}$`);

const labelNamed = new Set(["/namespaces", "/services"]);
const anyNamed = /^rbac\.authorization\.k8s\.io\//;

export function validateMetadata(object: KubeObject, type: ResourceType): Cause[] {
  const { metadata } = object;
  return [
    ...nameCauses(metadata.name, type),
    ...labelCauses("metadata.labels", metadata.labels),
    ...keyCauses("metadata.annotations", metadata.annotations),
    ...ownerCauses(object),
  ];
}

function nameCauses(name: unknown, type: ResourceType): Cause[] {
  const field = "metadata.name";
  if (typeof name !== "string" || name === "") return [cause.required(field, "name or generateName is required")];
  if (anyNamed.test(type.key)) {
    return /^\.{1,2}$|[/%]/.test(name) ? [cause.invalid(field, name, `may not contain '/'`)] : [];
  }
  const wantsLabel = labelNamed.has(type.key);
  const limit = wantsLabel ? 63 : 253;
  if (name.length > limit) return [cause.invalid(field, name, `must be no more than ${limit} characters`)];
  if (!wantsLabel) return isSubdomain.test(name) ? [] : [cause.invalid(field, name, subdomainRule)];
  if (name.includes(".")) return [cause.invalid(field, name, "must not contain dots")];
  return isLabel.test(name) ? [] : [cause.invalid(field, name, labelRule)];
}

export function labelCauses(field: string, labels: unknown): Cause[] {
  const values = Object.values(dictAt({ labels }, "labels")).flatMap((value) => {
    const text = String(value);
    if (text.length > 63) return [cause.invalid(field, text, "must be no more than 63 bytes")];
    return text === "" || isWord.test(text) ? [] : [cause.invalid(field, text, valueRule)];
  });
  return [...keyCauses(field, labels), ...values];
}

function keyCauses(field: string, map: unknown): Cause[] {
  return Object.keys(dictAt({ map }, "map")).flatMap((key) => {
    const slash = key.lastIndexOf("/");
    const prefix = slash < 0 ? undefined : key.slice(0, slash);
    const name = key.slice(slash + 1);
    if (prefix !== undefined && !isSubdomain.test(prefix))
      return [cause.invalid(field, key, `prefix part ${subdomainRule}`)];
    if (name.length > 63) return [cause.invalid(field, key, "name part must be no more than 63 bytes")];
    return isWord.test(name) ? [] : [cause.invalid(field, key, keyRule)];
  });
}

function ownerCauses(object: KubeObject): Cause[] {
  const owners = Array.isArray(object.metadata.ownerReferences) ? object.metadata.ownerReferences : [];
  return owners.flatMap((owner, index) =>
    (["apiVersion", "kind", "name", "uid"] as const).flatMap((field) => {
      const value = valueAt(owner, field);
      const path = `metadata.ownerReferences[${index}].${field}`;
      return typeof value === "string" && value !== ""
        ? []
        : [cause.invalid(path, value ?? "", `${field} must not be empty`)];
    }),
  );
}
