import { driftWay } from "./drift-way.ts";
import type { ActionInputs } from "./inputs.ts";
import { previewWay } from "./preview-way.ts";
import { releaseWay } from "./release-way.ts";
import { sweepWay } from "./sweep-way.ts";
import type { Way } from "./way.ts";

/** How each command goes and ends. */
export const ways: Readonly<Record<ActionInputs["command"], Way>> = {
  deploy: releaseWay("deploy"),
  plan: releaseWay("plan"),
  rollback: releaseWay("rollback"),
  uninstall: releaseWay("uninstall"),
  preview: previewWay,
  "preview-sweep": sweepWay,
  drift: driftWay,
};
