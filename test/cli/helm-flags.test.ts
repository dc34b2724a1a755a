import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { leftOutRow, leftOutRowsOf } from "../../scripts/helm-flags/left-out-table.ts";
import type { HelmFlag } from "../../scripts/helm-flags/read-help.ts";
import { commands } from "../../src/cli/commands.ts";
import { type Flag, globalFlags } from "../../src/cli/flags.ts";
import { leftOutFlag, leftOutFlags } from "../../src/cli/left-out-flags.ts";
import { parseFlags } from "../../src/cli/parse-flags.ts";
import { commandLine } from "./command-line.ts";

// Of Helm 3.22 and 4.3, by command, as `node scripts/helm-flags.ts` reads them from their help.
const golden: Record<string, (HelmFlag & { helm: string[] })[]> = JSON.parse(
  readFileSync("test/cli/golden/helm-flags.json", "utf8"),
);
const rows = Object.entries(golden).flatMap(([helmCommand, flags]) =>
  flags.map((flag) => ({
    helmCommand,
    ...flag,
    title: `helm${flag.helm.join(" and ")} ${helmCommand} --${flag.name}`,
  })),
);

/** The flags that our command of the same name, or the one that it is an alias of, takes. */
function ourCommand(helmCommand: string): { name: string; flags: readonly Flag[] } {
  if (helmCommand === "") return { name: "", flags: globalFlags };
  const found = commands.find(({ name, aliases }) => name === helmCommand || aliases?.includes(helmCommand));
  if (found === undefined) throw new Error(`slipway ${helmCommand} is missing`);
  return { name: found.name, flags: [...found.flags, ...globalFlags] };
}

const takes = (flags: readonly Flag[], name: string) =>
  flags.some((flag) => flag.name === name || flag.aliases?.includes(name));

type Sample = { words: string[]; value?: unknown; left?: string[] };

/** Command lines that Helm reads, and what of them is the flag's value. `x` is the flag, a text is one of its values. */
function samplesOf(x: string, { type, bare, default: fallback }: HelmFlag, { choices, type: ours }: Flag): Sample[] {
  const text =
    choices === undefined ? "text" : choices.includes(fallback ?? "") ? (fallback ?? "") : (choices[0] ?? "");
  const alone: Sample = { words: [x, "next"], left: ["next"] };
  if (bare !== undefined) return [alone, { words: [`${x}=${text}`, "next"], value: text, left: ["next"] }];
  switch (type) {
    case "bool": {
      const off = ours === "boolean" ? false : ours === "strings" ? ["false"] : "false";
      return [alone, { words: [`${x}=false`], value: off }, { words: [`${x}=F`], value: off }];
    }
    case "stringArray":
    case "postRendererArgsSlice":
      return [{ words: [x, "a,b", `${x}=c`], value: ["a,b", "c"] }];
    case "strings":
      return [{ words: [x, "a,b", `${x}=c`], value: ["a", "b", "c"] }];
    case "stringToString":
      return [{ words: [x, "a=1,b=2"], value: ["a=1", "b=2"] }];
    case "int":
    case "uint":
      return [{ words: [x, "7"], value: 7 }];
    case "duration":
      return [{ words: [x, "1m30s"], value: 90_000 }];
    case "format":
      return ["table", "json", "yaml"].map((form) => ({ words: [x, form], value: form }));
    default:
      return [
        { words: [x, text], value: text },
        { words: [`${x}=${text}`], value: text },
      ];
  }
}

describe("a flag of Helm is taken as Helm takes it, or left out for a reason", () => {
  test.each(rows)("$title", (row) => {
    const { name: command, flags } = ourCommand(row.helmCommand);
    if (!takes(flags, row.name)) {
      expect(leftOutFlag(command, row.name)).toBeDefined();
      return;
    }
    const flag = flags.find(({ name, aliases }) => name === row.name || aliases?.includes(row.name)) as Flag;
    for (const form of [`--${row.name}`, ...(row.short === undefined ? [] : [`-${row.short}`])]) {
      for (const { words, value, left = [] } of samplesOf(form, row, flag)) {
        const parsed = parseFlags(words, flags);
        expect(parsed.positionals, words.join(" ")).toEqual(left);
        if (value === undefined) expect(parsed.flags.has(flag.name), words.join(" ")).toBe(true);
        else expect(parsed.flags.get(flag.name), words.join(" ")).toEqual(value);
      }
    }
  });
});

test("no reason is given for a flag that Helm does not have", () => {
  const unknown = leftOutFlags.flatMap(({ command, names }) =>
    names.filter((name) => !rows.some((row) => row.name === name && isOf(row.helmCommand, command))),
  );
  expect(unknown).toEqual([]);
});

function isOf(helmCommand: string, command: string | undefined): boolean {
  return command === undefined ? helmCommand === "" : helmCommand !== "" && ourCommand(helmCommand).name === command;
}

describe("docs/helm-differences.md", () => {
  const listed = leftOutRowsOf(readFileSync("docs/helm-differences.md", "utf8"));

  test("names every flag that is left out; else run node scripts/helm-flags.ts --docs", () => {
    const missing = leftOutFlags.filter(({ command = "", names }) => {
      const { flags } = ourCommand(command);
      return names.some((name) => !takes(flags, name));
    });
    expect(listed).toEqual(expect.arrayContaining(missing.map(leftOutRow)));
  });

  test("names none that is not", () => {
    expect(leftOutFlags.map(leftOutRow)).toEqual(expect.arrayContaining(listed));
  });
});

test("whoever gives a flag that is left out is told why", async () => {
  const { code, err } = await commandLine(["template", "./chart", "--qps", "5"]);
  expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining("Requests go over one connection") });
});
