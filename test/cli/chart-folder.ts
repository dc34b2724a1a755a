import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Writes a chart that is called as its folder, and gives the folder. */
export function writeChart(folder: string, files: Record<string, string>): string {
  const own = { "Chart.yaml": `apiVersion: v2\nname: ${basename(folder)}\nversion: 1.0.0\n`, ...files };
  for (const [name, text] of Object.entries(own)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}
