import { createRequire } from "node:module";

/*
 * Each of these libraries takes milliseconds to start, and most charts need none. A template's functions can't wait for
 * `import()`, and of `require` the bundler makes a part of the bundle that runs on its first use.
 */
const fromSource = createRequire(import.meta.url);
let re2: typeof import("re2js") | undefined;
let bcrypt: typeof import("bcryptjs") | undefined;

export function loadRe2(): typeof import("re2js") {
  re2 ??= typeof require === "function" ? (require("re2js") as typeof import("re2js")) : fromSource("re2js");
  return re2 as typeof import("re2js");
}

export function loadBcrypt(): typeof import("bcryptjs") {
  bcrypt ??=
    typeof require === "function" ? (require("bcryptjs") as typeof import("bcryptjs")) : fromSource("bcryptjs");
  return bcrypt as typeof import("bcryptjs");
}
