import type { Document, YAMLMap } from "yaml";
import { SlipwayError } from "../base/error.ts";
import { isPartial } from "./engine.ts";
import type { PostRender } from "./post-render.ts";
import type { RenderedFile } from "./sort-manifests.ts";
import { isBlank, splitManifests } from "./split-manifests.ts";

/** By this annotation, which Helm 4 uses too, a document finds back to the file that it came from. */
const origin = "postrenderer.helm.sh/postrender-filename";

type Yaml = typeof import("yaml");

/** Sends hooks and objects through a post-renderer as one stream, as Helm 4 does, and takes the result apart into files. */
export async function postRenderFiles(files: readonly RenderedFile[], postRender: PostRender): Promise<RenderedFile[]> {
  // Loaded here alone: what Slipway itself reads and writes needs no comments kept.
  const yaml = await import("yaml");
  const named = files.filter(({ source, text }) => !isPartial(source) && !isBlank(text));
  const documents = named.sort((a, b) => (a.source < b.source ? -1 : 1)).flatMap((file) => annotated(yaml, file));
  return separate(yaml, await postRender(documents.join("---\n")));
}

function annotated(yaml: Yaml, { source, text }: RenderedFile): string[] {
  return splitManifests(text, "4").flatMap((content) => {
    const document = parse(yaml, content, source);
    if (document.contents === null) return [];
    if (!yaml.isMap(document.contents)) throw notAnObject(source, "is no map");
    const annotations = mapAt(yaml, document, mapAt(yaml, document, document.contents, "metadata"), "annotations");
    annotations.set(origin, source);
    return [print(yaml, document)];
  });
}

// The map under a key, made where there is none.
function mapAt(yaml: Yaml, document: Document.Parsed, parent: YAMLMap, key: string): YAMLMap {
  const found = parent.get(key);
  if (yaml.isMap(found)) return found;
  const made = new yaml.YAMLMap(document.schema);
  parent.set(key, made);
  return made;
}

function separate(yaml: Yaml, output: string): RenderedFile[] {
  const files = new Map<string, string[]>();
  for (const [index, content] of splitManifests(output, "4").entries()) {
    const document = parse(yaml, content, "the post-renderer's output");
    if (document.contents === null) continue;
    const named = document.getIn(["metadata", "annotations", origin]);
    const source = typeof named === "string" ? named : `generated-by-postrender-${index}.yaml`;
    removeOrigin(yaml, document);
    const inFile = files.get(source) ?? [];
    files.set(source, inFile);
    inFile.push(print(yaml, document));
  }
  return [...files].map(([source, documents]) => ({ source, text: documents.join("---\n") }));
}

function removeOrigin(yaml: Yaml, document: Document.Parsed): void {
  if (!document.hasIn(["metadata", "annotations", origin])) return;
  document.deleteIn(["metadata", "annotations", origin]);
  const annotations = document.getIn(["metadata", "annotations"]);
  if (!yaml.isMap(annotations) || annotations.items.length > 0) return;
  document.deleteIn(["metadata", "annotations"]);
  const metadata = document.getIn(["metadata"]);
  if (yaml.isMap(metadata) && metadata.items.length === 0) document.deleteIn(["metadata"]);
}

function parse(yaml: Yaml, content: string, source: string): Document.Parsed {
  const document = yaml.parseDocument(content, { schema: "failsafe", uniqueKeys: false });
  const [problem] = document.errors;
  if (problem === undefined) return document;
  const [first = "", ...rest] = problem.message.split("\n");
  throw new SlipwayError("RENDER_INVALID_MANIFEST", `YAML parse error on ${source}: ${first}`, {
    where: source,
    detail: rest.join("\n").trim(),
    cause: problem,
  });
}

function notAnObject(source: string, what: string): SlipwayError {
  return new SlipwayError("RENDER_INVALID_MANIFEST", `A document of ${source} ${what}, so it can't be post-rendered`, {
    where: source,
  });
}

// As Go's library writes a document that it has read: without blank lines, and quoted where a block can't hold a text.
function print(yaml: Yaml, document: Document.Parsed): string {
  document.commentBefore = withoutBlankLines(document.commentBefore);
  yaml.visit(document, {
    Node: (_, node) => {
      if (node.spaceBefore) node.spaceBefore = false;
      if (node.commentBefore) node.commentBefore = withoutBlankLines(node.commentBefore);
      if (node.comment) node.comment = withoutBlankLines(node.comment);
      if (!yaml.isScalar(node) || (node.type !== "BLOCK_LITERAL" && node.type !== "BLOCK_FOLDED")) return;
      if (node.value === "" || / (?:\n|$)/.test(String(node.value))) node.type = "QUOTE_DOUBLE";
    },
  });
  const wide = Number.MAX_SAFE_INTEGER;
  return document.toString({
    indentSeq: false,
    lineWidth: 0,
    flowCollectionPadding: false,
    doubleQuotedMinMultiLineLength: wide,
  });
}

function withoutBlankLines(comment: string | null | undefined): string | null {
  return comment?.replace(/\n(?:[ \t]*\n)+/g, "\n").replace(/\n+$/, "") ?? null;
}
