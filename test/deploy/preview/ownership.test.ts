import { expect, test } from "vitest";
import {
  annotations,
  ownershipOf,
  previewLabel,
  previewNamespace,
} from "../../../src/deploy/preview/namespace-object.ts";
import type { KubeObject } from "../../../src/kube/types.ts";

const identity = { repository: "github.com/o/r", number: 7, release: "shop" };

function made(change: (namespace: KubeObject) => void = () => {}): KubeObject {
  const namespace = structuredClone(previewNamespace({ identity, name: "pr-7-shop", labels: { team: "web" } }));
  Object.assign(namespace.metadata, { uid: "u-1", resourceVersion: "1" });
  annotationsOf(namespace)[annotations.uid] = "u-1";
  change(namespace);
  return namespace;
}

function annotationsOf({ metadata }: KubeObject): Record<string, string> {
  metadata.annotations ??= {};
  return metadata.annotations;
}

function without(namespace: KubeObject, annotation: string): void {
  delete annotationsOf(namespace)[annotation];
}

const managed = (manager: string, operation: string) => [
  { manager, operation, fieldsV1: { "f:metadata": { "f:annotations": { [`f:${annotations.owner}`]: {} } } } },
];

test("a namespace that Slipway made is told by its marks", () => {
  const namespace = made((each) => {
    Object.assign(annotationsOf(each), {
      [annotations.expires]: "2026-01-02T00:00:00.000Z",
      [annotations.commit]: "abc",
    });
  });
  expect(ownershipOf(namespace)).toMatchObject({
    ours: true,
    preview: { identity, commit: "abc", expires: Date.UTC(2026, 0, 2), isGoing: false },
  });
});

const foreign: [name: string, change: (namespace: KubeObject) => void, why: RegExp][] = [
  ["of anybody", (each) => Object.assign(each.metadata, { labels: {}, annotations: {} }), /not marked as a preview/],
  ["without an owner", (each) => without(each, annotations.owner), /names no preview/],
  [
    "without the label",
    (each) => Object.assign(each.metadata, { labels: {} }),
    /its label slipway.dev\/preview is not/,
  ],
  [
    "with the label of another preview",
    (each) => Object.assign(each.metadata.labels ?? {}, { [previewLabel]: "0123" }),
    /its label slipway.dev\/preview is not/,
  ],
  [
    "with the owner of another",
    (each) => Object.assign(annotationsOf(each), { [annotations.owner]: "github.com/o/r#8 shop" }),
    /its label slipway.dev\/preview is not/,
  ],
  ["that is a copy under another name", (each) => Object.assign(each.metadata, { name: "prod" }), /another namespace/],
  ["that was restored from a backup", (each) => Object.assign(each.metadata, { uid: "u-2" }), /made anew/],
  ["that has no uid noted, and no manager", (each) => without(each, annotations.uid), /made anew/],
  [
    "that kubectl applied, without the uid",
    (each) => {
      without(each, annotations.uid);
      each.metadata["managedFields"] = managed("kubectl-client-side-apply", "Update");
    },
    /made anew/,
  ],
];
test.each(foreign)("a namespace %s is not ours", (_, change, why) => {
  expect(ownershipOf(made(change))).toEqual({ ours: false, why: expect.stringMatching(why) });
});

test("one whose run was killed right after it had made it is ours", () => {
  const namespace = made((each) => {
    without(each, annotations.uid);
    each.metadata["managedFields"] = managed("slipway", "Update");
  });
  expect(ownershipOf(namespace)).toMatchObject({ ours: true });
});

test("labels of the workflow's don't replace those that tell whose it is", () => {
  const { metadata } = previewNamespace({ identity, name: "pr-7-shop", labels: { [previewLabel]: "x", a: "b" } });
  expect(metadata.labels).toMatchObject({ a: "b", [previewLabel]: expect.stringMatching(/^[0-9a-f]{32}$/) });
});
