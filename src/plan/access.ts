/** What a command asks of the API server, by what it asks it for. */
export type Purpose =
  | "records-read"
  | "records-create"
  | "records-update"
  | "records-remove"
  | "lock"
  | "namespace-read"
  | "quotas-read"
  | "autoscalers-read"
  | "objects-read"
  | "objects-try"
  | "objects-compare"
  | "objects-write"
  | "objects-remove"
  | "objects-await"
  | "hooks-run"
  | "tests-run"
  | "pods-follow"
  | "pods-replace"
  | "namespaces-create"
  | "previews-furnish";

type Resource = { group: string; resource: string };

export type Access = {
  /** Of these; else of the kinds of the chart, its hooks or its tests. */
  of?: Resource | "records";
  verbs: readonly string[];
  /** What does not work without it, where the command goes on all the same. */
  without?: string;
};

const core = (resource: string): Resource => ({ group: "", resource });
const lateWithout = "Pods that fail can't be told before the time is up";

/**
 * The verbs, each in one place: what a plan finds missing is worked out from them, `slipway rbac` prints them, and
 * test/e2e/rbac.test.ts runs every command with just these on a real control plane.
 */
export const access = {
  "records-read": [
    { of: "records", verbs: ["list"] },
    { of: "records", verbs: ["get"], without: "A release whose record is larger than one object can't be read" },
  ],
  "records-create": [{ of: "records", verbs: ["create"] }],
  "records-update": [{ of: "records", verbs: ["update"] }],
  "records-remove": [{ of: "records", verbs: ["delete"], without: "Old revisions stay recorded" }],
  lock: [
    {
      of: { group: "coordination.k8s.io", resource: "leases" },
      verbs: ["get", "create", "update", "patch", "delete"],
      without: "Two deploys of this release at once are told by their records alone",
    },
  ],
  "namespace-read": [{ of: core("namespaces"), verbs: ["get"], without: "A namespace that is missing is told later" }],
  "quotas-read": [{ of: core("resourcequotas"), verbs: ["list"], without: "A quota that is too small is told later" }],
  "autoscalers-read": [
    {
      of: { group: "autoscaling", resource: "horizontalpodautoscalers" },
      verbs: ["list"],
      without: "Replicas that an autoscaler sets are not told apart",
    },
  ],
  "objects-read": [{ verbs: ["get"] }],
  "objects-try": [{ verbs: ["create", "patch"], without: "What the server itself would make of it is not shown" }],
  "objects-compare": [
    { verbs: ["list"], without: "Objects are asked for one by one" },
    { verbs: ["patch"], without: "A value that the server writes otherwise is taken for a difference" },
  ],
  "objects-write": [{ verbs: ["create", "patch"] }],
  "objects-remove": [{ verbs: ["delete"] }],
  "objects-await": [{ verbs: ["list", "watch"] }],
  "hooks-run": [{ verbs: ["create", "delete", "list", "watch"] }],
  "tests-run": [
    { verbs: ["create", "delete", "list", "watch"] },
    { verbs: ["get"], without: "The logs of a test that is a Pod are not shown" },
  ],
  "pods-follow": [
    { of: core("pods"), verbs: ["list", "watch"], without: lateWithout },
    { of: { group: "apps", resource: "replicasets" }, verbs: ["list", "watch"], without: lateWithout },
    { of: core("pods/log"), verbs: ["get"], without: "A failure is told without the pods' logs" },
    { of: core("events"), verbs: ["list"], without: "A failure is told without its events" },
  ],
  "pods-replace": [
    { of: core("pods"), verbs: ["delete"], without: "A broken pod of a StatefulSet stops every later revision" },
  ],
  "namespaces-create": [{ of: core("namespaces"), verbs: ["create"] }],
  "previews-furnish": [
    { of: core("namespaces"), verbs: ["get", "list", "watch", "create", "patch", "delete"] },
    { of: core("resourcequotas"), verbs: ["get", "create", "update", "delete"] },
    { of: { group: "networking.k8s.io", resource: "networkpolicies" }, verbs: ["get", "create", "update", "delete"] },
    { of: core("secrets"), verbs: ["get", "list", "create", "update", "delete"] },
  ],
} as const satisfies Record<Purpose, readonly Access[]>;

const recordPurposes = ["records-read", "records-create", "records-update", "records-remove", "lock"] as const;
const hazardPurposes = ["namespace-read", "quotas-read", "autoscalers-read"] as const;
const changePurposes = [
  "objects-read",
  "objects-write",
  "objects-remove",
  "objects-await",
  "hooks-run",
  "pods-follow",
  "pods-replace",
] as const;

/** What each command does; those that are left out ask nothing of a cluster. */
export const purposesOf = {
  deploy: [...recordPurposes, ...hazardPurposes, ...changePurposes],
  plan: ["records-read", ...hazardPurposes, "objects-read", "objects-try"],
  rollback: [...recordPurposes, ...changePurposes],
  uninstall: [
    "records-read",
    "records-update",
    "records-remove",
    "lock",
    "objects-read",
    "objects-remove",
    "objects-await",
    "hooks-run",
    "pods-follow",
  ],
  test: ["records-read", "records-update", "lock", "tests-run", "pods-follow"],
  unlock: ["records-read", "records-update", "lock"],
  drift: ["records-read", "namespace-read", "autoscalers-read", "objects-read", "objects-compare"],
  "drift-correct": [
    "records-read",
    "lock",
    "namespace-read",
    "autoscalers-read",
    "objects-read",
    "objects-compare",
    "objects-write",
  ],
  /** In namespaces that are yet to come, so for all. */
  preview: ["previews-furnish", ...recordPurposes, ...hazardPurposes, ...changePurposes],
  status: ["records-read", "objects-read"],
  history: ["records-read"],
  list: ["records-read"],
  get: ["records-read"],
} as const satisfies Record<string, readonly Purpose[]>;

export type AccessCommand = keyof typeof purposesOf;
