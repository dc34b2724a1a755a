import type { Stats } from "node:fs";
import { createRequire } from "node:module";
import type { Script } from "node:vm";

/*
 * Node's own compile cache keeps what was compiled when a file was loaded; what it compiles on first use, which is nearly
 * all, it compiles in each process again. This one keeps what a whole run has used, and works with every Node.
 */

// An `import` of Node's modules reads all that they export, and so loads forty others.
const load = createRequire(import.meta.url);
const fs = load("node:fs") as typeof import("node:fs");
const path = load("node:path") as typeof import("node:path");
const vm = load("node:vm") as typeof import("node:vm");

const keptForMs = 30 * 24 * 60 * 60 * 1000;

type Module = { exports: unknown };

/**
 * Runs a CommonJS file, and those beside it that it requires, none of which may use `import()`; `folder` keeps their compiled
 * code for the next run of the same `use`.
 */
export function runCompiled(file: string, folder: string | undefined, use: string): void {
  if (folder === undefined) load(file);
  else loadCompiled(file, { folder, use, modules: new Map() });
}

type Loading = { folder: string; use: string; modules: Map<string, Module> };

function loadCompiled(file: string, loading: Loading): unknown {
  const known = loading.modules.get(file);
  if (known !== undefined) return known.exports;
  const module: Module = { exports: {} };
  loading.modules.set(file, module);
  const here = path.dirname(file);
  const other = createRequire(file);
  const require = (name: string) =>
    name.startsWith("./") ? loadCompiled(path.join(here, name), loading) : (other(name) as unknown);
  compiled(file, loading).runInThisContext()(module.exports, require, module, file, here);
  return module.exports;
}

function compiled(file: string, { folder, use }: Loading): Script {
  const { size, mtimeMs } = fs.statSync(file);
  const name = path.basename(file, ".cjs");
  const cacheFile = path.join(folder, `${process.version}-${process.arch}-${size}-${mtimeMs}-${use}-${name}`);
  const known = readOwn(cacheFile);
  const cachedData = known?.subarray(headBytes);
  const source = `(function (exports, require, module, __filename, __dirname) {${fs.readFileSync(file, "latin1")}\n})`;
  const script = new vm.Script(source, { filename: file, ...(cachedData && { cachedData }) });
  const isTaken = known !== undefined && !script.cachedDataRejected;
  const kept = isTaken ? known.readDoubleLE(0) : 0;
  process.once("exit", (code) => {
    // A run that failed early has used little.
    if (code === 1) return;
    const bytes = compiledBytes();
    if (bytes > kept + muchMore) keep(cacheFile, folder, () => withHead(bytes, script.createCachedData()));
  });
  return script;
}

// How much was compiled in the run that kept the code, before it: V8 wants the code itself at a multiple of eight.
const headBytes = 8;
const muchMore = 32 * 1024;

function withHead(bytes: number, code: Buffer): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeDoubleLE(bytes);
  return Buffer.concat([head, code]);
}

function compiledBytes(): number {
  const v8 = load("node:v8") as typeof import("node:v8");
  return v8.getHeapCodeStatistics().bytecode_and_metadata_size;
}

/** The user's own folder for compiled code, if there is one. */
export function codeCacheFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const home = env["XDG_CACHE_HOME"] || (env["HOME"] && path.join(env["HOME"], ".cache"));
  return home ? path.join(home, "slipway", "compiled") : undefined;
}

// It is run as it stands: what others could have written is not taken.
function readOwn(file: string): Buffer | undefined {
  try {
    const descriptor = fs.openSync(file, "r");
    try {
      return isOwn(fs.fstatSync(descriptor)) ? fs.readFileSync(descriptor) : undefined;
    } finally {
      fs.closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

function isOwn({ uid, mode }: Stats): boolean {
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
}

// A folder that can't be written to costs time, and nothing else.
function keep(file: string, folder: string, code: () => Buffer): void {
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!isOwn(fs.statSync(folder))) return;
    const temporary = `${file}.${process.pid}`;
    fs.writeFileSync(temporary, code(), { mode: 0o600, flag: "wx" });
    fs.renameSync(temporary, file);
    for (const name of fs.readdirSync(folder)) removeOld(path.join(folder, name));
  } catch {}
}

function removeOld(file: string): void {
  const { mtimeMs } = fs.statSync(file);
  if (Date.now() - mtimeMs > keptForMs) fs.rmSync(file, { force: true, recursive: true });
}
