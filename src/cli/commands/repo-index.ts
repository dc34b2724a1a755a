import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { SlipwayError } from "../../base/error.ts";
import { readIndex } from "../../chart/repository/index-file.ts";
import { formatIndex, indexFolder, mergeIndex } from "../../chart/repository/write-index.ts";
import { writeFileWhole } from "../../chart/write-file.ts";
import type { ExitCode, Invocation } from "../command.ts";
import { flagReader } from "../read-flags.ts";

/** `slipway repo index FOLDER`. */
export async function index({ positionals: [folder = ""], flags }: Invocation): Promise<ExitCode> {
  const read = flagReader(flags);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new SlipwayError("INPUT_INVALID", `There is no folder "${folder}"`, { where: folder });
  }
  const now = new Date();
  const made = indexFolder(folder, read.string("url") ?? "", now);
  const merge = read.string("merge");
  if (merge !== undefined && existsSync(merge)) mergeIndex(made, readIndex(readFileSync(merge), merge));
  writeFileWhole(join(folder, "index.yaml"), formatIndex(made, { now, isJson: read.boolean("json") }));
  return 0;
}
