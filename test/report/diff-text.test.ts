import { expect, test } from "vitest";
import type { KubeObject } from "../../src/kube/types.ts";
import type { Change } from "../../src/plan/types.ts";
import { diffLines } from "../../src/report/diff-text.ts";
import { noPaint } from "../../src/report/paint.ts";

const object = (kind: string, fields: Record<string, unknown>): KubeObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name: "one", namespace: "shop", uid: "1", resourceVersion: "7" },
  ...fields,
});

const change = (action: Change["action"], live: KubeObject | undefined, after: KubeObject): Change => ({
  action,
  ref: { apiVersion: "v1", kind: after.kind, namespace: "shop", name: "one" },
  ...(live ? { live } : {}),
  after,
  operations: [],
});

const pod = (containers: unknown[]) => object("Pod", { spec: { containers } });
const noted = (note: string, value: string): KubeObject => {
  const secret = object("Secret", { data: { a: value } });
  const annotations = { "kubectl.kubernetes.io/last-applied-configuration": note };
  return { ...secret, metadata: { ...secret.metadata, annotations } };
};

const cases: [name: string, change: Change, lines: string[]][] = [
  [
    "a change shows the lines that change, and three around them",
    change(
      "change",
      object("ConfigMap", { data: { a: "1", b: "2", c: "3", d: "4", e: "5" } }),
      object("ConfigMap", { data: { a: "1", b: "2", c: "3", d: "4", e: "6" } }),
    ),
    [
      "~ ConfigMap shop/one: change",
      "    … data",
      '       b: "2"',
      '       c: "3"',
      '       d: "4"',
      '    -  e: "5"',
      '    +  e: "6"',
      "     kind: ConfigMap",
      "     metadata:",
      "       name: one",
    ],
  ],
  [
    "a Secret shows which of its keys change, and no value",
    change(
      "change",
      object("Secret", { data: { a: "b2xk", b: "c2FtZQ==" } }),
      object("Secret", { data: { a: "bmV3", b: "c2FtZQ==" } }),
    ),
    [
      "~ Secret shop/one: change",
      "     apiVersion: v1",
      "     data:",
      "    -  a: (hidden)",
      "    +  a: (changed)",
      "       b: (hidden)",
      "     kind: Secret",
      "     metadata:",
    ],
  ],
  [
    "a new Secret shows its keys",
    change("create", undefined, object("Secret", { stringData: { a: "secret" } })),
    [
      "+ Secret shop/one: create",
      "    +apiVersion: v1",
      "    +kind: Secret",
      "    +metadata:",
      "    +  name: one",
      "    +  namespace: shop",
      "    +stringData:",
      "    +  a: (hidden)",
    ],
  ],
  [
    "a list's items are those of the same key, wherever they stand",
    change(
      "change",
      pod([
        { name: "log", image: "log:1" },
        { name: "web", image: "web:1", ports: [{ containerPort: 80 }] },
      ]),
      pod([{ name: "web", image: "web:2", ports: [{ containerPort: 80 }] }]),
    ),
    [
      "~ Pod shop/one: change",
      "       namespace: shop",
      "     spec:",
      "       containers:",
      "    -  - image: log:1",
      "    -    name: log",
      "    -  - image: web:1",
      "    +  - image: web:2",
      "         name: web",
      "         ports:",
      "         - containerPort: 80",
    ],
  ],
  [
    "where a change lies is told, where that is not to be seen",
    change(
      "change",
      pod([{ name: "web", env: ["A", "B", "C", "D"].map((name) => ({ name, value: "1" })) }]),
      pod([{ name: "web", env: ["A", "B", "C", "D"].map((name) => ({ name, value: name === "C" ? "2" : "1" })) }]),
    ),
    [
      "~ Pod shop/one: change",
      "    … spec.containers[web].env[C]",
      "         - name: B",
      '           value: "1"',
      "         - name: C",
      '    -      value: "1"',
      '    +      value: "2"',
      "         - name: D",
      '           value: "1"',
      "         name: web",
    ],
  ],
  [
    "a field that becomes the first of its item",
    change("change", pod([{ name: "web", args: ["a"] }]), pod([{ name: "web" }])),
    [
      "~ Pod shop/one: change",
      "       namespace: shop",
      "     spec:",
      "       containers:",
      "    -  - args:",
      "    -    - a",
      "    -    name: web",
      "    +  - name: web",
    ],
  ],
  [
    "items of a list without a key",
    change(
      "change",
      object("Widget", { spec: { rules: [{ host: "a", to: 1 }, { host: "b" }] } }),
      object("Widget", { spec: { rules: [{ host: "a", to: 2 }, { host: "b" }] } }),
    ),
    [
      "~ Widget shop/one: change",
      "     spec:",
      "       rules:",
      "       - host: a",
      "    -    to: 1",
      "    +    to: 2",
      "       - host: b",
    ],
  ],
  [
    "the lines of a long text",
    change(
      "change",
      object("ConfigMap", { data: { file: "1\n2\n3\n4\n5\n6\n" } }),
      object("ConfigMap", { data: { file: "1\n2\n3\n4\n5\nsix\n" } }),
    ),
    [
      "~ ConfigMap shop/one: change",
      "    … data",
      "         3",
      "         4",
      "         5",
      "    -    6",
      "    +    six",
      "     kind: ConfigMap",
      "     metadata:",
      "       name: one",
    ],
  ],
  [
    "what kubectl notes of a Secret is no way around",
    change("change", noted("{data: b2xk}", "b2xk"), noted("{data: b2xk}", "bmV3")),
    [
      "~ Secret shop/one: change",
      "     apiVersion: v1",
      "     data:",
      "    -  a: (hidden)",
      "    +  a: (changed)",
      "     kind: Secret",
      "     metadata:",
      "       annotations:",
    ],
  ],
  ["what stays shows nothing", change("nothing", object("ConfigMap", {}), object("ConfigMap", {})), []],
  [
    "a deletion is one line",
    change("delete", object("ConfigMap", {}), object("ConfigMap", {})),
    ["- ConfigMap shop/one: delete"],
  ],
];

test.each(cases)("%s", (_, subject, lines) => {
  expect(diffLines(subject, noPaint)).toEqual(lines);
});

test("a long text that is another one altogether is compared in no time", () => {
  const lines = (prefix: string) => Array.from({ length: 20_000 }, (_, at) => `${prefix}${at}`).join("\n");
  const told = diffLines(
    change(
      "change",
      object("ConfigMap", { data: { file: lines("a") } }),
      object("ConfigMap", { data: { file: lines("b") } }),
    ),
    noPaint,
  );
  expect(told.filter((line) => line.startsWith("    -    a"))).toHaveLength(20_000);
  expect(told.filter((line) => line.startsWith("    +    b"))).toHaveLength(20_000);
});
