import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
type Entry = "action" | "cli" | "index";
const entries: Record<Entry, string> = { action: "src/action/main.ts", cli: "src/cli/main.ts", index: "src/index.ts" };

// Bundled CommonJS packages ask for Node's own modules with `require`, which an ES module lacks.
const banner = `import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);`;

// Of the toolkit only what is used: its OIDC client alone would bring half a megabyte along.
const pureToolkit: Plugin = {
  name: "pure-toolkit",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^@actions\// }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === pureToolkit.name) return undefined;
      const resolved = await resolve(path, { kind, importer, resolveDir, pluginData: pureToolkit.name });
      return { path: resolved.path, errors: resolved.errors, sideEffects: false };
    });
  },
};

/** The action, the CLI and the library, each as one file, with the licences of what is in them: text by file name. */
export async function bundle(names: readonly Entry[] = ["action", "cli", "index"]): Promise<Map<string, string>> {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(names.map((name) => [name, entries[name]])),
    plugins: [pureToolkit],
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
export async function writeBundles(folder: string, names?: readonly Entry[]): Promise<Map<string, string>> {
  const files = await bundle(names);
  const written = new Map([...files].map(([name, text]) => [join(folder, name), text]));
  for (const [path, text] of written) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: path.endsWith("cli.js") ? 0o755 : 0o644 });
  }
  return written;
}
