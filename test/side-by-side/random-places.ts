import { readManifest } from "../../src/deploy/objects.ts";
import type { KubeObject } from "../../src/kube/types.ts";
import type { World } from "../scenarios/tools.ts";
import { differencesOf } from "./differences.ts";
import type { Snapshot } from "./snapshot.ts";

type Place = { object: string; path: string };

/** Tells whether two renderings by Helm differ in a place too: in what a template draws by lot. */
export async function randomPlaces(
  world: World,
  words: readonly string[],
  namespace: string,
): Promise<(place: Place) => boolean> {
  const [first, second] = [await rendering(world, words), await rendering(world, words)];
  const placeOf = ({ object, path }: Place) =>
    `${object.replaceAll(namespace, "NAMESPACE")} ${path.replace(".stringData.", ".data.")}`;
  const random = new Set(differencesOf(first, second).map(placeOf));
  return ({ object, path }) => random.has(placeOf({ object: withoutNamespace(object), path }));
}

async function rendering(world: World, words: readonly string[]): Promise<Snapshot> {
  const { code, out, err } = await world.helm3("template", ...words);
  if (code !== 0) throw new Error(`helm template ${words.join(" ")} ended with ${code}:\n${err}`);
  return new Map(readManifest(out).map(({ object }) => [nameOf(object), object]));
}

function nameOf({ apiVersion, kind, metadata }: KubeObject): string {
  return `${apiVersion} ${kind} ${metadata.name}`;
}

function withoutNamespace(object: string): string {
  return object.replace(/ [^ /]+\/([^/ ]+)$/, " $1");
}

/** A JSON pointer as `differencesOf` writes a path. */
export function pathOfPointer(pointer: string): string {
  const keys = pointer.split("/").slice(1);
  const plain = keys.map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  return plain.map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`)).join("");
}
