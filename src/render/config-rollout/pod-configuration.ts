import type { GoMap, GoValue } from "../../base/go-value.ts";

export type ConfigKind = "ConfigMap" | "Secret";

/** One place where a pod's specification names a ConfigMap or a Secret: `holder.get(key)` is the name. */
export type ConfigReference = { kind: ConfigKind; holder: GoMap; key: string; name: string; isContent: boolean };

/** Where a workload has the template of its pods. */
const podTemplates: Readonly<Record<string, readonly string[]>> = {
  Deployment: ["spec", "template"],
  StatefulSet: ["spec", "template"],
  DaemonSet: ["spec", "template"],
  ReplicaSet: ["spec", "template"],
  ReplicationController: ["spec", "template"],
  Job: ["spec", "template"],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
  Pod: [],
};

type Place = { kind: ConfigKind; path: string; isContent: boolean };

const inContainers: readonly Place[] = ["containers", "initContainers", "ephemeralContainers"].flatMap((list) => [
  { kind: "ConfigMap", path: `${list}.*.env.*.valueFrom.configMapKeyRef.name`, isContent: true },
  { kind: "Secret", path: `${list}.*.env.*.valueFrom.secretKeyRef.name`, isContent: true },
  { kind: "ConfigMap", path: `${list}.*.envFrom.*.configMapRef.name`, isContent: true },
  { kind: "Secret", path: `${list}.*.envFrom.*.secretRef.name`, isContent: true },
]);

/** Every field of a pod's specification that names a ConfigMap or a Secret; `isContent` where the pod sees what is in it. */
const places: readonly Place[] = [
  ...inContainers,
  { kind: "ConfigMap", path: "volumes.*.configMap.name", isContent: true },
  { kind: "Secret", path: "volumes.*.secret.secretName", isContent: true },
  { kind: "ConfigMap", path: "volumes.*.projected.sources.*.configMap.name", isContent: true },
  { kind: "Secret", path: "volumes.*.projected.sources.*.secret.name", isContent: true },
  { kind: "Secret", path: "volumes.*.csi.nodePublishSecretRef.name", isContent: false },
  { kind: "Secret", path: "imagePullSecrets.*.name", isContent: false },
];

/** The template of a workload's pods; `undefined` for what has none. */
export function podTemplateOf(kind: string, object: GoValue): GoMap | undefined {
  const path = podTemplates[kind];
  const template = path?.reduce<GoValue | undefined>((value, key) => mapOf(value)?.get(key), object);
  return mapOf(template);
}

export function configReferences(podTemplate: GoMap): ConfigReference[] {
  const spec = podTemplate.get("spec");
  return places.flatMap(({ kind, path, isContent }) => {
    const steps = path.split(".");
    const key = steps.pop() ?? "";
    return holders(spec, steps).flatMap((holder) => {
      const name = holder.get(key);
      return typeof name === "string" && name !== "" ? [{ kind, holder, key, name, isContent }] : [];
    });
  });
}

function holders(value: GoValue | undefined, [step, ...rest]: readonly string[]): GoMap[] {
  if (step === undefined) return value instanceof Map ? [value] : [];
  if (step === "*") return Array.isArray(value) ? value.flatMap((item) => holders(item, rest)) : [];
  return holders(mapOf(value)?.get(step), rest);
}

export function mapOf(value: GoValue | undefined): GoMap | undefined {
  return value instanceof Map ? value : undefined;
}
