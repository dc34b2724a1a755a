import type { ChartMetadata, Maintainer } from "../types.ts";

const prefix = "org.opencontainers.image";
const fixed = new Set([`${prefix}.title`, `${prefix}.version`]);

/** What a chart's manifest says about it, as Helm writes it. The chart's own annotations win, but for title and version. */
export function ociAnnotations(metadata: ChartMetadata, created: Date): Record<string, string> {
  const found: [string, string | undefined][] = [
    [`${prefix}.description`, metadata.description],
    [`${prefix}.title`, metadata.name],
    [`${prefix}.version`, metadata.version],
    [`${prefix}.url`, metadata.home],
    [`${prefix}.created`, `${created.toISOString().slice(0, 19)}Z`],
    [`${prefix}.source`, metadata.sources?.[0]],
    [`${prefix}.authors`, metadata.maintainers?.map(authorText).join(", ")],
  ];
  const own = Object.entries(metadata.annotations ?? {}).filter(([name]) => !fixed.has(name));
  const present = found.filter((entry): entry is [string, string] => (entry[1] ?? "").trim() !== "");
  return Object.fromEntries([...present, ...own]);
}

function authorText({ name = "", email }: Maintainer): string {
  return email ? `${name} (${email})` : name;
}
