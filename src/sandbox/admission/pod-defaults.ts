import { arrayAt, isJsonObject, type JsonObject } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { dictAt, dictsAt, ensureDict, setDefaults, textAt } from "../json.ts";
import { suffix } from "../objects/names.ts";
import type { DefaultsContext } from "./defaults.ts";

/** The defaults of a pod template, which are those of a pod but for what admission adds. */
export function defaultPodTemplate(template: JsonObject): void {
  ensureDict(template, "metadata");
  defaultPodSpec(ensureDict(template, "spec"));
}

function defaultPodSpec(spec: JsonObject): void {
  setDefaults(spec, {
    restartPolicy: "Always",
    terminationGracePeriodSeconds: 30,
    dnsPolicy: "ClusterFirst",
    securityContext: {},
    schedulerName: "default-scheduler",
  });
  if (typeof spec["serviceAccountName"] === "string") spec["serviceAccount"] = spec["serviceAccountName"];
  for (const list of ["initContainers", "containers", "ephemeralContainers"]) {
    for (const container of dictsAt(spec, list)) defaultContainer(container);
  }
  for (const volume of dictsAt(spec, "volumes")) defaultVolume(volume);
}

function defaultContainer(container: JsonObject): void {
  const image = textAt(container, "image");
  setDefaults(container, {
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    imagePullPolicy: pullPolicy(image),
    resources: {},
  });
  for (const port of dictsAt(container, "ports")) setDefaults(port, { protocol: "TCP" });
  for (const probe of ["livenessProbe", "readinessProbe", "startupProbe"]) {
    if (isJsonObject(container[probe])) defaultProbe(dictAt(container, probe));
  }
  for (const moment of ["postStart", "preStop"]) defaultHttpGet(dictAt(container, "lifecycle", moment));
  for (const variable of dictsAt(container, "env")) {
    if (variable["value"] === "") delete variable["value"];
    const field = dictAt(variable, "valueFrom", "fieldRef");
    if (field["fieldPath"] !== undefined) setDefaults(field, { apiVersion: "v1" });
  }
}

// Without a tag, or with `latest`, the image is pulled each time.
function pullPolicy(image: string): string {
  if (image.includes("@")) return "IfNotPresent";
  const tag = /:([^/:]+)$/.exec(image)?.[1] ?? "latest";
  return tag === "latest" ? "Always" : "IfNotPresent";
}

function defaultRequests(container: JsonObject): void {
  const limits = dictAt(container, "resources", "limits");
  if (Object.keys(limits).length === 0) return;
  setDefaults(ensureDict(ensureDict(container, "resources"), "requests"), limits);
}

function defaultProbe(probe: JsonObject): void {
  setDefaults(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
  defaultHttpGet(probe);
  if (isJsonObject(probe["grpc"])) setDefaults(dictAt(probe, "grpc"), { service: "" });
}

function defaultHttpGet(owner: JsonObject): void {
  if (isJsonObject(owner["httpGet"])) setDefaults(dictAt(owner, "httpGet"), { path: "/", scheme: "HTTP" });
}

function defaultVolume(volume: JsonObject): void {
  if (Object.keys(volume).length === 1) volume["emptyDir"] = {};
  for (const source of ["secret", "configMap", "downwardAPI", "projected"]) {
    if (isJsonObject(volume[source])) setDefaults(dictAt(volume, source), { defaultMode: 420 });
  }
  if (isJsonObject(volume["hostPath"])) setDefaults(dictAt(volume, "hostPath"), { type: "" });
  for (const source of [...dictsAt(volume, "projected", "sources"), volume]) {
    if (isJsonObject(source["serviceAccountToken"])) {
      setDefaults(dictAt(source, "serviceAccountToken"), { expirationSeconds: 3600 });
    }
    for (const item of dictsAt(source, "downwardAPI", "items")) {
      if (isJsonObject(item["fieldRef"])) setDefaults(dictAt(item, "fieldRef"), { apiVersion: "v1" });
    }
  }
  const claim = dictAt(volume, "ephemeral", "volumeClaimTemplate", "spec");
  if (Object.keys(claim).length > 0) setDefaults(claim, { volumeMode: "Filesystem" });
}

/** A pod of its own: the defaults, and what the server's admission adds when it is made. */
export function defaultPod(pod: KubeObject, { previous }: DefaultsContext): void {
  const spec = ensureDict(pod, "spec");
  defaultPodSpec(spec);
  setDefaults(spec, { enableServiceLinks: true });
  for (const container of [...dictsAt(spec, "initContainers"), ...dictsAt(spec, "containers")])
    defaultRequests(container);
  if (previous !== undefined) return;
  setDefaults(spec, { serviceAccountName: "default", priority: 0, preemptionPolicy: "PreemptLowerPriority" });
  spec["serviceAccount"] = spec["serviceAccountName"];
  mountToken(spec);
  tolerate(spec);
  pod["status"] = { phase: "Pending", qosClass: qosClass(spec) };
}

const tokenPath = "/var/run/secrets/kubernetes.io/serviceaccount";

function mountToken(spec: JsonObject): void {
  if (spec["automountServiceAccountToken"] === false) return;
  const name = `kube-api-access-${suffix()}`;
  const containers = [...dictsAt(spec, "initContainers"), ...dictsAt(spec, "containers")];
  for (const container of containers) {
    const mounts = arrayAt(container, "volumeMounts");
    if (dictsAt(container, "volumeMounts").some((mount) => mount["mountPath"] === tokenPath)) continue;
    container["volumeMounts"] = [...mounts, { name, readOnly: true, mountPath: tokenPath }];
  }
  const fieldRef = { apiVersion: "v1", fieldPath: "metadata.namespace" };
  const sources = [
    { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
    { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
    { downwardAPI: { items: [{ path: "namespace", fieldRef }] } },
  ];
  spec["volumes"] = [...arrayAt(spec, "volumes"), { name, projected: { sources, defaultMode: 420 } }];
}

function tolerate(spec: JsonObject): void {
  const tolerations = [...arrayAt(spec, "tolerations")];
  for (const trouble of ["not-ready", "unreachable"]) {
    const key = `node.kubernetes.io/${trouble}`;
    const known = dictsAt(spec, "tolerations").some((toleration) => toleration["key"] === key);
    if (!known) tolerations.push({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 });
  }
  spec["tolerations"] = tolerations;
}

function qosClass(spec: JsonObject): string {
  const containers = dictsAt(spec, "containers");
  const has = (kind: string) =>
    containers.some((container) => Object.keys(dictAt(container, "resources", kind)).length > 0);
  if (!has("limits") && !has("requests")) return "BestEffort";
  const guaranteed = containers.every((container) =>
    ["cpu", "memory"].every((resource) => {
      const limit = dictAt(container, "resources", "limits")[resource];
      return limit !== undefined && dictAt(container, "resources", "requests")[resource] === limit;
    }),
  );
  return guaranteed ? "Guaranteed" : "Burstable";
}
