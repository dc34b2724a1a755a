import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ChunkingContext, type OutputOptions, type Plugin, rolldown } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));

// Large and needed by few; and openpgp's licence asks that users can replace it. Files of their own beside the bundles.
const besides = { openpgp: "openpgp", cache: "@actions/cache" };

/** `folder`: from where the bundle lies to where they do. */
function beside(folder: string): Plugin {
  return {
    name: "beside",
    resolveId(source, importer) {
      const [file] = Object.entries(besides).find(([, library]) => library === source) ?? [];
      return file && importer ? { id: `${folder}/${file}.cjs`, external: true } : undefined;
    },
  };
}

/**
 * The CLI's parts: each has all that its files import, but for what is in a part before it. What a command doesn't need is not
 * loaded for it. What is left, which few need, lies in small files.
 */
const cliParts: Record<string, readonly string[]> = {
  start: ["cli/start", "cli/commands/template", "kube/config/context-namespace"],
  chart: commands("create", "lint", "show", "values"),
  cluster: commands(
    ...["convert-helm2", "deploy", "drift", "get", "history", "list", "preview", "rbac", "rollback", "status", "test"],
    ...["uninstall", "unlock"],
  ),
  remote: commands("dependency", "package", "pull", "push", "registry", "repo", "repo-index", "search-repo", "verify"),
  sandbox: commands("demo", "sandbox"),
};

function commands(...names: string[]): string[] {
  return names.map((name) => `cli/commands/${name}`);
}

/** Names the part that a module belongs to. */
function partOf(): (id: string, context: ChunkingContext) => string | null {
  const parts = new Map<string, string>();
  function take(part: string, id: string, context: ChunkingContext): void {
    const { importedIds = [] } = context.getModuleInfo(id) ?? {};
    if (parts.has(id)) return;
    parts.set(id, part);
    for (const imported of importedIds) take(part, imported, context);
  }
  return (id, context) => {
    if (parts.size === 0) {
      for (const [part, entries] of Object.entries(cliParts)) {
        for (const entry of entries) take(part, join(root, "src", `${entry}.ts`), context);
      }
    }
    return parts.get(id) ?? null;
  };
}

type Bundle = { input: Record<string, string>; beside?: string; output?: OutputOptions };

// What is imported later is required, too: code that was compiled before cannot import.
const commonJs: OutputOptions = { format: "cjs", entryFileNames: "[name].cjs", dynamicImportInCjs: false };

/**
 * One file each, but for the CLI, which starts in a small one. CommonJS behind it, since Node takes some 10 ms to load the
 * same as ES modules, be it one file or many.
 */
const bundles = {
  action: { input: { action: "src/action/main.ts" } },
  index: { input: { index: "src/index.ts" } },
  cli: { input: { cli: "src/cli/main.ts" } },
  start: {
    input: { start: "src/cli/start.ts" },
    beside: "..",
    output: {
      ...commonJs,
      entryFileNames: "cli/[name].cjs",
      chunkFileNames: "cli/[name].cjs",
      codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: partOf(), debugName: "parts" }] },
    },
  },
  openpgp: { input: { openpgp: besides.openpgp }, output: commonJs },
  cache: { input: { cache: besides.cache }, output: commonJs },
} satisfies Record<string, Bundle>;
export type BundleName = keyof typeof bundles;

/** What is to be in dist/, all of it or the bundles that are named: text by path in it. */
export async function bundle(names = Object.keys(bundles) as BundleName[]): Promise<Map<string, string>> {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const built = await Promise.all(
    names.map(async (name) => {
      const { input, beside: folder = ".", output }: Bundle = bundles[name];
      const made = await rolldown({
        cwd: root,
        input,
        platform: "node",
        preserveEntrySignatures: "allow-extension",
        transform: { target: "node20", define: { "process.env.SLIPWAY_VERSION": JSON.stringify(version) } },
        // Of the toolkit only what is used: its OIDC client alone would bring half a megabyte along.
        treeshake: { moduleSideEffects: [{ test: /@actions\//, sideEffects: name === "cache" }] },
        plugins: [beside(folder)],
        logLevel: "warn",
        // What one command loads later is a part of another.
        checks: { ineffectiveDynamicImport: false },
      });
      const { output: files } = await made.generate({
        format: "esm",
        minify: { mangle: false, compress: false, codegen: true },
        comments: { legal: true, annotation: false, jsdoc: false },
        codeSplitting: false,
        ...output,
      });
      await made.close();
      return files;
    }),
  );
  return new Map(built.flat().map((file) => [file.fileName, ascii("code" in file ? file.code : String(file.source))]));
}

// A text of one byte for each character is the quickest to load, and `cli/code-cache.ts` reads the CLI as such.
function ascii(code: string): string {
  if (/\\[^\0-\x7f]/.test(code)) throw new Error("A character that is not ASCII stands behind a backslash");
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
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
