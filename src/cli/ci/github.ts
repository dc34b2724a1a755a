import { appendFileSync } from "node:fs";
import type { Annotation } from "../../report/annotation.ts";
import { neutralLog } from "../../report/neutral-log.ts";
import type { CiForm } from "./form.ts";

/** Groups, annotations and the job summary of GitHub Actions, for a CLI that runs in a step. */
export const github: CiForm = {
  open: (title) => `::group::${escapeData(neutralLog(title))}\n`,
  close: () => "::endgroup::\n",
  neutral: neutralLog,
  async publish({ annotations, summary }, { env, err }) {
    for (const annotation of annotations) err.write(annotationLine(annotation));
    const path = env["GITHUB_STEP_SUMMARY"];
    if (!path || summary === undefined) return [];
    try {
      appendFileSync(path, summary);
      return [];
    } catch (cause) {
      return [`The job summary can't be written: ${cause instanceof Error ? cause.message : String(cause)}`];
    }
  },
};

function annotationLine({ title, message, level = "error", place }: Annotation): string {
  const properties = { file: place?.file, line: place?.line, col: place?.column, title: neutralLog(title) };
  const given = Object.entries(properties).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${escapeProperty(String(value))}`],
  );
  return `::${level} ${given.join(",")}::${escapeData(neutralLog(message))}\n`;
}

function escapeData(text: string): string {
  return text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
}
