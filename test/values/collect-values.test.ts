import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { GoValue } from "../../src/base/go-value.ts";
import { collectValues } from "../../src/values/collect-values.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "values-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(root, name);
  writeFileSync(path, text);
  return path;
}

test("each kind of source wins over those before it", async () => {
  const all = { x: 1, a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1 };
  const first = file("first.yaml", JSON.stringify({ map: all }));
  const second = file("second.yaml", "map: {a: second}");
  const content = file("content.txt", "text\n");
  const values = await collectValues({
    setLiteral: ["map.g=literal"],
    setFile: [`map.f=${content}`, `map.g=${content}`],
    setString: ["map.e=0,map.f=0"],
    set: ["map.d=2,map.e=2"],
    setJson: ['map.c=[3],map.d="json"', '{"map":{"x":null}}'],
    inline: ["map: {b: inline, c: inline}"],
    files: [first, second],
  });
  expect(values).toEqual(
    new Map([
      [
        "map",
        new Map<string, GoValue>([
          ["x", null],
          ["a", "second"],
          ["b", "inline"],
          ["c", [3]],
          ["d", 2n],
          ["e", "0"],
          ["f", "text\n"],
          ["g", "literal"],
        ]),
      ],
    ]),
  );
});

test("maps merge, lists and all else are replaced, null stays until the defaults are known", async () => {
  const values = await collectValues({ inline: ["a: {b: [1, 2], c: {d: 1}}", "a: {b: [3], c: null}", "a: {e: 1}"] });
  expect(values).toEqual(
    new Map([
      [
        "a",
        new Map<string, GoValue>([
          ["b", [3]],
          ["c", null],
          ["e", 1],
        ]),
      ],
    ]),
  );
});

test("a file of several documents is merged as Helm 4 does, or cut off as Helm 3 does", async () => {
  const path = file("documents.yaml", "# first\na: 1\n---\nb: 2\n--- # third\na: 3\n");
  expect(await collectValues({ files: [path] })).toEqual(
    new Map([
      ["a", 3],
      ["b", 2],
    ]),
  );
  expect(await collectValues({ files: [path], helm: "3" })).toEqual(new Map([["a", 1]]));
});

test("a block of text at the end of a file has its line break in Helm 4 alone", async () => {
  const path = file("block.yaml", "a: |\n  text");
  expect(await collectValues({ files: [path] })).toEqual(new Map([["a", "text\n"]]));
  expect(await collectValues({ files: [path], helm: "3" })).toEqual(new Map([["a", "text"]]));
});

test("an empty file has no values", async () => {
  expect(await collectValues({ files: [file("empty.yaml", "# nothing\n")] })).toEqual(new Map());
});

test("a text is transformed before it is read", async () => {
  const transform = async (text: string, name: string) => text.replace("NAME", name);
  expect(await collectValues({ inline: ["a: NAME"], transform })).toEqual(new Map([["a", "values"]]));
});

test.each([
  ["a: [1\nb: 2\n", "YAML_INVALID", /broken\.yaml:\d+:\d+$/],
  ["a: 1\n---\nb: 2\nc: [\n", "YAML_INVALID", /broken\.yaml:[45]:\d+$/],
  ["a: 1\n--- text\n", "YAML_INVALID", /broken\.yaml:2$/],
  ["- 1\n", "VALUES_INVALID", /broken\.yaml$/],
])("%j is refused with its place", async (text, code, where) => {
  const path = file("broken.yaml", text);
  await expect(collectValues({ files: [path] })).rejects.toMatchObject({ code, where: expect.stringMatching(where) });
});

test.each([
  [{ files: ["none.yaml"] }, "VALUES_NOT_FOUND", /none\.yaml.*no such file/],
  [{ files: ["/"] }, "VALUES_NOT_FOUND", /it is a folder/],
  [{ setFile: ["a=none.txt"] }, "VALUES_NOT_FOUND", /none\.txt/],
  [{ set: ["a"] }, "VALUES_INVALID", /--set a: key "a" has no value/],
  [{ setJson: ["a={"] }, "VALUES_INVALID", /--set-json a=\{/],
  [{ setJson: ['{"a":1} x'] }, "VALUES_INVALID", /failed parsing --set-json data/],
])("%j is %s", async (sources, code, message) => {
  await expect(collectValues(sources)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});
