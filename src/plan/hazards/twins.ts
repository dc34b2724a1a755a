import { arrayAt, numberAt, stringAt } from "../../base/json-path.ts";
import { describeRef } from "../../kube/ref.ts";
import type { ObjectRef } from "../../kube/types.ts";
import { containersOf, podSpecOf, podSpecPath } from "./pods.ts";
import type { Finding, HazardInput } from "./types.ts";

/** Two entries of one list that count as one; `what` names them: `port 80/TCP`. */
type Twin = { path: string; what: string };

function twins(list: readonly unknown[], path: string, nameOf: (entry: unknown) => string | undefined): Twin[] {
  const seen = new Set<string>();
  return list.flatMap((entry, index) => {
    const what = nameOf(entry);
    if (what === undefined) return [];
    if (seen.has(what)) return [{ path: `${path}[${index}]`, what }];
    seen.add(what);
    return [];
  });
}

const portOf = (field: string) => (entry: unknown) => {
  const port = numberAt(entry, field);
  return port === undefined ? undefined : `port ${port}/${stringAt(entry, "protocol") ?? "TCP"}`;
};

const numberOf = (field: string) => (entry: unknown) => {
  const port = numberAt(entry, field);
  return port === undefined ? undefined : `port ${port}`;
};

const named = (what: string, field: string) => (entry: unknown) => {
  const name = stringAt(entry, field);
  return name === undefined ? undefined : `${what} ${name}`;
};

type Find = (ref: ObjectRef, twin: Twin) => Finding;

/** Entries of a pod's lists that come twice. */
function podTwins(input: HazardInput, find: (spec: ReturnType<typeof podSpecOf>) => Twin[], tell: Find): Finding[] {
  return input.changes.flatMap(({ ref, desired }) => {
    const prefix = podSpecPath(ref.kind).join(".");
    return find(podSpecOf(desired)).map((twin) => tell(ref, { ...twin, path: `${prefix}.${twin.path}` }));
  });
}

const refused: Find = (ref, { path, what }) => ({
  ref,
  field: path,
  message: `${describeRef(ref)} has ${what} twice, at ${path}: the API server refuses that`,
});

const confused: Find = (ref, { path, what }) => ({
  ref,
  field: path,
  message: `${describeRef(ref)} has ${what} twice, at ${path}: Slipway writes both, and a patch by Helm or kubectl takes the one for the other`,
});

/** What the server does not take at all. */
export function findPodTwins(input: HazardInput): Finding[] {
  const find = (spec: ReturnType<typeof podSpecOf>) => [
    ...twins(arrayAt(spec, "volumes"), "volumes", named("volume", "name")),
    ...twins(arrayAt(spec, "containers"), "containers", named("container", "name")),
    ...containersOf(spec).flatMap(({ container, path }) =>
      twins(arrayAt(container, "volumeMounts"), `${path}.volumeMounts`, named("mount", "mountPath")),
    ),
  ];
  return podTwins(input, find, refused);
}

/** What the server takes and then goes by the last of. */
export function findEnvTwins(input: HazardInput): Finding[] {
  const find = (spec: ReturnType<typeof podSpecOf>) =>
    containersOf(spec).flatMap(({ container, path }) =>
      twins(arrayAt(container, "env"), `${path}.env`, named("variable", "name")),
    );
  return podTwins(input, find, confused);
}

/** A patch knows container ports by their number alone. */
export function findContainerPortTwins(input: HazardInput): Finding[] {
  const find = (spec: ReturnType<typeof podSpecOf>) =>
    containersOf(spec).flatMap(({ container, path }) =>
      twins(arrayAt(container, "ports"), `${path}.ports`, numberOf("containerPort")),
    );
  return podTwins(input, find, confused);
}

export function findServicePortTwins({ changes }: HazardInput): Finding[] {
  return servicePorts(changes, portOf("port"), refused);
}

/** A patch knows a Service's ports by their number alone: of TCP 53 and UDP 53 it may lose one. */
export function findServiceNumberTwins({ changes }: HazardInput): Finding[] {
  const same = servicePorts(changes, portOf("port"), confused);
  const isSame = (ref: ObjectRef, path: string) => same.some((one) => one.ref === ref && one.field === path);
  return servicePorts(changes, numberOf("port"), confused).filter(
    ({ ref, field }) => !(ref && isSame(ref, field ?? "")),
  );
}

function servicePorts(changes: HazardInput["changes"], nameOf: (entry: unknown) => string | undefined, tell: Find) {
  return changes
    .filter(({ ref }) => ref.kind === "Service" && ref.apiVersion === "v1")
    .flatMap(({ ref, desired }) =>
      twins(arrayAt(desired, "spec", "ports"), "spec.ports", nameOf).map((twin) => tell(ref, twin)),
    );
}
