import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

// Bundled CommonJS packages ask for Node's own modules with `require`, which an ES module lacks.
const banner = `import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);`;

/** The action and the library are one file each. The CLI is cut so that a command loads only what it needs. */
const bundles: BuildOptions[] = [
  { entryPoints: { action: "src/action/main.ts", index: "src/index.ts" } },
  { entryPoints: { cli: "src/cli/main.ts" }, splitting: true, chunkNames: "cli/[name]-[hash]" },
];

/** All of dist/: text by path in it. */
export async function bundle(): Promise<Map<string, string>> {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const common: BuildOptions = {
    absWorkingDir: root,
    outdir: "dist",
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "linked",
    banner: { js: banner },
    define: { "process.env.SLIPWAY_VERSION": JSON.stringify(version) },
    logLevel: "warning",
  };
  const built = await Promise.all(bundles.map((options) => build({ ...common, ...options, write: false })));
  const files = built.flatMap(({ outputFiles }) => outputFiles);
  return new Map(files.map((file) => [relative(join(root, "dist"), file.path), file.text]));
}

/** Builds and writes the bundles into the folder; the texts by path. */
export async function writeBundles(folder: string): Promise<Map<string, string>> {
  const files = await bundle();
  const written = new Map([...files].map(([name, text]) => [join(folder, name), text]));
  for (const [path, text] of written) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: path.endsWith("cli.js") ? 0o755 : 0o644 });
  }
  return written;
}
