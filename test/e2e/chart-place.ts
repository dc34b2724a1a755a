import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { newBudget } from "../../src/chart/budget.ts";
import { readArchive } from "../../src/chart/read-archive.ts";
import { partPath } from "../parts.ts";

export type Tool = "slipway" | "helm3" | "helm4";
export type Ended = { code: number; out: string; err: string };
export type Run = { stdin?: string; env?: Record<string, string> };
export type Place = ReturnType<ReturnType<typeof placesIn>>;

/** Makes places of their own for tests: a folder, a home, and the tools run there. */
export function placesIn(root: () => string) {
  return (name: string) => {
    const folder = mkdtempSync(join(root(), `${name}-`));
    const home = { HOME: folder, PATH: process.env["PATH"] ?? "" };
    const run = (tool: Tool, words: string[], { stdin = "", env = {} }: Run = {}): Promise<Ended> =>
      new Promise((resolve) => {
        const [program, ...first] =
          tool === "slipway" ? [process.execPath, join(inject("dist"), "cli.js")] : [partPath(tool)];
        const options = { cwd: folder, env: { ...home, ...env } };
        const child = execFile(program ?? "", [...first, ...words], options, (error, out, err) =>
          resolve({ code: error === null ? 0 : 1, out, err }),
        );
        // Helm may end before it has read what is meant for it.
        child.stdin?.on("error", () => {});
        child.stdin?.end(stdin);
      });
    const tool = async (name: Tool, ...words: string[]): Promise<string> => {
      const { code, out, err } = await run(name, words);
      if (code !== 0) throw new Error(`${name} ${words.join(" ")}: ${err}`);
      return out + err;
    };
    const write = (path: string, content: string | Uint8Array): string => {
      const target = join(folder, path);
      mkdirSync(join(target, ".."), { recursive: true });
      writeFileSync(target, content);
      return target;
    };
    return { folder, at: (...parts: string[]) => join(folder, ...parts), run, tool, write };
  };
}

/** A chart whose metadata has something of every kind that a manifest or an index repeats. */
export function writeChart(place: Pick<Place, "at">, name: string, version: string, more = ""): string {
  const folder = place.at(name);
  mkdirSync(join(folder, "templates"), { recursive: true });
  const yaml = `apiVersion: v2\nname: ${name}\nversion: ${version}\ndescription: A "<b>" & c\nmaintainers:\n- {name: A, email: a@b.c}\n- {name: B}\nsources: [https://x.y]\nannotations: {z: last, a: first}\n${more}`;
  writeFileSync(join(folder, "Chart.yaml"), yaml);
  writeFileSync(join(folder, "values.yaml"), "a: 1\n");
  writeFileSync(join(folder, "templates/a.yaml"), "version: {{ .Chart.Version }}\n");
  return folder;
}

/** What an archive holds, by path and in base64. */
export function filesOf(archive: string): Record<string, string> {
  const files = readArchive(readFileSync(archive), archive, newBudget());
  return Object.fromEntries(files.map(({ name, data }) => [name, Buffer.from(data).toString("base64")]));
}
