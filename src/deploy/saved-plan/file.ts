import { randomBytes } from "node:crypto";
import { closeSync, fstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { SlipwayError } from "../../base/error.ts";
import { isJsonObject, type JsonObject } from "../../base/json-path.ts";
import { sha256 } from "../../base/sha256.ts";
import { canonicalJson } from "../../plan/fields.ts";
import { checkShape } from "./shape.ts";
import type { SavedPlan } from "./types.ts";

const maxBytes = 32 * 1024 * 1024;
const maxDepth = 200;

const makeAnew = "Make the plan again with slipway plan --out.";

/** Writes the plan where only its owner may read it; a file that is there is replaced, never written into. */
export function writeSavedPlan(path: string, plan: SavedPlan): void {
  const text = encodeSavedPlan(plan);
  if (Buffer.byteLength(text) > maxBytes) {
    throw new SlipwayError("LIMIT_EXCEEDED", `The plan of ${plan.release} is too large for a file: more than 32 MiB`, {
      hint: "Deploy without a saved plan, or divide the chart.",
    });
  }
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: "wx" });
    renameSync(draft, path);
  } catch (cause) {
    rmSync(draft, { force: true });
    throw new SlipwayError("INPUT_INVALID", `Cannot write the plan to "${path}": ${textOf(cause)}`, {
      where: path,
      hint: "Name a file in a folder that is there and may be written to.",
      cause,
    });
  }
}

/** Reads it back; PLAN_INVALID where it is no plan, of another version, or not as it was written. */
export function readSavedPlan(path: string): SavedPlan {
  return decodeSavedPlan(readBounded(path), path);
}

function readBounded(path: string): string {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const stats = fstatSync(file);
    if (!stats.isFile()) throw invalid(path, "is no file");
    if (stats.size > maxBytes) throw invalid(path, "is larger than 32 MiB");
    return readFileSync(file, "utf8");
  } catch (cause) {
    if (cause instanceof SlipwayError) throw cause;
    throw new SlipwayError("INPUT_INVALID", `Cannot read the plan "${path}": ${textOf(cause)}`, {
      where: path,
      hint: "Name the file that slipway plan --out wrote.",
      cause,
    });
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** One JSON object: what binds the plan, and a hash over all of it. */
export function encodeSavedPlan(plan: SavedPlan): string {
  return `${JSON.stringify({ ...plan, integrity: integrityOf(plan) }, undefined, 1)}\n`;
}

export function decodeSavedPlan(text: string, path: string): SavedPlan {
  if (depthOf(text) > maxDepth) throw invalid(path, "is nested too deeply");
  const { integrity, ...plan } = parse(text, path);
  if (plan["format"] !== "slipway-plan") throw invalid(path, "is not a saved plan");
  if (plan["version"] !== 1) {
    const version = String(plan["version"]).slice(0, 20);
    throw invalid(path, `is of version ${version}, and this version of Slipway reads 1`);
  }
  if (integrity !== integrityOf(plan)) throw invalid(path, "is not as it was written: it was changed, or cut off");
  const problem = checkShape(plan);
  if (problem !== undefined) throw invalid(path, `is not a saved plan: ${problem}`);
  return plan as SavedPlan;
}

function parse(text: string, path: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch {
    // Told below, without what stands there.
  }
  throw invalid(path, "is not a JSON object");
}

/** It finds what was damaged or edited. Who can write the file can also make the hash anew. */
function integrityOf(plan: object): string {
  return `sha256:${sha256(canonicalJson(plan))}`;
}

function depthOf(text: string): number {
  let [depth, deepest, isText] = [0, 0, false];
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (isText) {
      if (sign === "\\") at++;
      else if (sign === '"') isText = false;
    } else if (sign === '"') isText = true;
    else if (sign === "{" || sign === "[") deepest = Math.max(deepest, ++depth);
    else if (sign === "}" || sign === "]") depth--;
  }
  return deepest;
}

function invalid(path: string, what: string): SlipwayError {
  return new SlipwayError("PLAN_INVALID", `The plan "${path}" ${what}`, { where: path, hint: makeAnew });
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
