import { GoStringer } from "../go-objects.ts";

export type TomlTimeKind = "offset" | "datetime-local" | "date-local" | "time-local";

const SHAPE = /^(?:(\d{4}-\d{2}-\d{2}))?(?:T?(\d{2}:\d{2})(?::(\d{2})(?:\.(\d+))?)?)?(Z|[-+]\d{2}:\d{2})?$/;

/** The parts of a TOML date or time, each as it is written, with `T` and `Z` in capitals; undefined if it is none. */
export function parseTomlTime(text: string): TomlTime | undefined {
  const [, date, clock, seconds = "00", fraction = "", zone] = SHAPE.exec(text) ?? [];
  if (date === undefined && clock === undefined) return undefined;
  if (zone !== undefined && (date === undefined || clock === undefined)) return undefined;
  if (date !== undefined && clock !== undefined && text[10] !== "T") return undefined;
  if (!isReal(date ?? "0000-01-01", `${clock ?? "00:00"}:${seconds}`)) return undefined;
  const kind =
    zone !== undefined
      ? "offset"
      : date === undefined
        ? "time-local"
        : clock === undefined
          ? "date-local"
          : "datetime-local";
  const digits = fraction.slice(0, 9).replace(/0+$/, "");
  const time = `${clock ?? "00:00"}:${seconds}${digits === "" ? "" : `.${digits}`}`;
  return new TomlTime(kind, date ?? "0000-01-01", time, zone ?? "Z");
}

function isReal(date: string, clock: string): boolean {
  const instant = new Date(`${date}T${clock}Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(`${date}T${clock}`);
}

/** A time.Time as fromToml gives it. */
export class TomlTime extends GoStringer {
  readonly goType = "time.Time";
  readonly goKind = "struct";
  readonly kind: TomlTimeKind;
  readonly date: string;
  readonly clock: string;
  readonly zone: string;

  constructor(kind: TomlTimeKind, date: string, clock: string, zone: string) {
    super();
    this.kind = kind;
    this.date = date;
    this.clock = clock;
    this.zone = zone;
  }

  goString(): string {
    const offset = this.zone === "Z" ? "+0000" : this.zone.replace(":", "");
    const name = this.kind !== "offset" ? this.kind : this.zone === "Z" ? "UTC" : offset;
    return `${this.date} ${this.clock} ${offset} ${name}`;
  }

  override marshal(): string {
    return `${this.date}T${this.clock}${this.zone}`;
  }

  /** As toToml writes it: what was local stays so. */
  toml(): string {
    if (this.kind === "date-local") return this.date;
    if (this.kind === "time-local") return this.clock;
    return this.kind === "offset" ? this.marshal() : `${this.date}T${this.clock}`;
  }
}
