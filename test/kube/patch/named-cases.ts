import type { JsonObject } from "../../../src/base/json-path.ts";
import type { PatchCase } from "./objects.ts";

type Spec = JsonObject;

function deployment(name: string, original: Spec, modified: Spec, live: Spec): PatchCase & { name: string } {
  const object = (spec: Spec) => ({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec });
  const states = { original: object(original), modified: object(modified), live: object(live) };
  return { name, apiVersion: "apps/v1", kind: "Deployment", states };
}

function service(name: string, original: Spec, modified: Spec, live: Spec): PatchCase & { name: string } {
  const object = (spec: Spec) => ({ apiVersion: "v1", kind: "Service", metadata: { name: "web" }, spec });
  const states = { original: object(original), modified: object(modified), live: object(live) };
  return { name, apiVersion: "v1", kind: "Service", states };
}

const pod = (...containers: Spec[]): Spec => ({ template: { spec: { containers } } });
const container = (name: string, rest: Spec = {}): Spec => ({ name, image: `${name}:1`, ...rest });
const env = (...pairs: [name: string, value: string][]): Spec => ({
  env: pairs.map(([name, value]) => ({ name, value })),
});

/** The stories that people tell of Helm's patches, and the corners of the algorithm. */
export const namedCases: (PatchCase & { name: string })[] = [
  deployment("replicas scaled by hand come back", { replicas: 3 }, { replicas: 3 }, { replicas: 0 }),
  deployment("replicas that the chart stops naming are deleted", { replicas: 3 }, {}, { replicas: 5 }),
  deployment("replicas that the chart never named stay", {}, {}, { replicas: 5 }),
  deployment(
    "an injected sidecar stays when the chart changes",
    pod(container("web")),
    pod(container("web", { image: "web:2" })),
    pod(container("web"), container("sidecar")),
  ),
  deployment(
    "a container that the chart drops goes, and an injected one stays",
    pod(container("web"), container("old")),
    pod(container("web")),
    pod(container("web"), container("old"), container("sidecar")),
  ),
  deployment(
    "a container that somebody has removed comes back",
    pod(container("web"), container("helper")),
    pod(container("web"), container("helper")),
    pod(container("web")),
  ),
  deployment(
    "an added container stands where the chart has it",
    pod(container("a"), container("c")),
    pod(container("a"), container("b"), container("c")),
    pod(container("a"), container("c"), container("sidecar")),
  ),
  deployment(
    "containers change places",
    pod(container("a"), container("b")),
    pod(container("b"), container("a")),
    pod(container("a"), container("b"), container("sidecar")),
  ),
  deployment(
    "variables: one changed, one dropped, one by hand, one new",
    pod(container("web", env(["A", "1"], ["B", "1"]))),
    pod(container("web", env(["A", "2"], ["C", "1"]))),
    pod(container("web", env(["A", "1"], ["B", "1"], ["HAND", "1"]))),
  ),
  deployment(
    "a variable given twice",
    pod(container("web", env(["A", "1"], ["A", "2"]))),
    pod(container("web", env(["A", "1"], ["A", "3"]))),
    pod(container("web", env(["A", "1"], ["A", "2"]))),
  ),
  deployment(
    "a variable that is given twice, once",
    pod(container("web", env(["A", "1"], ["A", "2"]))),
    pod(container("web", env(["A", "1"]))),
    pod(container("web", env(["A", "1"], ["A", "2"]))),
  ),
  deployment(
    "the strategy becomes Recreate",
    { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } } },
    { strategy: { type: "Recreate" } },
    { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: "25%" } } },
  ),
  deployment(
    "the strategy's defaults meet a chart that names its type only",
    { strategy: { type: "RollingUpdate" } },
    { strategy: { type: "RollingUpdate" } },
    { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } } },
  ),
  deployment(
    "a volume changes its source",
    { template: { spec: { volumes: [{ name: "data", emptyDir: {} }] } } },
    { template: { spec: { volumes: [{ name: "data", configMap: { name: "c" } }] } } },
    {
      template: {
        spec: {
          volumes: [
            { name: "data", emptyDir: {} },
            { name: "token", projected: {} },
          ],
        },
      },
    },
  ),
  deployment(
    "arguments are replaced as a whole",
    pod(container("web", { args: ["-a"] })),
    pod(container("web", { args: ["-a", "-b"] })),
    pod(container("web", { args: ["-a", "-hand"] })),
  ),
  deployment("a value becomes null", { replicas: 3, paused: true }, { replicas: null, paused: true }, { replicas: 3 }),
  deployment("a list becomes empty", pod(container("web", env(["A", "1"]))), pod(container("web", { env: [] })), {
    ...pod(container("web", env(["A", "1"], ["HAND", "1"]))),
  }),
  service(
    "a port changes its number",
    { ports: [{ port: 80, name: "http" }] },
    { ports: [{ port: 8080, name: "http" }] },
    { ports: [{ port: 80, name: "http", protocol: "TCP", targetPort: 80, nodePort: 30080 }] },
  ),
  service(
    "one number, two protocols",
    { ports: [{ port: 53, protocol: "UDP", name: "dns" }] },
    {
      ports: [
        { port: 53, protocol: "UDP", name: "dns" },
        { port: 53, protocol: "TCP", name: "dns-tcp" },
      ],
    },
    { ports: [{ port: 53, protocol: "UDP", name: "dns", targetPort: 53 }] },
  ),
  service(
    "a node port given by the cluster stays",
    { type: "NodePort", ports: [{ port: 80 }] },
    { type: "NodePort", ports: [{ port: 80, targetPort: "http" }] },
    {
      type: "NodePort",
      clusterIP: "10.0.0.1",
      ports: [{ port: 80, targetPort: 80, nodePort: 31000, protocol: "TCP" }],
    },
  ),
];
