import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SlipwayError } from "../base/error.ts";
import { sha256 } from "../base/sha256.ts";
import { writeFileWhole } from "./write-file.ts";

/** Bytes by their own SHA-256, and notes by any name. Where the folder can't be written, nothing is kept. */
export type ContentCache = {
  /** `undefined` also where the file no longer is what its name says. */
  get(digest: string): Buffer | undefined;
  put(bytes: Uint8Array): string;
  note(kind: NoteKind, name: string): string | undefined;
  setNote(kind: NoteKind, name: string, text: string | Uint8Array): void;
};

/** `tag`: what a tag or version was last; `index`: the index of a repository; `index-tag`: how the server marked it. */
export type NoteKind = "tag" | "index" | "index-tag";

export function contentCache(folder: string): ContentCache {
  const contentPath = (digest: string) => join(folder, "sha256", digest);
  const notePath = (kind: NoteKind, name: string) => join(folder, kind, sha256(Buffer.from(name)));
  return {
    get(digest) {
      const bytes = readIfThere(contentPath(bareDigest(digest)));
      return bytes !== undefined && sha256(bytes) === bareDigest(digest) ? bytes : undefined;
    },
    put(bytes) {
      const digest = sha256(bytes);
      keep(contentPath(digest), bytes);
      return digest;
    },
    note: (kind, name) => readIfThere(notePath(kind, name))?.toString("utf8"),
    setNote: (kind, name, text) => keep(notePath(kind, name), text),
  };
}

/** The 64 hex digits of a digest with or without `sha256:`; fails with CHART_DIGEST for anything else. */
export function bareDigest(digest: string): string {
  const bare = digest.replace(/^sha256:/, "");
  if (/^[0-9a-f]{64}$/.test(bare)) return bare;
  throw new SlipwayError("CHART_DIGEST", `"${digest.slice(0, 100)}" is no SHA-256 digest`);
}

/** Throws CHART_DIGEST where the bytes are not what was promised. */
export function checkDigest(bytes: Uint8Array, promised: string, what: string): void {
  const actual = sha256(bytes);
  if (actual === bareDigest(promised)) return;
  throw new SlipwayError("CHART_DIGEST", `${what} is not what was promised: its digest is sha256:${actual}`, {
    detail: `promised: sha256:${bareDigest(promised)}`,
    hint: "The content was changed on its way or at its source. Do not use it before you know why.",
  });
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

// A cache that can't be written costs time, not the deploy.
function keep(path: string, data: string | Uint8Array): void {
  try {
    writeFileWhole(path, data);
  } catch {}
}
