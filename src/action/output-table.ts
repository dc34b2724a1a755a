import type { Command } from "./input-table.ts";

/** Of the text that an output is: `number` is a whole one, `boolean` true or false, `json` one document. */
export type OutputType = "text" | "number" | "boolean" | "json";

export type Output = { type: OutputType; commands: readonly Command[] };

const onRelease = ["deploy", "plan", "rollback", "uninstall", "preview"] as const;
const withDrift = [...onRelease, "drift"] as const;
const all = [...withDrift, "preview-sweep"] as const;

/** Every output of the action, and the commands that give it something to say; to others, and to what is not known, it is empty. */
export const outputTable = {
  status: { type: "text", commands: all },
  revision: { type: "number", commands: onRelease },
  "previous-revision": { type: "number", commands: onRelease },
  "rolled-back": { type: "boolean", commands: onRelease },
  changed: { type: "boolean", commands: withDrift },
  changes: { type: "json", commands: onRelease },
  hazards: { type: "json", commands: onRelease },
  cause: { type: "text", commands: all },
  namespace: { type: "text", commands: withDrift },
  notes: { type: "text", commands: onRelease },
  "environment-url": { type: "text", commands: ["deploy", "rollback", "preview"] },
  preview: { type: "text", commands: ["preview", "preview-sweep"] },
  previews: { type: "json", commands: ["preview-sweep"] },
  drifted: { type: "boolean", commands: ["drift"] },
  drift: { type: "json", commands: ["drift"] },
  corrected: { type: "number", commands: ["drift"] },
} as const satisfies Record<string, Output>;

export type OutputName = keyof typeof outputTable;

/** As a runner keeps them: each a text of its type. */
export type Outputs = Record<OutputName, string>;

/** In the order in which `action.yml` describes them. */
export const outputNames = Object.keys(outputTable) as OutputName[];
