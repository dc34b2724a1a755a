import { posix } from "node:path";
import { GoSlice, GoTypedMap } from "../base/go-objects.ts";
import { fromBytes, toBytes } from "../base/go-string.ts";
import type { GoMap, GoValue } from "../base/go-value.ts";
import { writeYaml } from "../base/yaml/write.ts";
import type { ChartFile } from "../chart/types.ts";
import { compileFileGlob } from "./file-glob.ts";

/** What `.Files` is in a template: the chart's files by path, those under `templates/` and `charts/` left out. */
export function filesObject(files: readonly ChartFile[]): FilesObject {
  return new FilesObject(new LazyFiles(files.map((file) => [file.name, file.data])));
}

/** Turns a file's bytes into text when the file is first asked for: most never are. */
class LazyFiles extends Map<string, GoValue> {
  readonly #bytes: Map<string, Uint8Array>;

  constructor(files: [string, Uint8Array][]) {
    super(files.map(([name]) => [name, null]));
    this.#bytes = new Map(files);
  }

  override get(name: string): GoValue | undefined {
    const bytes = this.#bytes.get(name);
    if (bytes !== undefined) {
      super.set(name, fromBytes(bytes));
      this.#bytes.delete(name);
    }
    return super.get(name);
  }

  override *entries(): MapIterator<[string, GoValue]> {
    for (const name of super.keys()) yield [name, this.get(name) ?? null];
    return undefined;
  }

  override [Symbol.iterator](): MapIterator<[string, GoValue]> {
    return this.entries();
  }

  override *values(): MapIterator<GoValue> {
    for (const [, value] of this.entries()) yield value;
    return undefined;
  }
}

class FilesObject extends GoTypedMap {
  constructor(entries: GoMap) {
    super("engine.files", entries, "");
  }

  override method(name: string): ((...args: GoValue[]) => GoValue) | undefined {
    return methods.get(name)?.(this.entries);
  }

  // Files never change, and to copy them all would be to read them all.
  override copy(): this {
    return this;
  }
}

type FileMethod = (files: GoMap) => (...args: GoValue[]) => GoValue;

const methods = new Map<string, FileMethod>([
  ["Get", (files) => (name) => textOf(files, name)],
  ["GetBytes", (files) => (name) => textOf(files, name)],
  ["Lines", (files) => (name) => new GoSlice("[]string", linesOf(textOf(files, name)))],
  ["Glob", (files) => (pattern) => new FilesObject(select(files, compileFileGlob(String(pattern))))],
  ["AsConfig", (files) => () => asYaml(files, (text) => text)],
  ["AsSecrets", (files) => () => asYaml(files, (text) => toBytes(text).toString("base64"))],
]);

function textOf(files: GoMap, name: GoValue | undefined): string {
  return String(files.get(String(name)) ?? "");
}

function linesOf(text: string): string[] {
  if (text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

function select(files: GoMap, matches: (name: string) => boolean): GoMap {
  const found: GoMap = new Map();
  for (const name of files.keys()) if (matches(name)) found.set(name, files.get(name) ?? "");
  return found;
}

// Files of one name in two folders: the later takes the place.
function asYaml(files: GoMap, encode: (text: string) => string): string {
  const entries: GoMap = new Map();
  for (const name of files.keys()) entries.set(posix.basename(name), encode(textOf(files, name)));
  return writeYaml(entries).replace(/\n$/, "");
}
