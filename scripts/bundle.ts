import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const entries = { action: "src/action/main.ts", cli: "src/cli/main.ts", index: "src/index.ts" };

// Bundled CommonJS packages ask for Node's own modules with `require`, which an ES module lacks.
const banner = `import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);`;

/** The action, the CLI and the library, each as one file, with the licences of what is in them: text by file name. */
export async function bundle(): Promise<Map<string, string>> {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: entries,
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
    write: false,
    logLevel: "warning",
  });
  return new Map(outputFiles.map((file) => [basename(file.path), file.text]));
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
