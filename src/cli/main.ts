#!/usr/bin/env node
import { createRequire } from "node:module";
import { codeCacheFolder, runCompiled } from "./code-cache.ts";

const load = createRequire(import.meta.url);
if (import.meta.url.endsWith(".ts")) load("./start.ts");
else {
  const [, , command = ""] = process.argv;
  const use = /^[a-z][a-z0-9-]{0,30}$/.test(command) ? command : "other";
  runCompiled(load.resolve("./cli/start.cjs"), codeCacheFolder(process.env), use);
}
