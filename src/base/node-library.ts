import { createRequire } from "node:module";

/*
 * Parts of Node that take milliseconds to start, and that most charts need nothing of. Where `import()` can't be waited
 * for, they are loaded here, on their first use.
 */
const load = createRequire(import.meta.url);

export function nodeCrypto(): typeof import("node:crypto") {
  return load("node:crypto") as typeof import("node:crypto");
}

export function nodeNet(): typeof import("node:net") {
  return load("node:net") as typeof import("node:net");
}

export function nodeV8(): typeof import("node:v8") {
  return load("node:v8") as typeof import("node:v8");
}

export function nodeZlib(): typeof import("node:zlib") {
  return load("node:zlib") as typeof import("node:zlib");
}
