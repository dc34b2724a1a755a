type Variable = { name: string; slot: number; outer: Variable | undefined };

/** The variables that are visible at one place of a template: each has its own slot, and the newest of a name hides the others. */
export type Variables = {
  declare(name: string): number;
  find(name: string): number | undefined;
  /** What is visible now, for a block whose own declarations are unknown behind it. */
  inner(): Variables;
};

export function createVariables(outer?: Variable): Variables {
  let newest = outer;
  return {
    declare(name) {
      newest = { name, slot: newest === undefined ? 0 : newest.slot + 1, outer: newest };
      return newest.slot;
    },
    find(name) {
      let variable = newest;
      while (variable !== undefined && variable.name !== name) variable = variable.outer;
      return variable?.slot;
    },
    inner: () => createVariables(newest),
  };
}
