// Bundles the action, the CLI and the library into dist/, which is committed. `--check` compares in place of writing.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const dist = "dist";
const entries = { action: "src/action/main.ts", cli: "src/cli/main.ts", index: "src/index.ts" };

// Bundled CommonJS packages ask for Node's own modules with `require`, which an ES module lacks.
const banner = `import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);`;

async function bundle(): Promise<Map<string, string>> {
  const result = await build({
    entryPoints: entries,
    outdir: dist,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "linked",
    banner: { js: banner },
    define: { "process.env.SLIPWAY_VERSION": JSON.stringify(packageVersion()) },
    loader: { ".json": "json" },
    write: false,
    logLevel: "warning",
  });
  const files = result.outputFiles.map((file) => [join(dist, file.path.split(`/${dist}/`).at(-1) ?? ""), file.text] as const);
  return new Map(files);
}

function packageVersion(): string {
  return JSON.parse(readFileSync("package.json", "utf8")).version;
}

const files = await bundle();
if (process.argv.includes("--check")) {
  const stale = [...files].filter(([path, text]) => !existsSync(path) || readFileSync(path, "utf8") !== text);
  if (stale.length > 0) {
    console.error(`dist/ is not what the source builds: ${stale.map(([path]) => path).join(", ")}. Run npm run build and commit it.`);
    process.exit(1);
  }
} else {
  rmSync(dist, { recursive: true, force: true });
  for (const [path, text] of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: path.endsWith("cli.js") ? 0o755 : 0o644 });
    console.log(`${path}: ${kib(text.length)} KiB, ${kib(gzipSync(text).length)} KiB gzipped`);
  }
}

function kib(bytes: number): number {
  return Math.round(bytes / 1024);
}
