/** One flag of a Helm command, as pflag describes it. `type` is pflag's own name; `bare` what the flag means alone. */
export type HelmFlag = {
  name: string;
  short?: string;
  type: string;
  bare?: string;
  default?: string;
  /** Not in the help: the advice that Helm gives to whoever uses it, or nothing but that it is there. */
  hidden?: string;
};

const flagLine =
  /^ +(?:-(?<short>\w), )?--(?<name>[\w-]+)(?: (?<type>[A-Za-z]\w*))?(?:\[=(?<bare>[^\]]*)\])? {2,}(?<text>.*)$/;

/** The flags of the help's `Flags:` section: those of the command alone, or of the root where the help is the root's. */
export function readHelp(help: string): HelmFlag[] {
  const section = /^Flags:\n((?: .*\n)+)/m.exec(help)?.[1] ?? "";
  return section
    .trimEnd()
    .split("\n")
    .map((line) => {
      const groups = flagLine.exec(line)?.groups;
      if (groups?.["name"] === undefined) throw new Error(`not a flag: ${line}`);
      const { short, name, type = "bool", bare, text = "" } = groups;
      const fallback = /\(default (.*)\)$/.exec(text)?.[1];
      return {
        name,
        ...(short !== undefined && { short }),
        type,
        ...(bare !== undefined && { bare: unquoted(bare) }),
        ...(fallback !== undefined && { default: unquoted(fallback) }),
      };
    });
}

function unquoted(text: string): string {
  return /^"(.*)"$/.exec(text)?.[1] ?? text;
}

/** What Helm answers to `--NAME=%%% --help`, an impossible value: a flag that its help doesn't show, or none. */
export function readProbe(name: string, { code, err }: { code: number; err: string }): HelmFlag | undefined {
  if (/unknown flag/.test(err)) return undefined;
  const short = /for "-(\w), --/.exec(err)?.[1];
  const parser = /strconv\.Parse(\w+)/.exec(err)?.[1]?.toLowerCase();
  if (code !== 0 && parser === undefined && !/invalid argument/.test(err)) throw new Error(`--${name}: ${err}`);
  return { name, ...(short !== undefined && { short }), type: parser ?? "string", hidden: "" };
}

export function readAdvice(err: string): string {
  return /^Flag --\S+ has been deprecated, (.*)$/m.exec(err)?.[1] ?? "";
}
