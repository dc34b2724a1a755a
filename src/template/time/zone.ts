import { readFileSync } from "node:fs";
import { parseZoneFile } from "./zone-file.ts";

/** The offset from UTC, in seconds, and its abbreviation at some moment. */
export type Offset = { name: string; seconds: number; isDst: boolean };

export type Zone = {
  /** As Go's Location prints: `UTC`, `Local`, `Europe/Paris`. */
  name: string;
  at(unixSeconds: number): Offset;
  /** Whether the zone ever uses this abbreviation, and with which offset around that moment. */
  named(abbreviation: string, unixSeconds: number): number | undefined;
};

const folders = ["/usr/share/zoneinfo/", "/usr/share/lib/zoneinfo/", "/usr/lib/locale/TZ/", "/etc/zoneinfo/"];
const maxFileBytes = 10 * 1024 * 1024;
const zones = new Map<string, Zone | undefined>();

export const utc: Zone = fixedZone("UTC", 0, "UTC");

export function fixedZone(abbreviation: string, seconds: number, name = abbreviation): Zone {
  const offset = { name: abbreviation, seconds, isDst: false };
  return { name, at: () => offset, named: (wanted) => (wanted === abbreviation ? seconds : undefined) };
}

/** The zone of that name from the system's own files, as Helm reads them; undefined where there is none. */
export function loadZone(name: string): Zone | undefined {
  if (name === "" || name === "UTC") return utc;
  if (name === "Local") return localZone();
  if (name.includes("..") || /^[/\\]/.test(name) || name.includes("\0")) return undefined;
  if (zones.size > 1000) zones.clear();
  if (!zones.has(name))
    zones.set(
      name,
      readFirst(
        folders.map((folder) => folder + name),
        name,
      ),
    );
  return zones.get(name);
}

let local: Zone | undefined;

/** The machine's zone: what `TZ` says, or `/etc/localtime`. */
export function localZone(): Zone {
  local ??= findLocal(process.env["TZ"]) ?? utc;
  return local;
}

function findLocal(setting: string | undefined): Zone | undefined {
  if (setting === undefined) return readFirst(["/etc/localtime"], "Local");
  const name = setting.replace(/^:/, "");
  if (name === "" || name === "UTC") return utc;
  if (name.startsWith("/")) return readFirst([name], name === "/etc/localtime" ? "Local" : name);
  const zone = loadZone(name === "Local" ? "" : name);
  return zone && { ...zone, name: "Local" };
}

function readFirst(paths: readonly string[], name: string): Zone | undefined {
  for (const path of paths) {
    try {
      const bytes = readFileSync(path);
      if (bytes.length <= maxFileBytes) return parseZoneFile(name, bytes);
    } catch {
      // Not there, or no zone: Go tries the next folder too, and falls back to UTC in the end.
    }
  }
  return undefined;
}
