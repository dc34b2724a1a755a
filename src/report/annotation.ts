import { objectKey } from "../kube/ref.ts";
import type { Hazard } from "../plan/types.ts";
import { oneLine } from "./plain-text.ts";
import { headlineOf, type Story } from "./story.ts";

/** A file of the repository, its path from the repository's root; without a line it is about the whole file. */
export type FilePlace = { file: string; line?: number; column?: number };

export type Annotation = { title: string; message: string; level?: "error" | "warning" | "notice"; place?: FilePlace };

/** A place as errors and plans name it, `shop/templates/web.yaml:3:7`, and the field of an object of that template. */
export type Finding = { where: string; kind?: string; field?: string };

/** The file of the repository that is meant; `undefined` where it has none. */
export type LocateFile = (finding: Finding) => FilePlace | undefined;

/** GitHub shows no more of one step. */
const mostOfLevel = 10;
const mostLines = 15;

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

/**
 * All annotations of a run, the most important first: the one of its failure, at the file that it is about where that is
 * one, else one for each file; then what the plan warns of at the files that it is about.
 */
export function annotationsOf(story: Story, locate: LocateFile): Annotation[] {
  const main = annotationOf(story);
  const errors = main === undefined ? [] : problemsOf(story);
  const placed = errors.flatMap((problem) => atFile(problem, "error", locate));
  const [first] = placed;
  const isOne = errors.length === 1 && first !== undefined;
  const whole = main && isOne ? joined(main, first, errors[0]?.hazard) : main;
  const failure = whole === undefined ? [] : [whole, ...(isOne ? [] : placed)];
  const told = new Set(errors.map(({ hazard }) => hazard));
  const warnings = (story.observed.hazards ?? [])
    .filter((hazard) => !told.has(hazard))
    .flatMap((hazard) => atFile(hazardProblem(story, hazard), "warning", locate));
  return [...failure.slice(0, mostOfLevel), ...warnings.slice(0, mostOfLevel)];
}

type Placed = Annotation & { place: FilePlace };

type Problem = { title: string; message: string; finding?: Finding; hazard?: Hazard };

/** What stands in the first line already is not repeated. */
function joined(main: Annotation, { message, place }: Placed, hazard: Hazard | undefined): Annotation {
  const [cause = "", ...rest] = main.message.split("\n");
  const isTold = hazard !== undefined || cause.includes(message);
  return { ...main, message: isTold ? main.message : [cause, message, ...rest].join("\n"), place };
}

function problemsOf(story: Story): Problem[] {
  if (story.ending.kind !== "error") return [];
  const { code, where, places = [], message } = story.ending.error;
  const hazards = (story.observed.hazards ?? []).filter(({ severity }) => severity === "error");
  if (hazards.length > 0 && (code === "PLAN_HAZARD" || code === "KUBE_FORBIDDEN"))
    return hazards.map((hazard) => hazardProblem(story, hazard));
  if (places.length > 0)
    return places.map((place) => ({ title: titles[code ?? ""] ?? "Error", message: place.message, finding: place }));
  return where === undefined ? [] : [{ title: "Error", message, finding: { where } }];
}

const titles: Record<string, string> = {
  VALUES_SCHEMA: "Refused by the chart's schema",
  PLAN_UNKNOWN_KIND: "Kind not known",
  RENDER_INVALID_MANIFEST: "Twice in the chart",
};

function hazardProblem({ changes }: Story, hazard: Hazard): Problem {
  const { id, severity, ref, field, message, remedy } = hazard;
  const key = ref && objectKey(ref);
  const where = key === undefined ? undefined : changes.find((change) => objectKey(change.ref) === key)?.source;
  const at = field && !message.includes(field) ? ` (${field})` : "";
  return {
    title: `${severity === "error" ? "Hazard" : "Warning"}: ${id}`,
    message: `${message}${at}\n${remedy}`,
    hazard,
    ...(where !== undefined && { finding: { where, ...(ref && { kind: ref.kind }), ...(field && { field }) } }),
  };
}

function atFile({ title, message, finding }: Problem, level: "error" | "warning", locate: LocateFile): Placed[] {
  const place = finding && locate(finding);
  if (place === undefined) return [];
  const lines = message.split("\n").slice(0, mostLines);
  return [{ level, title: oneLine(title, 200), message: lines.map((line) => oneLine(line, 2000)).join("\n"), place }];
}
