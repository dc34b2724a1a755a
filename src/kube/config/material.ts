import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { SlipwayError } from "../../base/error.ts";
import { stringAt } from "../../base/json-path.ts";
import type { Entry } from "./select.ts";

/** A certificate or key of an entry: `KEY-data` in base64, else the file that `KEY` names. */
export function materialOf(entry: Entry, key: string): string | undefined {
  const data = stringAt(entry.value, `${key}-data`);
  if (data) return Buffer.from(data, "base64").toString("utf8");
  const path = stringAt(entry.value, key);
  return path ? readMaterial(pathFrom(entry.folder, path), key) : undefined;
}

export function pathFrom(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

export function readMaterial(path: string, what: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SlipwayError("KUBE_CONFIG", `Cannot read the ${what}: ${reason}`, { where: path, cause });
  }
}

/** A certificate authority given as PEM, as PEM in base64, or as a path. */
export function givenAuthority(given: string): string {
  if (given.includes("-----BEGIN")) return given;
  const unpacked = Buffer.from(given, "base64").toString("utf8");
  return unpacked.includes("-----BEGIN") ? unpacked : readMaterial(given.trim(), "certificate-authority");
}
