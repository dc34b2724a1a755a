import type { GoMap, GoValue } from "./go-value.ts";

export type NamedMapMethod = (self: GoMap, ...args: GoValue[]) => GoValue;

/**
 * A map seen under the name of a type that has methods, as `.Values` is one: templates may call `.Values.AsMap`. It has
 * no entries of its own: what is set in it is set in the map, as with a conversion in Go.
 */
export class NamedMap extends Map<string, GoValue> {
  readonly goType: string;
  readonly methods: Readonly<Record<string, NamedMapMethod>>;
  readonly #entries: GoMap;

  constructor(goType: string, entries: GoMap, methods: Readonly<Record<string, NamedMapMethod>>) {
    super();
    this.goType = goType;
    this.#entries = entries;
    this.methods = methods;
  }

  /** The map itself, of the plain type. */
  get plain(): GoMap {
    return this.#entries;
  }

  override get size(): number {
    return this.#entries.size;
  }

  override get(key: string): GoValue | undefined {
    return this.#entries.get(key);
  }

  override has(key: string): boolean {
    return this.#entries.has(key);
  }

  override set(key: string, value: GoValue): this {
    this.#entries.set(key, value);
    return this;
  }

  override delete(key: string): boolean {
    return this.#entries.delete(key);
  }

  override clear(): void {
    this.#entries.clear();
  }

  override keys(): MapIterator<string> {
    return this.#entries.keys();
  }

  override values(): MapIterator<GoValue> {
    return this.#entries.values();
  }

  override entries(): MapIterator<[string, GoValue]> {
    return this.#entries.entries();
  }

  override [Symbol.iterator](): MapIterator<[string, GoValue]> {
    return this.#entries[Symbol.iterator]();
  }

  override forEach(callback: (value: GoValue, key: string, map: GoMap) => void): void {
    this.#entries.forEach(callback);
  }
}
