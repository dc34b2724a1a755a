/** Writes test/base/jsonpath/golden/table.json: what the real Helm prints for each JSONPath template; null where it refuses. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { document, templates } from "../test/base/jsonpath/templates.ts";
import { helmBinaries } from "./helm-binaries.ts";

const chart = mkdtempSync(join(tmpdir(), "jsonpath-"));
try {
  writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: jsonpath\nversion: 1.0.0\n");
  writeFileSync(join(chart, "values.yaml"), document);
  const answers = templates.map((template) => {
    const [three, four] = (["3", "4"] as const).map((major) => {
      const { status, stdout } = spawnSync(helmBinaries[major], ["show", "values", chart, "--jsonpath", template], {
        encoding: "utf8",
      });
      return status === 0 ? stdout : null;
    });
    if (three !== four) throw new Error(`Helm 3 and 4 do not agree on ${template}`);
    return [template, four];
  });
  const path = new URL("../test/base/jsonpath/golden/table.json", import.meta.url);
  writeFileSync(path, `${JSON.stringify(Object.fromEntries(answers), undefined, 1)}\n`);
} finally {
  rmSync(chart, { recursive: true });
}
