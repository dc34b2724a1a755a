import { markdownCode } from "./markdown.ts";
import type { Story } from "./story.ts";
import { shortMarkdown } from "./summary.ts";

/** GitHub refuses longer ones; characters outside the basic plane may count more than once. */
const maxCharacters = 60_000;

export type CommentFacts = { commit: string; runUrl: string };

/** The same as the job summary, for a comment on a pull request: what does not fit is in the summary of the run. */
export function commentMarkdown(story: Story, { commit, runUrl }: CommentFacts): string {
  const run = `[run](${runUrl})`;
  const foot = `<sub>${commit ? `Commit ${markdownCode(commit.slice(0, 12))} · ` : ""}${run}</sub>\n`;
  const rest = `The rest is too long for a comment: it is in the summary of the ${run}.`;
  return `${shortMarkdown(story, maxCharacters - foot.length, rest)}${foot}`;
}
