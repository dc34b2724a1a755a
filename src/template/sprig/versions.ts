import { GoStringer } from "../../base/go-objects.ts";
import { GoInt, type GoValue } from "../../base/go-value.ts";
import { compareVersions, formatVersion, parseVersion, SemverError, type Version } from "../../base/semver.ts";
import { parseConstraint, satisfies } from "../../base/semver-constraint.ts";
import { FunctionError, type FunctionTable } from "../function.ts";
import { fn } from "./define.ts";

type Method = (...args: GoValue[]) => GoValue;
type Comparison = (order: number) => GoValue;

const comparisons: Readonly<Record<string, Comparison>> = {
  Compare: (order) => new GoInt("int", BigInt(order)),
  Equal: (order) => order === 0,
  GreaterThan: (order) => order > 0,
  GreaterThanEqual: (order) => order >= 0,
  LessThan: (order) => order < 0,
  LessThanEqual: (order) => order <= 0,
};

/** What `semver` returns; templates read its parts and call its methods. */
export class SemverValue extends GoStringer {
  readonly goType = "*semver.Version";
  readonly goKind = "ptr";
  readonly version: Version;

  constructor(version: Version) {
    super();
    this.version = version;
  }

  override goString(): string {
    return formatVersion(this.version);
  }

  equals(other: unknown): boolean {
    if (!(other instanceof SemverValue)) return false;
    return other.version.original === this.version.original && other.goString() === this.goString();
  }

  override marshal(): GoValue {
    return this.goString();
  }

  override field(name: string): GoValue | undefined {
    return this.method(name)?.();
  }

  override method(name: string): Method | undefined {
    if (Object.hasOwn(comparisons, name)) return (other) => this.compare(name, other ?? null);
    const part = this.part(name);
    return part === undefined ? undefined : () => part;
  }

  private part(name: string): GoValue | undefined {
    const { major, minor, patch, pre, metadata, original } = this.version;
    if (name === "Major") return new GoInt("uint64", major);
    if (name === "Minor") return new GoInt("uint64", minor);
    if (name === "Patch") return new GoInt("uint64", patch);
    if (name === "Prerelease") return pre;
    if (name === "Metadata") return metadata;
    if (name === "Original") return original;
    if (name === "String") return this.goString();
    return this.increment(name);
  }

  private increment(name: string): GoValue | undefined {
    const { major, minor, patch, pre } = this.version;
    if (name === "IncMajor") return this.next(major + 1n, 0n, 0n);
    if (name === "IncMinor") return this.next(major, minor + 1n, 0n);
    return name === "IncPatch" ? this.next(major, minor, pre === "" ? patch + 1n : patch) : undefined;
  }

  private next(major: bigint, minor: bigint, patch: bigint): GoValue {
    const prefix = this.version.original.startsWith("v") ? "v" : "";
    const next = { major, minor, patch, pre: "", metadata: "", original: `${prefix}${major}.${minor}.${patch}` };
    return new SemverValue(next);
  }

  private compare(name: string, other: GoValue): GoValue {
    if (!(other instanceof SemverValue)) throw new FunctionError("expected *semver.Version");
    return comparisons[name]?.(compareVersions(this.version, other.version)) ?? null;
  }
}

export const versionFunctions: FunctionTable = {
  semver: fn(["string"], (text: string) => new SemverValue(translate(() => parseVersion(text)))),
  semverCompare: fn(["string", "string"], (constraint: string, version: string) =>
    translate(() => {
      const parsed = parseConstraint(constraint);
      return satisfies(parseVersion(version), parsed);
    }),
  ),
};

function translate<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof SemverError) throw new FunctionError(cause.message);
    throw cause;
  }
}
