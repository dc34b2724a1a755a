import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { nodeCrypto } from "../base/node-library.ts";

/** Writes so that a reader sees the old file or the new one, never half of it. */
export function writeFileWhole(path: string, data: string | Uint8Array, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${nodeCrypto().randomBytes(6).toString("hex")}.tmp`;
  try {
    writeFileSync(temporary, data, { mode, flag: "wx" });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
