import type { HookObject } from "../apply/hooks.ts";
import type { Release } from "../release/types.ts";

/** The hooks, each told whether a revision before had one of its kind and name: what is there of it is the release's. */
export function withKnown(hooks: readonly HookObject[], history: readonly Release[]): HookObject[] {
  const known = new Set(history.flatMap((revision) => revision.hooks.map(({ kind, name }) => `${kind}/${name}`)));
  return hooks.map((entry) => ({ ...entry, isKnown: known.has(`${entry.hook.kind}/${entry.hook.name}`) }));
}
