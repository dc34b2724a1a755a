import { SlipwayError } from "../base/error.ts";
import type { ObjectRef } from "../kube/types.ts";

/** Whether server-side apply takes over every field, none, or those of these rules: `Deployment/web:spec.replicas`. */
export type ForceConflicts = boolean | readonly string[];

/** True where a field may be taken over; it is spelt as the API server spells it, `.spec.replicas`. */
export type TakeOver = (ref: ObjectRef, field: string) => boolean;

/** Fails with INPUT_INVALID where a rule can't be read. */
export function takeOver(wanted: ForceConflicts): TakeOver {
  if (typeof wanted === "boolean") return () => wanted;
  const rules = wanted.map(fieldRule);
  return (ref, field) => rules.some((rule) => rule(ref, field));
}

/** The rule that names just this field. */
export function ruleFor({ kind, name }: ObjectRef, field: string): string {
  return `${kind}/${name}:${field.replace(/^\./, "")}`;
}

/**
 * `[KIND[/NAME]:]PATH`. In a path `*` stands for a step or a part of it, `[*]` for any item of a list, and a `*` at the
 * end for all that lies below.
 */
function fieldRule(text: string): TakeOver {
  const [, kind, name, path] = /^(?:([^:[./]+)(?:\/([^:[]+))?:)?(?![^[]*:)(.+)$/s.exec(text) ?? [];
  const field = path && fieldPattern(path);
  if (!field) {
    throw new SlipwayError("INPUT_INVALID", `"${text.slice(0, 200)}" names no field to take over`, {
      hint: "Write [KIND[/NAME]:]PATH: --force-conflicts=Deployment/web:spec.replicas.",
    });
  }
  const named = name === undefined ? undefined : new RegExp(`^${globOf(name)}$`);
  return (ref, at) =>
    (kind === undefined || kind === ref.kind) && (named === undefined || named.test(ref.name)) && field.test(at);
}

const quoted = String.raw`"(?:[^"\\]|\\.)*"`;
const tokens = new RegExp(String.raw`\[((?:${quoted}|[^"\]])*)\]|(\.?\*$)|([^[]+?(?=\.?\*$|\[|$))`, "gsy");

function fieldPattern(path: string): RegExp | undefined {
  const text = /^[.[]/.test(path) ? path : `.${path}`;
  let pattern = "";
  let end = 0;
  for (const [whole, item, rest, steps] of text.matchAll(tokens)) {
    end += whole.length;
    if (item !== undefined) pattern += itemPattern(item);
    else if (rest !== undefined) pattern += rest.startsWith(".") ? "[.[].*" : ".*";
    else pattern += globOf(steps ?? "");
  }
  return end === text.length ? new RegExp(`^${pattern}$`, "s") : undefined;
}

// A shell takes quotes away: what stands without them counts as well.
function itemPattern(item: string): string {
  if (item === "*") return String.raw`\[(?:${quoted}|[^"\]])*\]`;
  if (item.includes('"')) return `\\[${escaped(item)}\\]`;
  const parts = item.split(",").map((part) => {
    const at = part.indexOf("=") + 1;
    return `${escaped(part.slice(0, at))}"?${escaped(part.slice(at))}"?`;
  });
  return `\\[${parts.join(",")}\\]`;
}

function globOf(text: string): string {
  return text.split(/\*+/).map(escaped).join("[^.[\\]]*");
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
