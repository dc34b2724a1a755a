import { expect, test } from "vitest";
import { readDocument, readManifest } from "../../src/deploy/objects.ts";

const script = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  init.sh: |\n    echo "hello"';

test.each([
  { name: "a document without a last line break", read: () => readDocument(script, "a.yaml") },
  { name: "a recorded manifest", read: () => readManifest(`---\n# Source: a.yaml\n${script}\n`) },
  {
    name: "a document that another one follows",
    read: () => readManifest(`---\n# Source: a.yaml\n${script}\n---\n# Source: b.yaml\n${script}\n`),
  },
])("the last block scalar of $name ends with a line break, as in Helm", ({ read }) => {
  expect(read()[0]?.object).toMatchObject({ data: { "init.sh": 'echo "hello"\n' } });
});
