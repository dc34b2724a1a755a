import { goJsonEncode } from "../../base/go-json.ts";
import { sha256 } from "../../base/sha256.ts";
import { dependencyStruct } from "../go-struct.ts";
import type { Dependency } from "../types.ts";

/** The digest that a lock file has for what was asked for and what was found, as Helm computes it. */
export function lockDigest(asked: readonly Dependency[], locked: readonly Dependency[]): string {
  return digestOf([asked.map(dependencyStruct), locked.map(dependencyStruct)]);
}

/** The digest that Helm 2 wrote into `requirements.lock`. */
export function oldLockDigest(asked: readonly Dependency[]): string {
  return digestOf({ dependencies: asked.map(dependencyStruct) });
}

function digestOf(value: unknown): string {
  return `sha256:${sha256(Buffer.from(goJsonEncode(value)))}`;
}
