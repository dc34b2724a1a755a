import { monotonicMs } from "../base/clock.ts";
import type { GoValue } from "../base/go-value.ts";
import { nearestName } from "../base/nearest-name.ts";
import type { Head } from "./action-head.ts";
import { builtins } from "./builtins.ts";
import type { EngineFunction } from "./call.ts";
import { compileTemplate, type Shared } from "./compile.ts";
import type { FunctionTable } from "./function.ts";
import type { ListNode, Source } from "./nodes.ts";
import { isEmptyTree, parseTemplate } from "./parser.ts";
import { quote } from "./quote.ts";
import { runTemplate } from "./run.ts";
import type { Budget, Compiled, Limits, MissingKey, Scope } from "./state.ts";
import { parseError, TemplateError } from "./template-error.ts";

export type TemplateOptions = {
  missingKey?: MissingKey;
  limits?: Partial<Limits>;
  /** What Go's errors call the set; Helm's is called gotpl. */
  rootName?: string;
};

export type TemplateSet = {
  /** Adds a template and those that it defines; they replace those of the same names unless they are blank. */
  parse(name: string, text: string): void;
  /**
   * As `parse`. A source is compiled once for all sets that are created with the same functions; those that such sets are
   * given later must have the same names.
   */
  add(source: Source): void;
  has(name: string): boolean;
  names(): string[];
  /** Renders a template. May be called from a function that a template calls: the limits count on. */
  execute(name: string, data: GoValue): string;
  /** Parses and renders a text, which `tpl` does; even a blank one, which replaces no template. */
  executeText(name: string, text: string, data: GoValue): string;
  /** A set with the same templates and functions, which may add its own. */
  clone(): TemplateSet;
  /** Adds functions to this set, or replaces some, for all of its templates. */
  setFunctions(functions: FunctionTable): void;
};

// Ten times what the largest charts that people publish need.
const defaultLimits: Limits = { depth: 100_000, outputBytes: 96 * 1024 * 1024, steps: 20_000_000, timeMs: 60_000 };
// Charts call tpl with the same few texts again and again.
const maxCachedTexts = 500;

// What a source was compiled to lives as long as the source, and serves all sets with the same functions.
const compiledSources = new WeakMap<Source, Unit>();

type Unit = { functions: FunctionTable; main: CompiledTree; defined: Map<string, CompiledTree> };
type CompiledTree = Compiled & { isEmpty: boolean; source: Source };

/** What a set shares with its clones. */
type Family = {
  functions: FunctionTable;
  missingKey: MissingKey;
  rootName: string;
  budget: Budget;
  units: Map<string, Unit>;
  /** What actions were read to, by their texts. */
  heads: Map<string, Head>;
  closed: Shared["closed"];
};

export function createTemplateSet(functions: FunctionTable, options: TemplateOptions = {}): TemplateSet {
  const limits = { ...defaultLimits, ...options.limits };
  const family: Family = {
    functions,
    missingKey: options.missingKey ?? "default",
    rootName: options.rootName ?? "gotpl",
    budget: {
      limits,
      depth: 0,
      written: 0,
      steps: 0,
      nextCheck: 0,
      checkedAt: 0,
      checkEvery: 1,
      spentMs: 0,
      startedAt: 0,
    },
    units: new Map(),
    heads: new Map(),
    closed: new Map(),
  };
  return makeSet(family, new Map(), new Map());
}

// Templates that a clone shares stand in `base`, which no one changes; a set adds to its own.
function makeSet(
  family: Family,
  base: ReadonlyMap<string, CompiledTree>,
  ownFunctions: Map<string, FunctionTable[string]>,
): TemplateSet {
  let shared = base;
  let own = new Map<string, CompiledTree>();
  const find = (name: string): CompiledTree | undefined => own.get(name) ?? shared.get(name);
  const names = (): string[] => [...new Set([...shared.keys(), ...own.keys()])];
  const scope: Scope = { missingKey: family.missingKey, budget: family.budget, lookup: find, names, own: ownFunctions };

  function add(unit: Unit): void {
    for (const [name, tree] of unit.defined) {
      if (!tree.isEmpty || find(name) === undefined) own.set(name, tree);
    }
  }

  return {
    parse: (name, text) => add(compileUnit(family, ownFunctions, { name, text })),
    add: (source) => add(compileUnit(family, ownFunctions, source)),
    has: (name) => find(name) !== undefined,
    names,
    execute(name, data) {
      const template = find(name) ?? noTemplate(family, name, names());
      return run(scope, template, data);
    },
    executeText(name, text, data) {
      const unit = cachedUnit(family, ownFunctions, { name, text });
      add(unit);
      return run(scope, unit.main, data);
    },
    clone() {
      if (own.size > 0) {
        shared = new Map([...shared, ...own]);
        own = new Map();
      }
      return makeSet(family, shared, new Map(ownFunctions));
    },
    setFunctions(functions) {
      for (const [name, fn] of Object.entries(functions)) ownFunctions.set(name, fn);
    },
  };
}

function cachedUnit(family: Family, own: ReadonlyMap<string, FunctionTable[string]>, source: Source): Unit {
  const cached = family.units.get(source.text);
  if (cached?.main.source.name === source.name) return cached;
  const unit = compileUnit(family, own, source);
  if (family.units.size >= maxCachedTexts) family.units.clear();
  family.units.set(source.text, unit);
  return unit;
}

function compileUnit(family: Family, own: ReadonlyMap<string, FunctionTable[string]>, source: Source): Unit {
  try {
    return compileTrees(family, own, source);
  } catch (error) {
    throw nestingError(error, source, family.budget.depth);
  }
}

function compileTrees(family: Family, own: ReadonlyMap<string, FunctionTable[string]>, source: Source): Unit {
  const known = compiledSources.get(source);
  if (known?.functions === family.functions) return known;
  const find = (name: string): EngineFunction | undefined => tableFunction(family, name) ?? builtins.get(name);
  const names = {
    has: (name: string) => own.has(name) || find(name) !== undefined,
    names: () => [...own.keys(), ...Object.keys(family.functions), ...builtins.keys()],
  };
  const { main, trees } = parseTemplate(source, names, family.heads);
  const shared: Shared = {
    closed: family.closed,
    function: find,
    isBuiltin: (name: string) => tableFunction(family, name) === undefined && builtins.has(name),
  };
  const compile = (tree: typeof main): CompiledTree => ({
    ...compileTemplate(tree, shared),
    isEmpty: isEmptyTree(tree.root),
    source,
  });
  const unit: Unit = { functions: family.functions, main: compile(main), defined: new Map() };
  for (const [name, tree] of trees) unit.defined.set(name, tree === main ? unit.main : compile(tree));
  compiledSources.set(source, unit);
  return unit;
}

// Inside a recursion of templates the stack may be all but used up: that is the recursion's error.
function nestingError(error: unknown, source: Source, depth: number): unknown {
  if (!(error instanceof RangeError) || depth > 0) return error;
  return parseError(source, "blocks or expressions are nested too deeply", { linePos: 0, pos: 0 });
}

// Own properties only: a template may name a function `constructor`.
function tableFunction({ functions }: Family, name: string): EngineFunction | undefined {
  return Object.hasOwn(functions, name) ? functions[name] : undefined;
}

function noTemplate(family: Family, name: string, known: string[]): never {
  const reason = `no template ${quote(name)} associated with template ${quote(family.rootName)}`;
  const near = nearestName(name, known);
  const hint = near === undefined ? undefined : `Did you mean "${near}"?`;
  throw new TemplateError("TEMPLATE_EXEC", { goText: `template: ${reason}`, reason, hint });
}

function run(scope: Scope, template: CompiledTree, data: GoValue): string {
  const { budget } = scope;
  const out = { text: "" };
  const node: ListNode = { type: "list", pos: 0, source: template.source, nodes: [] };
  const isOutermost = budget.depth === 0;
  if (isOutermost) budget.startedAt = monotonicMs();
  try {
    runTemplate(scope, template, { data: data ?? undefined, out, node });
  } finally {
    if (isOutermost) budget.spentMs += monotonicMs() - budget.startedAt;
  }
  return out.text;
}
