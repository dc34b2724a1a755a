export type RunnerCommand = { name: string; properties: string; data: string };

/** What a runner takes for commands in a step's log, by both of its parsers; carriage returns end lines, too. */
export function runnerCommands(stdout: string): RunnerCommand[] {
  return stdout.split(/\r\n|\r|\n/).flatMap((line) => newForm(line) ?? oldForm(line) ?? []);
}

function newForm(line: string): RunnerCommand | undefined {
  const [, name, properties = "", data = ""] =
    /^::([^\s:]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/s.exec(line.trimStart()) ?? [];
  return name === undefined ? undefined : { name, properties, data };
}

function oldForm(line: string): RunnerCommand | undefined {
  const [, name, properties = "", data = ""] = /##\[([^\s\]]+)(?: ([^\]]*))?\](.*)$/s.exec(line) ?? [];
  return name === undefined ? undefined : { name: `##[${name}]`, properties, data };
}
