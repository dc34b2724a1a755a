/** What is printed of each chart of one run of lint, by its path. */
export function sectionsOf(out: string): Map<string, string> {
  const sections = out.matchAll(/^==> Linting (\S+)\n([\s\S]*?)(?=^==> |^\d+ chart\(s\)|(?![\s\S]))/gm);
  return new Map(Array.from(sections, ([, path = "", text = ""]) => [path, text]));
}

/** How many charts failed, by the last line. */
export function failedIn({ out, err }: { out: string; err: string }): string | undefined {
  return /(\d+) chart\(s\) failed/.exec(out + err)?.[1];
}
