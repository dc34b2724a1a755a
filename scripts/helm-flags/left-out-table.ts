import { type LeftOutFlag, leftOutFlags } from "../../src/cli/left-out-flags.ts";

const begin = "<!-- scripts/helm-flags.ts writes this table -->\n";
const end = "<!-- end of the table -->\n";

/** The page with the table of the flags that are left out as they are today. */
export function withLeftOutFlags(page: string): string {
  const { before, after } = partsOf(page);
  return `${before}${begin}| flag | why not |\n|---|---|\n${leftOutFlags.map(leftOutRow).join("")}${end}${after}`;
}

/** The lines of the table that the page has. */
export function leftOutRowsOf(page: string): string[] {
  return partsOf(page)
    .table.split(/(?<=\n)/)
    .slice(2);
}

export function leftOutRow({ command, names, why }: LeftOutFlag): string {
  const flags = names.map((name) => `\`--${name}\``).join(", ");
  return `| ${flags} (${command ?? "every command"}) | ${why} |\n`;
}

function partsOf(page: string): { before: string; table: string; after: string } {
  const [before, rest] = page.split(begin);
  const [table, after] = rest?.split(end) ?? [];
  if (before === undefined || table === undefined || after === undefined) throw new Error(`no place for the table`);
  return { before, table, after };
}
