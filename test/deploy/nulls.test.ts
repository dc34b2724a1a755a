import { expect, test } from "vitest";
import { readDocument } from "../../src/deploy/objects.ts";

// What an API server makes of each, by Helm 3's install and by Helm 4's.
const cases = [
  {
    name: "texts by name are empty",
    manifest: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", labels: { x: null } }, data: { x: null } },
    read: { metadata: { name: "a", labels: { x: "" } }, data: { x: "" } },
  },
  {
    name: "quantities are none",
    manifest: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "a" },
      spec: { resources: { limits: { cpu: null } } },
    },
    read: { metadata: { name: "a" }, spec: { resources: { limits: { cpu: "0" } } } },
  },
  {
    name: "a selector by labels is empty, one by rules is not there",
    manifest: { apiVersion: "v1", kind: "Service", metadata: { name: "a" }, spec: { selector: { x: null } } },
    read: { metadata: { name: "a" }, spec: { selector: { x: "" } } },
  },
  {
    name: "fields are not there",
    manifest: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "a", labels: null, creationTimestamp: null },
      spec: {
        replicas: null,
        selector: { matchLabels: null },
        template: { spec: { containers: [{ command: null }] } },
      },
    },
    read: { metadata: { name: "a" }, spec: { selector: {}, template: { spec: { containers: [{}] } } } },
  },
  {
    name: "a custom kind keeps them",
    manifest: {
      apiVersion: "example.com/v1",
      kind: "Widget",
      metadata: { name: "a", annotations: { x: null } },
      spec: { size: null },
    },
    read: { metadata: { name: "a", annotations: { x: "" } }, spec: { size: null } },
  },
];

test.each(cases)("nulls: $name", ({ manifest, read }) => {
  const { apiVersion, kind } = manifest;
  expect(readDocument(JSON.stringify(manifest), "a.yaml").map(({ object }) => object)).toEqual([
    { apiVersion, kind, ...read },
  ]);
});
