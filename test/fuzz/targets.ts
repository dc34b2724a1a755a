import { readFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { fromBytes } from "../../src/base/go-string.ts";
import type { GoMap, GoValue } from "../../src/base/go-value.ts";
import { readYaml } from "../../src/base/yaml/read.ts";
import { writeYaml } from "../../src/base/yaml/write.ts";
import { newBudget } from "../../src/chart/budget.ts";
import { chartFromFiles } from "../../src/chart/chart-from-files.ts";
import { readArchive } from "../../src/chart/read-archive.ts";
import { readValues } from "../../src/chart/read-values.ts";
import type { Chart } from "../../src/chart/types.ts";
import { decodeRelease } from "../../src/release/codec.ts";
import { readHelm2Release } from "../../src/release/helm2/read-release.ts";
import { createLexer } from "../../src/template/lexer.ts";
import { sprigFunctions } from "../../src/template/sprig/functions.ts";
import { createTemplateSet } from "../../src/template/template-set.ts";
import { SetError, setValues } from "../../src/values/set-parser.ts";
import { jsonSyntax, literalSyntax, stringSyntax, typedSyntax } from "../../src/values/set-syntax.ts";
import { validateSchemas } from "../../src/values/validate-schema.ts";
import { pax, tar, tgz } from "../chart/tar-fixture.ts";
import { chart } from "../values/chart-fixture.ts";
import { fixtureSeeds, words } from "./seeds.ts";

/** What is fed with broken input: it may do with it what it likes, but fail only with a SlipwayError. */
export type Target = { seeds: Buffer[]; words: Buffer[]; run(input: Buffer): void | Promise<void> };

const templateWords = words(
  '{{ }} {{- ␣-}} {{/* */}} if else end range with define block template break continue nil true . .a $ $x := = , | ( ) "a" ` \' 1 -2.5e3 0x1F 1i \\ printf index include tpl toYaml repeat until ⏎ é',
);
const yamlWords = words(
  "⏎ ␣␣ - -␣ ?␣ :␣ : # , [ ] { } & &a * *a ! !!str !!binary !!float | |- |+2 > >- ' \" \\ \\x41 \\u263a %YAML␣1.1 --- ... <<:␣*a ~ null yes 0x1f 0o7 .inf 1e400 2001-12-14 ⇥ é \ufeff \u2028",
);

const data: GoValue = new Map<string, GoValue>([
  ["a", "x"],
  ["Values", new Map<string, GoValue>([["list", ["p", null, 2]]])],
]);

/** Records of Helm 2's, as protobuf. */
function helm2Seeds(): Buffer[] {
  const lines = readFileSync("test/release/fixtures/helm2.jsonl", "utf8").trim().split("\n");
  return lines.map((line) => gunzipSync(Buffer.from(JSON.parse(line).data.release, "base64")));
}

export const targets: Readonly<Record<string, () => Target>> = {
  lexer: () => ({
    seeds: fixtureSeeds(/\/templates\//),
    words: templateWords,
    run(input) {
      const lexer = createLexer(fromBytes(input), { breakOk: true, continueOk: true });
      for (let token = lexer.next(); token.type !== "eof" && token.type !== "error"; token = lexer.next());
    },
  }),

  parser: () => ({
    seeds: fixtureSeeds(/\/templates\//),
    words: templateWords,
    run(input) {
      const limits = { steps: 2000, outputBytes: 100_000, timeMs: 500, depth: 50 };
      const set = createTemplateSet(sprigFunctions, { limits, missingKey: "zero" });
      set.parse("t", fromBytes(input));
      set.execute("t", data);
    },
  }),

  yaml: () => ({
    seeds: fixtureSeeds(/values.*\.yaml$|Chart\.yaml$|\/files\//),
    words: yamlWords,
    run(input) {
      const value = readYaml(fromBytes(input), { numbers: "typed" });
      writeYaml(value, { indentSequences: true });
      readYaml(writeYaml(value));
    },
  }),

  set: () => ({
    seeds: ["a=1", "a.b[0].c=x,d={1,2},e=null", "a[1][2]=3", 'a={"b":[1,{"c":null}]}', "a\\.b=c\\,d", "a=,b=0x1f"].map(
      (text) => Buffer.from(text),
    ),
    words: words('= , . [ ] { } \\ a 0 65536 65537 -1 1e9 null true "x" [0] .b {a,b} __proto__ constructor'),
    run(input) {
      for (const syntax of [typedSyntax, stringSyntax, literalSyntax, jsonSyntax]) {
        const values: GoMap = new Map();
        try {
          setValues(fromBytes(input), values, syntax);
        } catch (error) {
          if (!(error instanceof SetError)) throw error;
        }
      }
    },
  }),

  values: () => ({
    seeds: [...fixtureSeeds(/values.*\.yaml$/), Buffer.from("port: 1\nname: x\n")],
    words: yamlWords,
    run: (input) => void readValues(fromBytes(input), "values.yaml"),
  }),

  records: () => ({
    seeds: [Buffer.from('{"name":"a","version":1,"info":{"status":"deployed"},"hooks":[{"name":"h"}],"chart":{}}')],
    words: words('{ } [ ] : , "name" "version" "info" "manifest" "hooks" "chart" "__proto__" 1 -1 1e9 null "x"'),
    run: async (input) => void (await decodeRelease(input.toString("base64"), {})),
  }),

  helm2: () => ({
    seeds: helm2Seeds(),
    words: [[0x0a, 0x03], [0x12, 0x80, 0x01], [0x3a], [0xff, 0xff, 0xff, 0xff, 0x0f], [0x08, 0x01], [0x62, 0x00]].map(
      (bytes) => Buffer.from(bytes),
    ),
    run: async (input) => void (await readHelm2Release(input.toString("base64"))),
  }),

  schema: () => ({
    seeds: fixtureSeeds(/values\.schema\.json$/),
    words: words(
      '{ } [ ] , : "type" "object" "array" "string" "properties" "patternProperties" "pattern" "(?i)^a+$" "required" "additionalProperties" "anyOf" "allOf" "not" "enum" "const" "minimum" "items" "format" "uri" "$ref" "#" "#/properties/a" "definitions" "default" true false null 0 -1.5e3 "__proto__"',
    ),
    // An address would be asked for.
    run: (input) => (/:\/\/|urn:/.test(input.toString("latin1").replace(draft, "")) ? undefined : validate(input)),
  }),

  tar: () => ({
    seeds: archives(),
    words: words("c/ ../ / ./ Chart.yaml templates/ \0 0000644 00000000010 ustar 0 1 2 5 L K x g"),
    run(input) {
      const files = readArchive(gzipSync(withCheckSums(input), { level: 1 }), "c.tgz", newBudget());
      chartFromFiles(files, "c.tgz", { budget: newBudget(), helm: "4" });
    },
  }),
};

const draft = /"http:\/\/json-schema\.org\/draft-0\d\/schema#?"/;
const values = readYaml("{port: 1, name: x, list: [1, {a: b}], constructor: 1, nested: {a: null}}") as GoMap;

async function validate(schema: Buffer): Promise<void> {
  const own: Chart = { ...chart("c"), schema };
  await validateSchemas(own, values);
}

function archives(): Buffer[] {
  const metadata = { name: "c/Chart.yaml", data: "apiVersion: v2\nname: c\nversion: 1.0.0\n" };
  const subchart = tgz([{ name: "s/Chart.yaml", data: "name: s\nversion: 1.0.0\n" }]);
  return [
    tar([metadata, { name: "c/values.yaml", data: "a: 1\n" }, { name: "c/templates/a.yaml", data: "kind: A\n" }]),
    tar([{ name: "pax", type: "x", data: pax("path", "c/templates/long.yaml") }, { name: "x" }, metadata]),
    tar([{ name: "long", type: "L", data: "c/README.md\0" }, { name: "x", data: "text" }, metadata]),
    tar([metadata, { name: "c/link", type: "2", link: "README.md" }, { name: "c/charts/s.tgz", data: subchart }]),
  ];
}

// Without its right sum no header would be read any further.
function withCheckSums(archive: Buffer): Buffer {
  const fixed = Buffer.from(archive);
  for (let at = 0; at + 512 <= fixed.length; at += 512) {
    const header = fixed.subarray(at, at + 512);
    if (header.toString("latin1", 257, 262) !== "ustar") continue;
    header.fill(" ", 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  }
  return fixed;
}
