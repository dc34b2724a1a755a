import type { Change, Plan } from "./types.ts";

/** True where carrying the plan out would change something. A hook that ran before as it is counts as nothing new. */
export function hasWork({ changes, definitions = [], hooks = [], createNamespace }: Plan): boolean {
  const objects = [...definitions, ...changes, ...hooks.map(({ change }) => change)];
  return createNamespace || objects.some(isWork);
}

export function isWork({ action }: Pick<Change, "action">): boolean {
  return action !== "nothing" && action !== "keep";
}
