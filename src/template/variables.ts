/** The variables of one template: each has its own slot, and the newest of a name hides the others. */
export type Variables = {
  declare(name: string): number;
  find(name: string): number | undefined;
  /** Runs a block; what it declares is unknown behind it. */
  scoped<Result>(block: () => Result): Result;
  /** How many slots all of them need. */
  count(): number;
};

export function createVariables(): Variables {
  const visible: { name: string; slot: number }[] = [];
  let slots = 0;
  return {
    declare(name) {
      visible.push({ name, slot: slots });
      return slots++;
    },
    find: (name) => visible.findLast((variable) => variable.name === name)?.slot,
    scoped(block) {
      const mark = visible.length;
      const result = block();
      visible.length = mark;
      return result;
    },
    count: () => slots,
  };
}
