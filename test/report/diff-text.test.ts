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
