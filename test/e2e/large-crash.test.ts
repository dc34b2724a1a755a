import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { connect } from "../../src/kube/connect.ts";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { type Ended, runSlipway } from "../scenarios/tools.ts";

let folder: string;
let chart: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-large-crash-"));
  chart = join(folder, "chart");
  mkdirSync(join(chart, "templates"), { recursive: true });
  writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: it\nversion: 1.0.0\n");
  writeFileSync(join(chart, "noise.txt"), [1, 2, 3].map(() => randomBytes(600_000).toString("base64")).join());
  const template = `{{- range until 3 }}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: "large-{{ . }}"}
data: {a: {{ $.Values.a | quote }}, blob: {{ index (splitList "," ($.Files.Get "noise.txt")) . | quote }}}
{{- end }}
`;
  writeFileSync(join(chart, "templates/all.yaml"), template);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Left = { sent: number; next: Ended; objects: string[]; records: string[] };

/** Upgrades a release with a large record and kills it when it sends its request of that index about records. */
async function killAt(index: number): Promise<Left> {
  let child: ChildProcess | undefined;
  let sent = 0;
  const sandbox = await startSandbox({
    intercept: ({ path }) => {
      if (child === undefined || !path.includes("/secrets")) return child?.killed ? "stall" : undefined;
      if (sent++ !== index) return child.killed ? "stall" : undefined;
      child.kill("SIGKILL");
      return "stall";
    },
  });
  const kubeconfig = join(mkdtempSync(join(folder, "run-")), "kubeconfig");
  writeFileSync(kubeconfig, sandbox.kubeconfig, { mode: 0o600 });
  const place = ["-n", "it", "--kubeconfig", kubeconfig];
  const deploy = (a: string) => ["deploy", "it", chart, "--create-namespace", "--set-string", `a=${a}`, ...place];
  const kube = await connect({ kubeconfig });
  const namesOf = async (kind: string) =>
    (await kube.list("v1", kind, { namespace: "it" })).items.map((item) => item.metadata.name);
  try {
    expect(await runSlipway(deploy("1"))).toMatchObject({ code: 0 });
    child = spawn(process.execPath, [join(inject("dist"), "cli.js"), ...deploy("2")], { stdio: "ignore" });
    await once(child, "exit");
    const counted = sent;
    child = undefined;
    const next = await runSlipway(deploy("3"));
    const objects = (await namesOf("ConfigMap")).filter((name) => name !== "kube-root-ca.crt");
    expect(await runSlipway(["uninstall", "it", ...place])).toMatchObject({ code: 0 });
    return { sent: counted, next, objects, records: await namesOf("Secret") };
  } finally {
    kube.close();
    await sandbox.close();
  }
}

test("a release with a record in parts, killed at any request about it, is mended by the next deploy", {
  timeout: 600_000,
}, async () => {
  const { sent } = await killAt(Number.POSITIVE_INFINITY);
  expect(sent).toBeGreaterThan(8);
  for (let index = 0; index < sent; index += 1) {
    const { next, objects, records } = await killAt(index);
    expect({ index, ...next }).toMatchObject({ index, code: 0 });
    expect(objects).toEqual(["large-0", "large-1", "large-2"]);
    expect({ index, records }).toEqual({ index, records: [] });
  }
  console.log(`killed at each of ${sent} requests`);
});
