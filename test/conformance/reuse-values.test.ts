import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { part } from "../parts.ts";
import { makeWorld, type World } from "../scenarios/tools.ts";

const root = mkdtempSync(join(tmpdir(), "slipway-reuse-"));
let sandbox: Sandbox;
let world: World;
beforeAll(async () => {
  sandbox = await startSandbox();
  world = await makeWorld(sandbox.kubeconfig);
  writeChart("first", "a: 1\nmap: {old: 1, both: 1, gone: null}\nsub: {x: 1}\n", "x: 0\ny: 0\n");
  writeChart("second", "a: 2\nmap: {new: 2, both: 2}\nsub: {z: 2}\nmore: true\n", "x: 9\nw: 9\n");
});
afterAll(async () => {
  world.close();
  await sandbox.close();
  rmSync(root, { recursive: true, force: true });
});

function writeChart(name: string, values: string, subvalues: string): void {
  const sub = join(root, name, "charts", "sub");
  mkdirSync(join(sub, "templates"), { recursive: true });
  mkdirSync(join(root, name, "templates"), { recursive: true });
  writeFileSync(join(sub, "Chart.yaml"), "{apiVersion: v2, name: sub, version: 1.0.0}");
  writeFileSync(join(sub, "values.yaml"), subvalues);
  const dependencies = "[{name: sub, version: 1.0.0, import-values: [{child: ., parent: imported}]}]";
  writeFileSync(
    join(root, name, "Chart.yaml"),
    `{apiVersion: v2, name: shop, version: 1.0.0, dependencies: ${dependencies}}`,
  );
  writeFileSync(join(root, name, "values.yaml"), values);
  const template = `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}}
data: {values: {{ .Values | toYaml | b64enc }}}
`;
  writeFileSync(join(root, name, "templates", "values.yaml"), template);
}

const given = {
  nothing: [],
  some: ["--set", "map.both=9,big=10000000", "--set", "new.deep=x"],
  nulls: ["--set", "user=null,map.old=null,sub.x=null"],
};
const modes = ["", "--reset-values", "--reuse-values", "--reset-then-reuse-values"];
const cases = modes.flatMap((mode) => Object.entries(given).map(([name, sets]) => ({ mode, name, sets })));

describe.runIf(part("helm3") && part("helm4"))("an upgrade takes over what Helm takes over", () => {
  test.for(["3", "4"].flatMap((helm) => cases.map((one) => ({ helm: helm as "3" | "4", ...one }))))(
    "Helm $helm, $mode with $name given",
    async ({ helm, mode, name, sets }) => {
      const tool = world[`helm${helm}`];
      const theirs = `theirs-${helm}-${cases.findIndex((one) => one.mode === mode && one.name === name)}`;
      const ours = theirs.replace("theirs", "ours");
      const start = ["--set", "map.both=5,user.a=1,user.b=1000000", "--set-json", 'list=[1,{"a":2}]'];
      for (const release of [theirs, ours]) {
        expect(await tool("install", release, join(root, "first"), ...start)).toMatchObject({ code: 0 });
      }
      const words = [join(root, "second"), ...(mode === "" ? [] : [mode]), ...sets];
      expect(await tool("upgrade", theirs, ...words)).toMatchObject({ code: 0 });
      expect(await world.slipway("upgrade", ours, ...words, "--helm", helm, "--wait=false")).toMatchObject({ code: 0 });
      const answers = await Promise.all(
        [theirs, ours].map(async (release) => [
          JSON.parse((await tool("get", "values", release, "-o", "json")).out),
          (await tool("get", "manifest", release)).out.replaceAll(release, "RELEASE"),
        ]),
      );
      expect(answers[1]).toEqual(answers[0]);
    },
  );
});
