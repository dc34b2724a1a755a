import { createRequire } from "node:module";
import { nodeV8 } from "../../base/node-library.ts";

/*
 * The library takes milliseconds to start, and most charts need none. A template's functions can't wait for
 * `import()`, and of `require` the bundler makes a part of the bundle that runs on its first use.
 */
const fromSource = createRequire(import.meta.url);
let bcrypt: typeof import("bcryptjs") | undefined;

/** It computes long enough to be worth V8's optimizing compiler, which a short run goes without. */
export function loadBcrypt(): typeof import("bcryptjs") {
  nodeV8().setFlagsFromString("--opt");
  bcrypt ??=
    typeof require === "function" ? (require("bcryptjs") as typeof import("bcryptjs")) : fromSource("bcryptjs");
  return bcrypt as typeof import("bcryptjs");
}
