import { posix } from "node:path";
import { GoBytes, GoSlice, GoTypedMap } from "../base/go-objects.ts";
import type { GoMap, GoValue } from "../base/go-value.ts";
import { writeYaml } from "../base/yaml/write.ts";
import type { ChartFile } from "../chart/types.ts";
import { compileFileGlob } from "./file-glob.ts";

/** What `.Files` is in a template: the chart's files by path, those under `templates/` and `charts/` left out. */
export function filesObject(files: readonly ChartFile[]): FilesObject {
  return new FilesObject(new Map(files.map((file) => [file.name, new GoBytes(() => file.data)])));
}

const noBytes = new GoBytes(new Uint8Array());
const nilBytes = new GoBytes();

class FilesObject extends GoTypedMap {
  readonly #files: Files;

  constructor(files: Files) {
    super("engine.files", files, nilBytes);
    this.#files = files;
  }

  override method(name: string): ((...args: GoValue[]) => GoValue) | undefined {
    const method = methods.get(name);
    return method && Object.assign(method.of(this.#files), { params: method.params });
  }

  // Files never change, and to copy them all would be to read them all.
  override copy(): this {
    return this;
  }
}

type Files = Map<string, GoBytes>;
type FileMethod = { params: "string"[]; of: (files: Files) => (name: GoValue) => GoValue };

const methods = new Map<string, FileMethod>([
  ["Get", ofName((files, name) => (files.get(name) ?? noBytes).text)],
  ["GetBytes", ofName((files, name) => files.get(name) ?? noBytes)],
  ["Lines", ofName((files, name) => new GoSlice("[]string", linesOf((files.get(name) ?? noBytes).text)))],
  ["Glob", ofName((files, pattern) => new FilesObject(select(files, compileFileGlob(pattern))))],
  ["AsConfig", { params: [], of: (files) => () => asYaml(files, ({ text }) => text) }],
  ["AsSecrets", { params: [], of: (files) => () => asYaml(files, (bytes) => bytes.marshal()) }],
]);

function ofName(method: (files: Files, name: string) => GoValue): FileMethod {
  return { params: ["string"], of: (files) => (name) => method(files, String(name)) };
}

function linesOf(text: string): string[] {
  if (text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

function select(files: Files, matches: (name: string) => boolean): Files {
  return new Map([...files].filter(([name]) => matches(name)));
}

// Files of one name in two folders: the later takes the place.
function asYaml(files: Files, encode: (bytes: GoBytes) => GoValue): string {
  const entries: GoMap = new Map();
  for (const [name, bytes] of files) entries.set(posix.basename(name), encode(bytes));
  return writeYaml(entries).replace(/\n$/, "");
}
