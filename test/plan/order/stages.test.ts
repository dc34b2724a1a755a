import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../../src/kube/types.ts";
import { ensureOrder, inOrder, stagesOf } from "../../../src/plan/order/stages.ts";
import type { Change } from "../../../src/plan/types.ts";

const versions: Record<string, string> = {
  Deployment: "apps/v1",
  Job: "batch/v1",
  CustomResourceDefinition: "apiextensions.k8s.io/v1",
  ValidatingWebhookConfiguration: "admissionregistration.k8s.io/v1",
  Widget: "example.com/v1",
};
const clusterWide = ["CustomResourceDefinition", "Namespace", "ValidatingWebhookConfiguration"];

type Notes = Record<string, string>;

function object(text: string, annotations: Notes = {}, fields: Record<string, unknown> = {}): KubeObject {
  const [kind = "", name = ""] = text.split("/");
  const namespace = clusterWide.includes(kind) ? {} : { namespace: "shop" };
  return { apiVersion: versions[kind] ?? "v1", kind, metadata: { name, ...namespace, annotations }, ...fields };
}

function change(desired: KubeObject): Change {
  const { apiVersion, kind, metadata } = desired;
  const { name, namespace } = metadata;
  const ref = { apiVersion, kind, name, ...(namespace ? { namespace } : {}) };
  return { action: "create", ref, desired, operations: [] };
}

function deletion(live: KubeObject): Change {
  const { desired: _, ...rest } = change(live);
  return { ...rest, action: "delete", live };
}

const on = (text: string) => ({ "slipway.dev/depends-on": text });
const wave = (text: string) => ({ "slipway.dev/wave": text });
const names = (changes: readonly Change[]) => changes.map(({ ref }) => ref.name).join(" ");

/** `a b | c (a)`: c comes in a later stage, after a is ready. */
function told(changes: readonly Change[]): string {
  return stagesOf(changes)
    .map(({ changes: own, ready, gone }) => {
      const waits = [...(ready.length > 0 ? [names(ready)] : []), ...(gone.length > 0 ? [`gone ${names(gone)}`] : [])];
      return `${names(own)}${waits.length > 0 ? ` (${waits.join("; ")})` : ""}`;
    })
    .join(" | ");
}

const cases: { name: string; changes: Change[]; stages: string }[] = [
  {
    name: "nothing is said",
    changes: [change(object("Service/a")), change(object("Deployment/b")), deletion(object("Service/c"))],
    stages: "a b | c",
  },
  {
    name: "one depends on another that Helm writes later",
    changes: [change(object("ConfigMap/a", on("Job/c"))), change(object("Deployment/b")), change(object("Job/c"))],
    stages: "b c | a (c)",
  },
  {
    name: "a chain, named in any case, with group and namespace",
    changes: [
      change(object("Deployment/a", on("shop/deployment.apps/b"))),
      change(object("Deployment/b", on("JOB/c, Service/d"))),
      change(object("Service/d")),
      change(object("Job/c")),
    ],
    stages: "d c | b (c d) | a (b)",
  },
  {
    name: "waves, one after the other",
    changes: [
      change(object("Service/a")),
      change(object("Deployment/b", wave("1"))),
      change(object("Deployment/c", wave("-1"))),
      change(object("Job/d", wave("1"))),
    ],
    stages: "c | a (c) | b d (a)",
  },
  {
    name: "a dependency within a wave, and one on an earlier wave",
    changes: [
      change(object("Deployment/a", { ...wave("1"), ...on("Job/b") })),
      change(object("Job/b", wave("1"))),
      change(object("Job/c", { ...wave("2"), ...on("Job/d") })),
      change(object("Job/d")),
    ],
    stages: "d | b (d) | a (b) | c (b a d)",
  },
  {
    name: "nelm's and Argo CD's annotations",
    changes: [
      change(object("Deployment/a", { "werf.io/deploy-dependency-1": "state=ready,kind=Job,name=b" })),
      change(object("Job/b")),
      change(object("Deployment/c", { "werf.io/weight": "10" })),
      change(object("Deployment/d", { "argocd.argoproj.io/sync-wave": "-5" })),
    ],
    stages: "d | b (d) | a (b) | c (b a)",
  },
  {
    name: "nelm's wait for presence alone",
    changes: [
      change(object("Deployment/a", { "werf.io/deploy-dependency-x": "state=present,kind=Job" })),
      change(object("Job/b")),
    ],
    stages: "b | a",
  },
  {
    name: "what Argo CD can't read is wave 0",
    changes: [change(object("Service/a", { "argocd.argoproj.io/sync-wave": "soon" })), change(object("Job/b"))],
    stages: "a b",
  },
  {
    name: "a custom object goes along with its definition",
    changes: [
      change(
        object("CustomResourceDefinition/widgets", on("Job/b"), {
          spec: { group: "example.com", names: { kind: "Widget" } },
        }),
      ),
      change(object("Job/b")),
      change(object("Widget/w")),
    ],
    stages: "b | widgets w (b)",
  },
  {
    name: "a webhook goes along with what Helm writes before it",
    changes: [
      change(object("Deployment/server", on("Job/keys"))),
      change(object("Job/keys")),
      change(object("ValidatingWebhookConfiguration/hook")),
    ],
    stages: "keys | server hook (keys)",
  },
  {
    name: "deletions go the other way",
    changes: [
      deletion(object("Job/a")),
      deletion(object("Deployment/b", on("Job/a"))),
      deletion(object("Service/c", wave("1"))),
    ],
    stages: "c | b (gone c) | a (gone b)",
  },
  {
    name: "a live object's annotations that can't be read stop no deletion",
    changes: [
      deletion(object("Job/a", { ...on("nobody"), ...wave("x") })),
      deletion(object("Service/b", on("Job/gone"))),
    ],
    stages: "a b",
  },
];

test.each(cases)("stages: $name", ({ changes, stages }) => {
  expect(told(changes)).toBe(stages);
  // As apply works it out again from the plan's order.
  expect(told(inOrder(changes))).toBe(stages);
});

const refused: { name: string; changes: Change[]; says: string }[] = [
  {
    name: "a circle",
    changes: [
      change(object("Deployment/a", on("Job/b"))),
      change(object("Job/b", on("Service/c"))),
      change(object("Service/c", on("Deployment/a"))),
    ],
    says: "goes in a circle: Deployment shop/a → Job shop/b → Service shop/c → Deployment shop/a",
  },
  {
    name: "a namespace that waits for what lies in it",
    changes: [change(object("Namespace/shop", on("shop/Job/b"))), change(object("Job/b"))],
    says: "goes in a circle: Namespace shop → Job shop/b → Namespace shop",
  },
  {
    name: "an object that is not there",
    changes: [change(object("Deployment/a", on("Job/typo")))],
    says: 'Deployment shop/a: its annotation slipway.dev/depends-on names "Job/typo", which is no object of this release',
  },
  {
    name: "an object that waits for itself",
    changes: [change(object("Deployment/a", on("Deployment/a")))],
    says: "Deployment shop/a waits for itself",
  },
  {
    name: "an object of a later wave",
    changes: [change(object("Deployment/a", on("Job/b"))), change(object("Job/b", wave("2")))],
    says: "Deployment shop/a (wave 0) → Job shop/b (wave 2): the first waits for the second, and its wave comes first",
  },
  {
    name: "what is no reference",
    changes: [change(object("Deployment/a", on("just-a-name")))],
    says: 'Deployment shop/a: its annotation slipway.dev/depends-on has "just-a-name", which is not [namespace/]kind[.group]/name',
  },
  {
    name: "what is no number",
    changes: [change(object("Deployment/a", wave("first")))],
    says: 'Deployment shop/a: its annotation slipway.dev/wave is "first", not a whole number',
  },
  {
    name: "what nelm can't read",
    changes: [change(object("Deployment/a", { "werf.io/deploy-dependency-1": "kind=Job" }))],
    says: "has to say state=ready or state=present",
  },
];

test.each(refused)("refused: $name", ({ changes, says }) => {
  expect(() => ensureOrder(changes)).toThrow(says);
  // A recorded manifest that asks for it is carried out all the same, every object once.
  expect(names(inOrder(changes)).split(" ").sort()).toEqual(names(changes).split(" ").sort());
});

describe("webhooks", () => {
  const service = object("Service/guard", {}, { spec: { selector: { app: "guard" } } });
  const server = object("Deployment/guard", {}, { spec: { template: { metadata: { labels: { app: "guard" } } } } });
  const configuration = (webhook: Record<string, unknown>) =>
    object(
      "ValidatingWebhookConfiguration/guard",
      {},
      {
        webhooks: [
          {
            clientConfig: { service: { namespace: "shop", name: "guard" } },
            rules: [{ operations: ["CREATE"], apiGroups: ["example.com"], apiVersions: ["*"], resources: ["widgets"] }],
            ...webhook,
          },
        ],
      },
    );

  const gated = (
    webhook: Record<string, unknown>,
    widget = object("Widget/w"),
    turn = (changes: Change[]) => changes,
    spec?: Record<string, unknown>,
  ) => {
    const changes = [spec ? { ...service, spec } : service, server, configuration(webhook), widget].map(change);
    const [stage] = stagesOf(turn(changes));
    return [...(stage?.gates ?? [])].map(([waiting, services]) => `${waiting.ref.name} waits for ${names(services)}`);
  };

  test("an object that a new webhook is asked about waits for its service", () => {
    expect(gated({})).toEqual(["w waits for guard"]);
    expect(gated({ objectSelector: { matchLabels: { on: "yes" } } }, labelled({ on: "yes" }))).toEqual([
      "w waits for guard",
    ]);
  });

  const free: [string, Record<string, unknown>, KubeObject?][] = [
    ["it lets pass what can't be asked", { failurePolicy: "Ignore" }],
    ["its service is somebody else's", { clientConfig: { service: { namespace: "other", name: "guard" } } }],
    [
      "it is asked about other kinds",
      { rules: [{ operations: ["*"], apiGroups: ["*"], apiVersions: ["*"], resources: ["pods"] }] },
    ],
    [
      "it is asked about deletions alone",
      { rules: [{ operations: ["DELETE"], apiGroups: ["*"], apiVersions: ["*"], resources: ["*"] }] },
    ],
    [
      "its selector leaves the object out",
      { objectSelector: { matchExpressions: [{ key: "off", operator: "DoesNotExist" }] } },
      labelled({ off: "1" }),
    ],
  ];
  test.each(free)("nobody waits where %s", (_, webhook, widget) => {
    expect(gated(webhook, widget)).toEqual([]);
  });

  test("nobody waits for endpoints where the service is a name for somewhere else, which has none", () => {
    const elsewhere = { type: "ExternalName", externalName: "guard.example.com" };
    expect(gated({}, undefined, undefined, elsewhere)).toEqual([]);
  });

  test("nobody waits for one that was there before", () => {
    expect(
      gated({}, undefined, (changes) =>
        changes.map((one) => (one.ref.kind === "ValidatingWebhookConfiguration" ? { ...one, action: "change" } : one)),
      ),
    ).toEqual([]);
  });

  function labelled(labels: Record<string, string>): KubeObject {
    const widget = object("Widget/w");
    return { ...widget, metadata: { ...widget.metadata, labels } };
  }
});

test("thousands of objects that wait for each other are put in order at once", () => {
  const many = Array.from({ length: 4000 }, (_, index) =>
    change(object(`Deployment/d${index}`, on(`Job/hub${index % 10 === 9 ? `, Deployment/d${index - 1}` : ""}`))),
  );
  const webhook = change(object("ValidatingWebhookConfiguration/hook"));
  const started = performance.now();
  const stages = stagesOf([...many, change(object("Job/hub")), webhook]);
  expect(stages.map(({ changes }) => changes.length)).toEqual([1, 3600, 401]);
  expect(performance.now() - started).toBeLessThan(5000);
});
