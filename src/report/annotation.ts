import { oneLine } from "./plain-text.ts";
import { headlineOf, type Story } from "./story.ts";

export type Annotation = { title: string; message: string };

/** The one annotation of a run that failed: the cause, then the user's next step. */
export function annotationOf(story: Story): Annotation | undefined {
  const { ok, title, cause, aftermath } = headlineOf(story);
  if (ok) return undefined;
  const hint = story.ending.kind === "error" ? story.ending.error.hint : undefined;
  const place = story.ending.kind === "error" ? story.ending.error.where : undefined;
  const at = place && !cause?.includes(place) ? ` (${place})` : "";
  const lines = [`${cause ?? title}${at}`, aftermath, ...(hint ? [hint] : [])];
  return { title: oneLine(title, 200), message: lines.map((line) => oneLine(line, 2000)).join("\n") };
}
