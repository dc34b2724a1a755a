import { marked } from "marked";

const elements = new Set(
  "h3 h4 p br table thead tbody tr th td code pre ul ol li strong em del a details summary sub hr input".split(" "),
);
const withoutReferences = /<(pre|code|a)\b[^>]*>[\s\S]*?<\/\1>/g;

type PageRules = {
  /** Where links may lead. */
  links: RegExp;
  /** Words of which a heading or a title that folds has to be; nothing else is one. */
  titles: RegExp;
};

/** What of a page, as GitHub shows Markdown, is there that has no business there. */
export function pageMistakes(markdown: string, { links, titles }: PageRules): string[] {
  const html = marked.parse(markdown, { gfm: true, async: false });
  const mistakes: string[] = [];
  const open: string[] = [];
  for (const [tag, slash, given = "", attributes = ""] of html.matchAll(/<(\/?)([a-zA-Z][\w-]*)([^>]*)>/g)) {
    const name = given.toLowerCase();
    if (!elements.has(name)) mistakes.push(`the element ${tag}`);
    const [, href] = /href="([^"]*)"/.exec(attributes) ?? [];
    if (name === "a" && slash === "" && !(href !== undefined && links.test(href))) mistakes.push(`the link ${tag}`);
    if (name !== "a" && /\b(on\w+|src|style)\s*=/.test(attributes)) mistakes.push(`the attribute in ${tag}`);
    if (name === "details") {
      if (slash === "") open.push(name);
      else if (open.pop() === undefined) mistakes.push("an end of details without a beginning");
    }
  }
  if (open.length > 0) mistakes.push("details without an end");
  for (const [, , title = ""] of html.matchAll(/<(h\d|summary)[^>]*>([\s\S]*?)<\/\1>/g)) {
    if (!titles.test(plain(title))) mistakes.push(`the title ${title}`);
  }
  return [...mistakes, ...referencesIn(plain(html.replace(withoutReferences, " ")))];
}

/** How many comments of HTML a page has, which nobody sees. */
export function hiddenParts(markdown: string): number {
  return marked.parse(markdown, { gfm: true, async: false }).match(/<!--/g)?.length ?? 0;
}

// GitHub looks for these in the text of the page, after Markdown: no escape of Markdown and no entity hides them.
function referencesIn(text: string): string[] {
  const found = [
    ...text.matchAll(/(?<![\w`])@[a-z0-9][\w-]*/gi),
    ...text.matchAll(/(?:[\w.-]+\/[\w.-]+)?#\d+/g),
    ...text.matchAll(/\bGH-\d+/gi),
    ...text.matchAll(/[\w.+-]+@[\w-]+\.\w+/g),
  ];
  return found.map(([reference]) => `the reference ${reference}`);
}

function plain(html: string): string {
  return html
    .replace(/<[^>]*>/g, "")
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&(lt|gt|quot|amp|commat);/g, (_, name: keyof typeof entities) => entities[name]);
}

const entities = { lt: "<", gt: ">", quot: '"', amp: "&", commat: "@" };
