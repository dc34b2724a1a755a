import type { FlagValues } from "./flags.ts";

/** Typed reads of parsed flags; a flag that was not given is its fallback. */
export function flagReader(flags: FlagValues) {
  return {
    has: (name: string) => flags.has(name),
    boolean: (name: string, fallback = false): boolean => {
      const value = flags.get(name);
      return typeof value === "boolean" ? value : fallback;
    },
    string: (name: string): string | undefined => {
      const value = flags.get(name);
      return typeof value === "string" ? value : undefined;
    },
    strings: (name: string): readonly string[] => {
      const value = flags.get(name);
      return Array.isArray(value) ? value : [];
    },
    number: (name: string, fallback: number): number => {
      const value = flags.get(name);
      return typeof value === "number" ? value : fallback;
    },
  };
}

export type FlagReader = ReturnType<typeof flagReader>;

/** `{ [key]: value }`, or nothing where the value is absent: optional fields are left out, not set to `undefined`. */
export function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]: Value });
}
