import fc from "fast-check";
import { compareKeys } from "../../../src/base/yaml/key-order.ts";

/** Strings that YAML, JSON or their writers treat in some special way. */
const trickyStrings = [
  ..."y n yes no on off true false null ~ .inf -.INF .nan Yes TRUE Null << = - -- --- ... ? : # | > [] {} @ ` % & * !".split(
    " ",
  ),
  ..."0 1 -1 +1 01 08 0777 0o17 0x1F 0b101 1_000 1e3 1.5 .5 5. 1e400 -0 -0.0 1:30 190:20:30.15 0.1e-7".split(" "),
  ..."2001-01-01 2001-1-1 2001-02-30 2001-12-14T21:59:43.10Z 2001-12-14t21:59:43+05:30 12345678901234567890".split(" "),
  "2001-12-14 21:59:43.10",
  "",
  " ",
  " a",
  "a ",
  "a: b",
  "a #b",
  "a#b",
  "a:b",
  "- a",
  "? a",
  "it's",
  '"q"',
  "a\nb",
  "a\nb\n",
  "a\nb\n\n",
  "\na",
  "\n",
  " a\n b",
  "a \nb",
  "a\n b\n",
  "\ta",
  "a\tb\nc",
  "a\\b",
  "a\u00a0b",
  "\u00e9",
  "\u2028x",
  "a\u2029b",
  "a\u0085b",
  "\ufeffa b",
  "\u{1f600}",
  "\u007f",
  "\u0000",
  "\u001b[0m",
  "\ufffe",
  "<a>&b",
  "{{ .Values.x }}",
  "word ".repeat(30),
  "word ".repeat(30).trim(),
  `it's ${"long ".repeat(30)}# end`,
  `${"x".repeat(90)} y  z ${"x".repeat(90)} `,
  `\u{1f600} ${"wide  text ".repeat(20)}`,
];

export const trickyString = fc.oneof(
  fc.constantFrom(...trickyStrings),
  fc.string({ unit: fc.constantFrom(..."ab1 \n:#-'\"\\|>\t,[]{}&*!%@`?.~_é\u2028"), maxLength: 12 }),
  fc.string({ maxLength: 8 }),
  fc
    .array(fc.constantFrom("word", "a:", "#x", "'", "1", "é", "\u{1f600}", "  "), { maxLength: 40 })
    .map((words) => words.join(" ")),
);

const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1e6, 1e20, 1e21, 1e-6, 1e-7, 123456789.5, 2 ** 53, 2 ** 63, -(2 ** 63), 2 ** 64, 0.1),
);

const key = fc.oneof(
  trickyString,
  fc.constantFrom(
    "a1",
    "a2",
    "a10",
    "a01",
    "b",
    "B",
    "_",
    "a-1",
    "a.1",
    "a1b",
    "a10b",
    "1",
    "10",
    "9",
    "01",
    "k".repeat(130),
    "é".repeat(70),
  ),
);

/**
 * Go-yaml's order of keys is not one for some keys that mix digits and letters (`a1b` < `a2` < `a10b` < `a1b`): the real
 * Helm then prints them in an order that differs from run to run.
 */
export function hasOrderedKeys(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) return value.every(hasOrderedKeys);
  const keys = Object.keys(value);
  const before = (a: string, b: string) => compareKeys(a, b, "v2") < 0;
  const isOrdered = keys.every((a) =>
    keys.every((b) => !before(a, b) || keys.every((c) => !before(b, c) || before(a, c))),
  );
  return isOrdered && Object.values(value).every(hasOrderedKeys);
}

/** JSON values full of such strings. */
export const jsonValue: fc.Arbitrary<unknown> = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(trickyString, number, fc.boolean(), fc.constant(null)),
    fc.array(tie("node"), { maxLength: 4 }),
    fc.dictionary(key, tie("node"), { maxKeys: 6 }),
  ),
})).node;

const fragments = [
  ..."a b: c:d - -- --- ... ? : # , [ ] { } | |- |+ |2 >- > >1 & &x *x *y ! !!str !!int !!binary !!float !foo !<x> << <<: ~".split(
    " ",
  ),
  ..."yes 0777 1.5 1_0 0x1f 2001-01-01 ' '' \" \\n \\x41 \\ %YAML %TAG 1.1 1.2 @ ` é \u2028 \u0085 \ufeff \r\n \r \t".split(
    " ",
  ),
  "a: ",
  "b:\n",
  "- ",
  "  ",
  "    ",
  " ",
  "\n",
  "\n\n",
  "\n  ",
  "\n- ",
  "\n  - ",
  "'x y'",
  '"x y"',
  "key: value\n",
  "- item\n",
  ": ",
  " #c\n",
  "%YAML 1.1\n",
  "%TAG !e! tag:e,1:\n",
  "---\n",
  "x: &x {q: 1}\n",
  "<<: *x\n",
  "z: [1, two, {t: 3}]\n",
  "t: |\n  line\n   more\n\n",
  "f: >-\n  one\n  two\n\n  three\n",
];

/** Anything between valid YAML and rubble. */
export const yamlText = fc.oneof(
  fc.array(fc.constantFrom(...fragments), { maxLength: 14 }).map((parts) => parts.join("")),
  fc
    .tuple(fc.constantFrom("a: ", "- ", "", "x:\n  y: "), fc.array(fc.constantFrom(...fragments), { maxLength: 6 }))
    .map(([head, parts]) => head + parts.join("")),
  trickyString.map((text) => `k: ${text}`),
  trickyString.map((text) => `${text}: v`),
);

const scalar = fc.constantFrom(
  ..."a 1 true 1.5 .x .inf ~ <x -x *.y 'q' \"q\" [] {} |x @z x#y x:y 2001-01-01".split(" "),
  "a b # c",
  "'it''s' # c",
  '"a\\nb"',
  '"a\\\n    b"',
  "'a\n\n  b'",
  "a\n    b c\n\n    d",
  "a\n    b: c",
  "|\n    a: b\n\n     c",
  "|-\n    - a\n",
  ">+\n    a\n   b",
  "| # c\n    a",
  "|2\n    a",
  '[a, "b", c-d]',
  "[a, b: c]",
  "{a: b}",
  "&x a",
  "!!str 1",
  "x: y",
  "",
);

const line = fc.tuple(
  fc.constantFrom("", "  ", "    ", "   ", "      "),
  fc.constantFrom("", "- ", "- - ", "-   ", "# "),
  fc.constantFrom("", "a: ", "b:", "no: ", "null: ", "1: ", "'q': ", '"r": ', "a b: ", "x/y.z: ", "? ", "<<: "),
  scalar,
);

/** Manifests with a head, and a body of lines that often fit together. */
export const manifestText = fc
  .tuple(
    fc.constantFrom("", "# c\n", "---\n", "# Source: x\n---\n"),
    fc.shuffledSubarray(
      [
        "apiVersion: v1\n",
        "kind: ConfigMap\n",
        'kind: "A b"\n',
        "metadata:\n  name: x\n  namespace: y\n  labels:\n    a: b\n    n: 1\n  annotations:\n    c: |\n      d\n\n    e: f\n     g\n",
        "metadata: {name: z}\n",
        "metadata:\n- a\n",
        "metadata:\n",
      ],
      { minLength: 1 },
    ),
    fc.array(
      line.map((parts) => `${parts.join("")}\n`),
      { maxLength: 6 },
    ),
  )
  .map(([start, heads, body]) => start + heads.slice(0, 2).join("") + body.join("") + heads.slice(2).join(""));
