import { marked } from "marked";

/** Where GitHub shows the text. */
export type Frame = { kind: "summary" | "comment" } | { kind: "issue"; title: string };

const style = `
  body { margin: 0; padding: 16px; width: 868px; background: #fff; color: #1f2328; font: 14px/1.5 "Liberation Sans", Arial, "Noto Color Emoji", sans-serif; }
  .frame { border: 1px solid #d1d9e0; border-radius: 6px; overflow: hidden; }
  .head { padding: 8px 16px; background: #f6f8fa; border-bottom: 1px solid #d1d9e0; color: #59636e; }
  .head b { color: #1f2328; }
  .bot { border: 1px solid #d1d9e0; border-radius: 10px; padding: 0 6px; font-size: 12px; }
  .text { padding: 16px; overflow-wrap: break-word; }
  .text > :first-child { margin-top: 0; } .text > :last-child { margin-bottom: 0; }
  h1 { font-size: 24px; font-weight: 400; margin: 0 0 12px; }
  h3 { font-size: 1.25em; margin: 0 0 16px; } h4 { font-size: 1em; margin: 24px 0 16px; }
  p, ul, table, pre, details { margin: 0 0 16px; } ul { padding-left: 2em; }
  table { border-collapse: collapse; } th, td { border: 1px solid #d1d9e0; padding: 6px 13px; text-align: left; }
  tr:nth-child(2n) td { background: #f6f8fa; }
  code, pre { font: 12px/1.45 "Liberation Mono", monospace; }
  code { background: #818b981f; border-radius: 6px; padding: .2em .4em; white-space: break-spaces; }
  pre { background: #f6f8fa; border-radius: 6px; padding: 16px; } pre code { background: none; padding: 0; display: block; }
  a { color: #0969da; text-decoration: none; } sub { font-size: 12px; }
  .add { color: #116329; background: #dafbe1; } .del { color: #82071e; background: #ffebe9; } .hunk { color: #8250df; }
`;

/** A page that shows Markdown much as GitHub does, with all that folds open; its height stands at its root. */
export function pageOf(markdown: string, frame: Frame): string {
  const html = marked
    .parse(markdown, { gfm: true, async: false })
    .replace(/<details>/g, "<details open>")
    .replace(/<pre><code class="language-diff">([\s\S]*?)<\/code><\/pre>/g, (_, text: string) => diff(text));
  const body = `<div class="frame">${headOf(frame)}<div class="text">${html}</div></div>`;
  const measure = "document.documentElement.dataset.height = Math.ceil(document.body.getBoundingClientRect().height)";
  return `<!doctype html><meta charset="utf-8"><style>${style}</style><body>${titleOf(frame)}${body}<script>${measure}</script>`;
}

function titleOf(frame: Frame): string {
  return frame.kind === "issue" ? `<h1>${frame.title}</h1>` : "";
}

function headOf({ kind }: Frame): string {
  if (kind === "summary") return `<div class="head"><b>deploy</b> summary</div>`;
  return `<div class="head"><b>github-actions</b> <span class="bot">bot</span> ${kind === "issue" ? "opened" : "commented"}</div>`;
}

function diff(text: string): string {
  const looks: Record<string, string> = { "+": "add", "-": "del", "@": "hunk" };
  const lines = text.replace(/\n$/, "").split("\n");
  const told = lines.map((line) => `<span class="${looks[line[0] ?? ""] ?? ""}">${line}</span>`);
  return `<pre><code>${told.join("\n")}</code></pre>`;
}
