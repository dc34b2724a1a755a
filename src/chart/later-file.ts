import type { ChartFile } from "./types.ts";

/** A file whose bytes are read when they are first asked for. */
export function laterFile(name: string, read: () => Uint8Array): ChartFile {
  let bytes: Uint8Array | undefined;
  return {
    name,
    get data() {
      bytes ??= read();
      return bytes;
    },
  };
}
