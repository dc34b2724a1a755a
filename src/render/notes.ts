import type { RenderedFile } from "./sort-manifests.ts";

/** Takes NOTES.txt out of the rendered files: the top chart's is what users read, others' only when asked for. */
export function takeNotes(
  files: readonly RenderedFile[],
  chartName: string,
  withSubcharts: boolean,
): {
  notes: string;
  rest: RenderedFile[];
} {
  const own = `${chartName}/templates/NOTES.txt`;
  const isNotes = ({ source }: RenderedFile) => source.endsWith("NOTES.txt");
  const shown = files.filter((file) => isNotes(file) && (withSubcharts || file.source === own));
  // Helm's own order is that of a Go map, a different one in each run; here the top chart comes first.
  shown.sort((a, b) => a.source.split("/").length - b.source.split("/").length || (a.source < b.source ? -1 : 1));
  const notes = shown.map(({ text }) => text).filter((text, index) => index === 0 || text !== "" || shown.length > 1);
  return { notes: notes.join("\n"), rest: files.filter((file) => !isNotes(file)) };
}
