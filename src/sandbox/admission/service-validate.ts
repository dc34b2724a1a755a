import type { JsonObject } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import type { Cause } from "../api/status.ts";
import { dictAt, dictsAt, textAt } from "../json.ts";
import { cause } from "./causes.ts";

const types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

export function serviceCauses(service: KubeObject): Cause[] {
  const spec = dictAt(service, "spec");
  const ports = dictsAt(spec, "ports");
  const headless = spec["clusterIP"] === "None" || spec["type"] === "ExternalName";
  const causes: Cause[] = [];
  if (ports.length === 0 && !headless) causes.push(cause.required("spec.ports"));
  causes.push(...ports.flatMap((port, index) => portCauses(port, `spec.ports[${index}]`, ports.length > 1)));
  if (!types.includes(String(spec["type"]))) causes.push(cause.unsupported("spec.type", spec["type"], types));
  if (spec["type"] === "ExternalName" && textAt(spec, "externalName") === "")
    causes.push(cause.required("spec.externalName"));
  return [...causes, ...duplicateCauses(ports)];
}

function portCauses(port: JsonObject, field: string, needsName: boolean): Cause[] {
  const causes: Cause[] = [];
  if (needsName && textAt(port, "name") === "") causes.push(cause.required(`${field}.name`));
  for (const key of ["port", "targetPort"]) {
    const value = port[key];
    const outside = typeof value === "number" && (value < 1 || value > 65_535);
    if (outside) causes.push(cause.invalid(`${field}.${key}`, value, "must be between 1 and 65535, inclusive"));
  }
  const protocol = textAt(port, "protocol");
  const protocols = ["SCTP", "TCP", "UDP"];
  if (!protocols.includes(protocol)) causes.push(cause.unsupported(`${field}.protocol`, protocol, protocols));
  return causes;
}

function duplicateCauses(ports: JsonObject[]): Cause[] {
  const names = new Set<string>();
  const numbers = new Set<string>();
  return ports.flatMap((port, index) => {
    const causes: Cause[] = [];
    const name = textAt(port, "name");
    if (name !== "" && names.has(name)) causes.push(cause.duplicate(`spec.ports[${index}].name`, name));
    names.add(name);
    const number = `${port["port"]}/${port["protocol"]}`;
    if (numbers.has(number)) causes.push(cause.duplicate(`spec.ports[${index}]`, asGo(port)));
    numbers.add(number);
    return causes;
  });
}

// The server shows what makes the port a duplicate, in its own type.
function asGo({ protocol, port }: JsonObject): JsonObject {
  return { Name: "", Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 };
}
