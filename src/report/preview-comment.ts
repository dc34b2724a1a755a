import { markdownLink } from "./link.ts";
import { markdownCode, markdownText, table } from "./markdown.ts";
import type { Story } from "./story.ts";
import { shortMarkdown } from "./summary.ts";

/** `stuck`: it was to be taken down, and is not gone. */
export type PreviewState = "up" | "failed" | "down" | "stuck" | "expired";

export type PreviewComment = {
  state: PreviewState;
  release: string;
  namespace: string;
  commit: string;
  url?: string;
  /** Milliseconds since 1970. */
  expires?: number;
  runUrl?: string;
  /** What went wrong. */
  story?: Story;
};

const mostCharacters = 60_000;

const titles: Readonly<Record<PreviewState, string>> = {
  up: "🚀 The preview of NAME is up",
  failed: "❌ The preview of NAME could not be brought up",
  down: "🧹 The preview of NAME is gone",
  stuck: "❌ The preview of NAME could not be taken down",
  expired: "🧹 The preview of NAME is gone: its time had passed",
};

/** The one comment about a pull request's preview: how it is, where, and of which commit. */
export function previewComment(comment: PreviewComment): string {
  const { state, release, story, runUrl } = comment;
  const title = `### ${titles[state].replace("NAME", () => markdownText(release))}`;
  const foot = runUrl ? `<sub>[run](${runUrl})</sub>\n` : "";
  const rows = rowsOf(comment);
  const facts = rows.length === 0 ? "" : `${table(["", ""], rows)}\n\n`;
  const again = state === "expired" ? "The next push brings it up again.\n\n" : "";
  const room = mostCharacters - title.length - facts.length - foot.length;
  const rest = "The rest is too long for a comment: it is in the job summary.";
  return `${title}\n\n${facts}${again}${story ? shortMarkdown(story, room, rest) : ""}${foot}`;
}

function rowsOf({ state, url, commit, namespace, expires }: PreviewComment): string[][] {
  const isThere = state === "up" || state === "failed" || state === "stuck";
  return [
    ...(url ? [["Address", markdownLink(url)]] : []),
    ...(commit ? [["Commit", markdownCode(commit.slice(0, 12))]] : []),
    ...(isThere && namespace ? [["Namespace", markdownCode(namespace)]] : []),
    ...(state === "up" && expires !== undefined ? [["Lives until", minuteInWords(expires)]] : []),
  ];
}

/** Of milliseconds since 1970: `2026-11-24 18:30 UTC`. */
export function minuteInWords(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
