// Bundles the action, the CLI and the library into dist/, which is committed. `--check` compares in place of writing.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundle, writeBundles } from "./bundle.ts";

if (process.argv.includes("--check")) {
  const stale = [...(await bundle())].filter(([name, text]) => {
    const path = join("dist", name);
    return !existsSync(path) || readFileSync(path, "utf8") !== text;
  });
  if (stale.length > 0) {
    const names = stale.map(([name]) => name).join(", ");
    console.error(`dist/ is not what the source builds: ${names}. Run npm run build and commit it.`);
    process.exit(1);
  }
} else {
  rmSync("dist", { recursive: true, force: true });
  for (const [path, text] of await writeBundles("dist")) {
    console.log(`${path}: ${kib(text.length)} KiB, ${kib(gzipSync(text).length)} KiB gzipped`);
  }
}

function kib(bytes: number): number {
  return Math.round(bytes / 1024);
}
