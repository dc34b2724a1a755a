/** Writes the shapes of the certificates and keys that the real Helm makes, for test/template/sprig/certificates.test.ts. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { certificateTemplate, shapesOf } from "../test/template/sprig/certificate-shape.ts";

const helm = process.env["HELM"] ?? join(homedir(), ".cache/slipway/parts/helm4@v4.3.1");
const chart = mkdtempSync(join(tmpdir(), "certificate-shapes-"));
try {
  mkdirSync(join(chart, "templates"));
  writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: shapes\nversion: 0.1.0\n");
  writeFileSync(join(chart, "templates/all.yaml"), `kind: Shapes\n${certificateTemplate}`);
  const output = execFileSync(helm, ["template", "t", chart], { encoding: "utf8", maxBuffer: 1 << 26 });
  const file = new URL("../test/template/sprig/certificates.generated.json", import.meta.url);
  writeFileSync(file, `${JSON.stringify(shapesOf(output), null, 1)}\n`);
} finally {
  rmSync(chart, { recursive: true });
}
