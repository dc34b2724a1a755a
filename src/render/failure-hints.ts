type Hint = readonly [reason: RegExp, hint: string | ((match: RegExpExecArray) => string)];

const objects = "Values|Chart|Release|Files|Capabilities|Template|Subcharts";

const hints: readonly Hint[] = [
  [new RegExp(`^function "(${objects})" not defined`), ([, name]) => `A dot is missing in front: .${name}`],
  [/^unexpected \{\{end\}\}/, "There is one {{ end }} too many, or a block above it ends too early."],
  [/^unexpected \{\{else\}\}/, "This {{ else }} belongs to no block, or the block has one already."],
  [/^unclosed action/, "Each {{ needs its }}."],
  [/^unterminated (?:raw )?quoted string/, "Each quote needs its second one, on the same line unless it is `."],
  [/^undefined variable: (\$\w*)/, ([, name]) => `Declare it first, with := in place of =: ${name} := …`],
  [
    /^undefined variable "(\$\w*)"/,
    ([, name]) => `${name} is not declared here: a variable ends with the block it is declared in.`,
  ],
  [/^wrong number of args for (\w+): want (at least )?(\d+) got (\d+)/, tooManyOrFew],
  [/^wrong type for value; expected string; got (map|\[\])/, "Turn it into text first, with toYaml or toJson."],
  [/^wrong type for value; expected string; got/, "Turn it into text first, with toString."],
  [/^wrong type for value; expected int/, "Turn it into a number first, with int."],
  [/^range can't iterate over/, "range goes over lists, maps and whole numbers: look at what the values give here."],
  [/incompatible types for comparison/, "Bring both sides to one type first, with int, float64 or toString."],
  [/index out of range/, "Look at the list's length first: {{ if gt (len LIST) N }}."],
  [
    /nested reference name|maximum template depth/,
    "A template that includes itself needs a condition under which it stops.",
  ],
];

function tooManyOrFew([, name, least, want, got]: RegExpExecArray): string {
  return `${name} takes ${least ?? ""}${want} argument${want === "1" ? "" : "s"}, what is piped into it included; here it gets ${got}.`;
}

/** The next step for what Go's template engine says. */
export function hintFor(reason: string): string | undefined {
  for (const [pattern, hint] of hints) {
    const match = pattern.exec(reason);
    if (match !== null) return typeof hint === "string" ? hint : hint(match);
  }
  return undefined;
}
