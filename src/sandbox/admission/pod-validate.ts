import { type JsonObject, numberAt, valueAt } from "../../base/json-path.ts";
import type { Cause } from "../api/status.ts";
import { dictAt, dictsAt, textAt } from "../json.ts";
import { cause } from "./causes.ts";

const isLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const labelRule =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const pullPolicies = ["Always", "IfNotPresent", "Never"];

export function podSpecCauses(spec: unknown, path: string): Cause[] {
  const containers = dictsAt(spec, "containers");
  if (containers.length === 0) return [cause.required(`${path}.containers`)];
  const volumes = new Set(dictsAt(spec, "volumes").map((volume) => textAt(volume, "name")));
  return [
    ...volumeCauses(dictsAt(spec, "volumes"), `${path}.volumes`),
    ...containerCauses(containers, `${path}.containers`, volumes),
    ...containerCauses(dictsAt(spec, "initContainers"), `${path}.initContainers`, volumes),
  ];
}

function volumeCauses(volumes: JsonObject[], path: string): Cause[] {
  return [...nameCauses(volumes, path)];
}

function nameCauses(items: JsonObject[], path: string): Cause[] {
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    const name = textAt(item, "name");
    const field = `${path}[${index}].name`;
    if (name === "") return [cause.required(field)];
    const known = seen.has(name);
    seen.add(name);
    if (known) return [cause.duplicate(field, name)];
    return isLabel.test(name) && name.length <= 63 ? [] : [cause.invalid(field, name, labelRule)];
  });
}

function containerCauses(containers: JsonObject[], path: string, volumes: Set<string>): Cause[] {
  const own = containers.flatMap((container, index) => {
    const field = `${path}[${index}]`;
    const causes: Cause[] = [];
    const image = textAt(container, "image");
    if (image === "") causes.push(cause.required(`${field}.image`));
    else if (image !== image.trim())
      causes.push(cause.invalid(`${field}.image`, image, "must not have leading or trailing whitespace"));
    causes.push(...portCauses(container, field), ...environmentCauses(container, field));
    causes.push(...mountCauses(container, field, volumes), ...resourceCauses(container, field));
    const policy = textAt(container, "imagePullPolicy");
    if (!pullPolicies.includes(policy))
      causes.push(cause.unsupported(`${field}.imagePullPolicy`, policy, pullPolicies));
    return causes;
  });
  return [...own, ...nameCauses(containers, path)];
}

function portCauses(container: JsonObject, path: string): Cause[] {
  return dictsAt(container, "ports").flatMap((port, index) => {
    const field = `${path}.ports[${index}]`;
    const value = numberAt(port, "containerPort");
    const causes: Cause[] = [];
    if (value === undefined) causes.push(cause.required(`${field}.containerPort`));
    else if (value < 1 || value > 65_535) {
      causes.push(cause.invalid(`${field}.containerPort`, value, "must be between 1 and 65535, inclusive"));
    }
    const name = textAt(port, "name");
    if (name.length > 15) causes.push(cause.invalid(`${field}.name`, name, "must be no more than 15 characters"));
    const protocol = textAt(port, "protocol");
    if (!["SCTP", "TCP", "UDP"].includes(protocol)) {
      causes.push(cause.unsupported(`${field}.protocol`, protocol, ["SCTP", "TCP", "UDP"]));
    }
    return causes;
  });
}

function environmentCauses(container: JsonObject, path: string): Cause[] {
  return dictsAt(container, "env").flatMap((variable, index) => {
    const field = `${path}.env[${index}]`;
    if (textAt(variable, "name") === "") return [cause.required(`${field}.name`)];
    const both = textAt(variable, "value") !== "" && variable["valueFrom"] !== undefined;
    return both ? [cause.invalid(`${field}.valueFrom`, "", "may not be specified when `value` is not empty")] : [];
  });
}

function mountCauses(container: JsonObject, path: string, volumes: Set<string>): Cause[] {
  const paths = new Set<string>();
  return dictsAt(container, "volumeMounts").flatMap((mount, index) => {
    const field = `${path}.volumeMounts[${index}]`;
    const name = textAt(mount, "name");
    const mountPath = textAt(mount, "mountPath");
    const causes: Cause[] = [];
    if (name === "") causes.push(cause.required(`${field}.name`));
    else if (!volumes.has(name)) causes.push(cause.absent(`${field}.name`, name));
    if (mountPath === "") causes.push(cause.required(`${field}.mountPath`));
    else if (paths.has(mountPath)) causes.push(cause.invalid(`${field}.mountPath`, mountPath, "must be unique"));
    paths.add(mountPath);
    return causes;
  });
}

const quantity = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+|[KMGTPE]i|[numkMGTPE])?$/;
const quantityRule = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

function resourceCauses(container: JsonObject, path: string): Cause[] {
  return ["limits", "requests"].flatMap((kind) =>
    Object.entries(dictAt(container, "resources", kind))
      .filter(([, value]) => !quantity.test(String(value)))
      .map(([name, value]) =>
        cause.invalid(`${path}.resources.${kind}[${name}]`, valueAt({ value }, "value"), quantityRule),
      ),
  );
}
