import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type Plugin } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

// Bundled CommonJS packages ask for Node's own modules with `require`, which an ES module lacks.
const banner = `import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);`;

// Large and needed by few; and openpgp's licence asks that users can replace it. Files of their own beside the bundles.
const besides = { openpgp: "openpgp", cache: "@actions/cache" };

const beside: Plugin = {
  name: "beside",
  setup({ onResolve }) {
    for (const [file, library] of Object.entries(besides)) {
      onResolve({ filter: new RegExp(`^${library}$`) }, ({ kind }) =>
        kind === "entry-point" ? undefined : { path: `./${file}.cjs`, external: true },
      );
    }
  },
};

// What is imported later is required, too: code that was compiled before can't import.
const commonJs = {
  format: "cjs",
  outExtension: { ".js": ".cjs" },
  supported: { "dynamic-import": false },
  define: { "import.meta.url": "__sourceUrl" },
  banner: { js: '"use strict"; const __sourceUrl = require("node:url").pathToFileURL(__filename).href;' },
} satisfies BuildOptions;

/**
 * One file each, and the CLI a second one, in which it starts: CommonJS, since Node takes some 10 ms to load the same as ES
 * modules, be it one file or many.
 */
const bundles = {
  action: { entryPoints: { action: "src/action/main.ts" } },
  index: { entryPoints: { index: "src/index.ts" } },
  cli: { entryPoints: { cli: "src/cli/main.ts" }, banner: {} },
  start: { entryPoints: { cli: "src/cli/start.ts" }, ...commonJs },
  openpgp: { entryPoints: { openpgp: besides.openpgp }, ...commonJs },
  // All of the toolkit that it has is used. What a plugin resolves, esbuild doesn't know to be an ES module: of a file that is
  // also reached without one, what comes first would count.
  cache: { entryPoints: { cache: besides.cache }, ...commonJs, plugins: [beside] },
} satisfies Record<string, BuildOptions>;
export type BundleName = keyof typeof bundles;

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

/** What is to be in dist/, all of it or the bundles that are named: text by path in it. */
export async function bundle(names = Object.keys(bundles) as BundleName[]): Promise<Map<string, string>> {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const define = { "process.env.SLIPWAY_VERSION": JSON.stringify(version) };
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
    plugins: [beside, pureToolkit],
    write: false,
    logLevel: "warning",
  };
  const built = await Promise.all(
    names.map(async (name) => {
      const own: BuildOptions = bundles[name];
      const { outputFiles = [] } = await build({ ...common, ...own, define: { ...define, ...own.define } });
      return outputFiles;
    }),
  );
  return new Map(built.flat().map((file) => [relative(join(root, "dist"), file.path), file.text]));
}

/** Builds and writes the bundles into the folder; the texts by path. */
export async function writeBundles(folder: string, names?: BundleName[]): Promise<Map<string, string>> {
  const files = await bundle(names);
  const written = new Map([...files].map(([name, text]) => [join(folder, name), text]));
  for (const [path, text] of written) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: path.endsWith("cli.js") ? 0o755 : 0o644 });
  }
  return written;
}
