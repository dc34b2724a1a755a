import type { RE2JS } from "re2js";
import { isJsonObject } from "../../base/json-path.ts";
import { compileRe2 } from "../../base/re2.ts";
import { type Draft, draftOf, keywordsIn, newestDraft, schemasIn } from "./draft.ts";
import { quoted } from "./problem.ts";
import { shapeProblem } from "./shape.ts";

type SchemaObject = Record<string, unknown>;
type Dialect = { draft: Draft; checksFormats: boolean };

/** A part of a document with an address of its own; what refers to names and places refers to those of its resource. */
export type Resource = Dialect & {
  address: string;
  root: unknown;
  anchors: Map<string, unknown>;
  dynamicAnchors: Map<string, unknown>;
  document: SchemaDocument;
};

type SchemaDocument = { address: string; root: unknown; resources: Map<string, Resource> };

/** Gets the document at an address; throws an Error that says why it can't be had. */
export type LoadDocument = (address: string) => Promise<unknown>;

/** A schema with all that it refers to, found sound. */
export type SchemaSet = {
  root: unknown;
  resourceOf(schema: object): Resource;
  /** What `$ref` or one of its kin leads to. */
  target(schema: object, keyword: string): unknown;
  pattern(text: string): RE2JS;
};

/**
 * Gathers what can be reached from the schema, as Helm does before it looks at any value. Throws an Error for what is
 * malformed, whether values come to it or not, and for references that lead nowhere.
 */
export async function openSchema(root: unknown, address: string, load: LoadDocument): Promise<SchemaSet> {
  const gathering = new Gathering(load);
  await gathering.addDocument(address, root);
  await gathering.reach(root);
  const { resources, targets } = gathering;
  return {
    root,
    resourceOf: (schema) => resources.get(schema) as Resource,
    target: (schema, keyword) => targets.get(schema)?.get(keyword),
    pattern: (text) => gathering.pattern(text),
  };
}

class Gathering {
  readonly resources = new Map<object, Resource>();
  readonly targets = new Map<object, Map<string, unknown>>();
  readonly #documents = new Map<string, SchemaDocument>();
  readonly #patterns = new Map<string, RE2JS>();
  readonly #load: LoadDocument;

  constructor(load: LoadDocument) {
    this.#load = load;
  }

  async addDocument(address: string, root: unknown): Promise<SchemaDocument> {
    const document: SchemaDocument = { address, root, resources: new Map() };
    this.#documents.set(address, document);
    const outer = newResource(document, address, root, { draft: newestDraft, checksFormats: false });
    document.resources.set(address, outer);
    await this.#collect(root, outer);
    this.#checkShape(root, this.resources.get(root as object)?.draft ?? newestDraft);
    return document;
  }

  #checkShape(schema: unknown, draft: Draft): void {
    const problem = shapeProblem(schema, draft, (inner) => this.resources.get(inner)?.draft);
    if (problem !== undefined) throw new Error(problem);
  }

  /** Finds the resource of each schema below this one, and what is named there. */
  async #collect(first: unknown, outer: Resource): Promise<void> {
    const open: [schema: unknown, outer: Resource][] = [[first, outer]];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [schema, around] = next;
      if (!isJsonObject(schema) || this.resources.has(schema)) continue;
      // Most schemas have no address of their own; waiting for each would take the most time of all.
      const hasOwn = schema === around.document.root || "$schema" in schema || "$id" in schema || "id" in schema;
      const resource = hasOwn ? await this.#resourceAt(schema, around) : around;
      this.resources.set(schema, resource);
      addAnchors(schema, resource);
      for (const [, shape, value] of keywordsIn(schema, resource.draft)) {
        for (const [inner] of schemasIn(shape, value)) open.push([inner, resource]);
      }
    }
  }

  async #resourceAt(schema: SchemaObject, around: Resource): Promise<Resource> {
    const isRoot = schema === around.document.root;
    const named = typeof schema["$schema"] === "string" ? await this.#dialectOf(schema["$schema"]) : undefined;
    const own = named !== undefined && (isRoot || idOf(schema, named.draft) !== "") ? named : around;
    const id = idOf(schema, own.draft);
    if (id === "" && !isRoot) return around;
    const { document } = around;
    const address = id === "" ? around.address : join(around.address, id);
    const known = document.resources.get(address);
    if (known !== undefined && known.root !== schema)
      throw new Error(`two schemas have the address ${quoted(address)}`);
    const { draft, checksFormats } = own;
    const resource = newResource(document, address, schema, { draft, checksFormats });
    document.resources.set(address, resource);
    // The document's own address still leads to its root.
    if (isRoot) document.resources.set(document.address, resource);
    return resource;
  }

  /** That of a known draft, or of the schema that describes others and is itself described by one. */
  async #dialectOf(address: string, seen = new Set<string>()): Promise<Dialect> {
    const draft = draftOf(address);
    if (draft !== undefined) return { draft, checksFormats: draft < 2019 };
    const bare = address.replace(/#.*$/s, "");
    if (seen.has(bare)) throw new Error(`its draft, ${quoted(address)}, is not known`);
    const description = await this.#load(bare);
    const next = isJsonObject(description) ? description["$schema"] : undefined;
    const described: Dialect =
      typeof next === "string"
        ? await this.#dialectOf(next, new Set([...seen, bare]))
        : { draft: newestDraft, checksFormats: false };
    const vocabulary = isJsonObject(description) ? description["$vocabulary"] : undefined;
    const checks = isJsonObject(vocabulary) && Object.keys(vocabulary).some((name) => asserts(name, vocabulary[name]));
    return { ...described, checksFormats: described.checksFormats || checks };
  }

  /** Finds what each reference leads to, from here on. */
  async reach(first: unknown): Promise<void> {
    const reached = new Set<unknown>();
    const open = [first];
    for (let schema = open.pop(); schema !== undefined; schema = open.pop()) {
      if (!isJsonObject(schema) || reached.has(schema)) continue;
      reached.add(schema);
      const resource = this.resources.get(schema) as Resource;
      if (!reached.has(resource.root)) open.push(resource.root, ...resource.dynamicAnchors.values());
      if (referencesOf(resource.draft).some((keyword) => keyword in schema)) {
        open.push(...(await this.#resolveAll(schema, resource)));
      }
      this.#compilePatterns(schema, resource.draft);
      open.push(...usedIn(schema, resource.draft));
    }
  }

  #compilePatterns(schema: SchemaObject, draft: Draft): void {
    if (isReferenceAlone(schema, draft)) return;
    const { pattern, patternProperties } = schema;
    if (typeof pattern === "string") this.pattern(pattern);
    if (isJsonObject(patternProperties)) for (const name of Object.keys(patternProperties)) this.pattern(name);
  }

  async #resolveAll(schema: SchemaObject, resource: Resource): Promise<unknown[]> {
    const found = new Map<string, unknown>();
    for (const keyword of referencesOf(resource.draft)) {
      const reference = schema[keyword];
      if (typeof reference === "string") found.set(keyword, await this.#resolve(reference, resource));
    }
    if (found.size > 0) this.targets.set(schema, found);
    return [...found.values()];
  }

  async #resolve(reference: string, from: Resource): Promise<unknown> {
    const [place = "", encoded = ""] = reference.split(/#(.*)/s);
    const address = place === "" ? from.address : join(from.address, place);
    const resource = from.document.resources.get(address) ?? (await this.#elsewhere(address));
    const fragment = decode(encoded);
    if (fragment === "") return resource.root;
    if (fragment.startsWith("/")) return await this.#below(fragment, resource);
    if (!resource.anchors.has(fragment)) throw new Error(`it refers to ${quoted(reference)}, which is not there`);
    return resource.anchors.get(fragment);
  }

  async #elsewhere(address: string): Promise<Resource> {
    const document = this.#documents.get(address) ?? (await this.addDocument(address, await this.#load(address)));
    return document.resources.get(document.address) as Resource;
  }

  /** What lies at a JSON pointer; it may lie where the draft has no schemas. */
  async #below(pointer: string, from: Resource): Promise<unknown> {
    let around = from;
    let current = from.root;
    for (const step of pointer.split("/").slice(1)) {
      const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
      const isThere = typeof current === "object" && current !== null && Object.hasOwn(current, name);
      if (!isThere || /~(?![01])/.test(step))
        throw new Error(`it refers to ${quoted(`#${pointer}`)}, which is not there`);
      current = (current as SchemaObject)[name];
      around = this.resources.get(current as object) ?? around;
    }
    if (!isJsonObject(current) || !this.resources.has(current)) {
      await this.#collect(current, around);
      this.#checkShape(current, around.draft);
    }
    return current;
  }

  pattern(text: string): RE2JS {
    const known = this.#patterns.get(text);
    if (known !== undefined) return known;
    const regex = compileRe2(text);
    if ("problem" in regex) throw new Error(`${quoted(text)} is not valid regex: ${regex.problem}`);
    this.#patterns.set(text, regex);
    return regex;
  }
}

function newResource(document: SchemaDocument, address: string, root: unknown, dialect: Dialect): Resource {
  return { ...dialect, document, address, root, anchors: new Map(), dynamicAnchors: new Map() };
}

/** Without its fragment, which names no resource. Before 2019, what stands beside `$ref` means nothing. */
function idOf(schema: SchemaObject, draft: Draft): string {
  if (draft < 2019 && "$ref" in schema) return "";
  const id = schema[draft === 4 ? "id" : "$id"];
  return typeof id === "string" ? id.replace(/#.*$/s, "") : "";
}

function addAnchors(schema: SchemaObject, { draft, anchors, dynamicAnchors }: Resource): void {
  for (const [name, isDynamic] of anchorsOf(schema, draft)) {
    if (anchors.has(name) && anchors.get(name) !== schema) throw new Error(`two schemas have the name ${quoted(name)}`);
    anchors.set(name, schema);
    if (isDynamic) dynamicAnchors.set(name, schema);
  }
}

function anchorsOf(schema: SchemaObject, draft: Draft): [name: string, isDynamic: boolean][] {
  if (draft < 2019) {
    const id = "$ref" in schema ? undefined : schema[draft === 4 ? "id" : "$id"];
    const fragment = typeof id === "string" ? decode(id.split(/#(.*)/s)[1] ?? "") : "";
    return fragment === "" || fragment.startsWith("/") ? [] : [[fragment, false]];
  }
  const names: [unknown, boolean][] = [[schema["$anchor"], false]];
  if (draft === 2020) names.push([schema["$dynamicAnchor"], true]);
  return names.filter((pair): pair is [string, boolean] => typeof pair[0] === "string");
}

const references = ["$ref", "$recursiveRef", "$dynamicRef"] as const;

function referencesOf(draft: Draft): readonly string[] {
  return references.slice(0, draft < 2019 ? 1 : draft === 2019 ? 2 : 3);
}

/** Before 2019, most of what stands beside `$ref` means nothing. */
function isReferenceAlone(schema: SchemaObject, draft: Draft): boolean {
  return draft < 2019 && typeof schema["$ref"] === "string";
}

const definitions = new Set(["definitions", "$defs", "contentSchema"]);
const besideReferences = new Set(["contains", "propertyNames", "if", "then", "else"]);

/** The schemas inside this one that a value can come to; definitions wait until something refers to them. */
function usedIn(schema: SchemaObject, draft: Draft): unknown[] {
  const used: unknown[] = [];
  for (const [keyword, shape, value] of keywordsIn(schema, draft)) {
    const isUsed =
      (besideReferences.has(keyword) || !isReferenceAlone(schema, draft)) &&
      !definitions.has(keyword) &&
      (keyword !== "then" || ("if" in schema && schema["if"] !== false)) &&
      (keyword !== "else" || ("if" in schema && schema["if"] !== true)) &&
      (keyword !== "additionalItems" || Array.isArray(schema["items"]));
    if (isUsed) for (const [inner] of schemasIn(shape, value)) used.push(inner);
  }
  return used;
}

function asserts(vocabulary: string, isWanted: unknown): boolean {
  return isWanted === true && /\/vocab\/format(-assertion)?$/.test(vocabulary);
}

function join(base: string, reference: string): string {
  if (!URL.canParse(reference, base)) throw new Error(`it refers to ${quoted(reference)}, which is no address`);
  return new URL(reference, base).href.replace(/#.*$/s, "");
}

function decode(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    throw new Error(`it refers to ${quoted(`#${fragment}`)}, which is no address`);
  }
}
