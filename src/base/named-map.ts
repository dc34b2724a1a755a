import type { GoMap, GoValue } from "./go-value.ts";

/**
 * A map of a type that has a name and methods, as `.Values` is one: templates may call `.Values.AsMap`. Everything else
 * treats it as the map that it is.
 */
export class NamedMap extends Map<string, GoValue> {
  readonly goType: string;
  readonly methods: Readonly<Record<string, NamedMapMethod>>;

  constructor(goType: string, entries: GoMap, methods: Readonly<Record<string, NamedMapMethod>>) {
    super(entries);
    this.goType = goType;
    this.methods = methods;
  }
}

export type NamedMapMethod = (self: GoMap, ...args: GoValue[]) => GoValue;
