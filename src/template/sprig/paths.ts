import type { FunctionTable } from "../function.ts";
import { fn } from "./define.ts";

const base = fn(["string"], basename);
const dir = fn(["string"], dirname);
const cleaned = fn(["string"], clean);
const ext = fn(["string"], extension);
const isAbs = fn(["string"], (path: string) => path.startsWith("/"));

/** Slash-separated paths; those of the system are the same, since a chart must not render differently on Windows. */
export const pathFunctions: FunctionTable = {
  base,
  dir,
  clean: cleaned,
  ext,
  isAbs,
  osBase: base,
  osDir: dir,
  osClean: cleaned,
  osExt: ext,
  osIsAbs: isAbs,
};

function basename(path: string): string {
  if (path === "") return ".";
  const trimmed = trimSlashes(path);
  return trimmed === "" ? "/" : trimmed.slice(trimmed.lastIndexOf("/") + 1);
}

function trimSlashes(path: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === "/") end--;
  return path.slice(0, end);
}

function dirname(path: string): string {
  return clean(path.slice(0, path.lastIndexOf("/") + 1));
}

function extension(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(dot);
}

/** The shortest path that means the same, without looking at the disk. */
function clean(path: string): string {
  const rooted = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (!rooted) parts.push(part);
  }
  return (rooted ? "/" : "") + parts.join("/") || ".";
}
