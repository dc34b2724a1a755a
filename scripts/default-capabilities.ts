// Writes src/render/default-capabilities.ts: what `.Capabilities` is in the real Helm when it has no cluster to ask.
// Run: node scripts/default-capabilities.ts
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { helmBinaries } from "./helm-binaries.ts";

const probe = `{{ .Capabilities.KubeVersion.Version }}
{{ .Capabilities.HelmVersion.Version }}
{{ .Capabilities.HelmVersion.GoVersion }}
{{ join "\\n" .Capabilities.APIVersions }}`;

function ask(helm: string): string[] {
  const chart = mkdtempSync(join(tmpdir(), "probe-"));
  try {
    mkdirSync(join(chart, "templates"));
    writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: probe\nversion: 1.0.0\n");
    writeFileSync(join(chart, "templates/probe.yaml"), `probe: |\n  {{ include "probe" . | nindent 2 }}\n`);
    writeFileSync(join(chart, "templates/_probe.tpl"), `{{ define "probe" }}${probe}{{ end }}`);
    const output = execFileSync(helm, ["template", chart], { encoding: "utf8" });
    return output
      .slice(output.indexOf("|\n") + 2)
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
  } finally {
    rmSync(chart, { recursive: true });
  }
}

const [kube4 = "", helm4 = "", go4 = "", ...apis4] = ask(helmBinaries["4"]);
const [, helm3 = "", go3 = "", ...apis3] = ask(helmBinaries["3"]);
if (JSON.stringify(apis3) !== JSON.stringify(apis4)) throw new Error("Helm 3 and Helm 4 differ in their API versions");

const text = `// Made by scripts/default-capabilities.ts from the real Helm.

/** Of the Kubernetes client inside Helm. A Helm 3 that is built without its release script says v1.20.0 instead. */
export const defaultKubeVersion = "${kube4}";

export const helmBuilds = {
  "3": { version: "${helm3}", goVersion: "${go3}" },
  "4": { version: "${helm4}", goVersion: "${go4}", kubeClientVersion: "${kube4.split(".").slice(0, 2).join(".")}" },
} as const;

/** Every group and version that Helm's Kubernetes client knows. */
export const defaultApiVersions: readonly string[] = [
${apis4.map((api) => `  "${api}",`).join("\n")}
];
`;
writeFileSync(join(import.meta.dirname, "../src/render/default-capabilities.ts"), text);
console.log(`${apis4.length} API versions, ${helm3}, ${helm4}, Kubernetes ${kube4}`);
