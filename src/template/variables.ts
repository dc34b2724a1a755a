type Variable = { name: string; slot: number; outer: Variable | undefined };

/** The variables that are visible at one place of a template: each has its own slot, and the newest of a name hides the others. */
export class Variables {
  #newest: Variable | undefined;

  constructor(outer?: Variable) {
    this.#newest = outer;
  }

  declare(name: string): number {
    const outer = this.#newest;
    const slot = outer === undefined ? 0 : outer.slot + 1;
    this.#newest = { name, slot, outer };
    return slot;
  }

  find(name: string): number | undefined {
    let variable = this.#newest;
    while (variable !== undefined && variable.name !== name) variable = variable.outer;
    return variable?.slot;
  }

  /** What is visible now, for a block whose own declarations are unknown behind it. */
  inner(): Variables {
    return new Variables(this.#newest);
  }
}
