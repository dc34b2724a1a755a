import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Evaluates one template expression for each input, in one run of the real Helm. In the expression `$in` is the input;
 * it must give a string.
 */
export function askHelm(helm: string, expression: string, inputs: readonly unknown[]): string[] {
  const chart = mkdtempSync(join(tmpdir(), "helm-oracle-"));
  try {
    mkdirSync(join(chart, "templates"));
    writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: oracle\nversion: 1.0.0\n");
    writeFileSync(join(chart, "inputs.json"), JSON.stringify({ inputs }));
    // base64 keeps the answers apart from the YAML around them.
    const template = `kind: Answers
answers:
{{- range $in := (fromJson (.Files.Get "inputs.json")).inputs }}
- "{{ ${expression} | b64enc }}"
{{- end }}
`;
    writeFileSync(join(chart, "templates", "answers.yaml"), template);
    const printed = execFileSync(helm, ["template", "oracle", chart], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
      stdio: ["ignore", "pipe", "pipe"],
    });
    return [...printed.matchAll(/^- "(.*)"$/gm)].map(([, answer]) =>
      Buffer.from(answer ?? "", "base64").toString("utf8"),
    );
  } finally {
    rmSync(chart, { recursive: true, force: true });
  }
}
