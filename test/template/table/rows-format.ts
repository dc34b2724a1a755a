import type { Row } from "./row.ts";

const ints =
  "%d|%5d|%-5d|%05d|%+d|% d|%x|%X|%#x|%o|%#o|%O|%b|%#b|%c|%q|%#q|%+q|%U|%#U|%e|%s|%v|%+v|%#v|%T|%t|%08.3d|%.0d|%+.3d|%-08d|%w|%p";
const floats =
  "%v|%g|%G|%e|%E|%f|%F|%.2f|%8.2f|%-8.2f|%08.2f|%+.1f|% .1f|%.0f|%.3g|%.10g|%#g|%#.3g|%#f|%x|%X|%.2x|%b|%d|%s|%T|%q|%6.2e|%+v|%#v|%t";
const strings =
  "%s|%v|%+v|%#v|%q|%+q|%#q|%x|%X|% x|%#x|%# x|%10s|%-10s|%010s|%.2s|%.2q|%5.1s|%d|%t|%T|%f|%c|%U|%p|%.3x";
const others = "%v|%+v|%#v|%s|%q|%d|%t|%T|%x|%5v|%-6v|%f|%p";

function each(name: string, formats: string, value: string): Row {
  const calls = formats.split("|").map((format) => `{{ printf ${JSON.stringify(format)} ${value} }}`);
  return [name, calls.join("|")];
}

/** fmt's verbs on each type. A pointer's address is random, so `%p` stands only where it is refused. */
export const formatRows: Row[] = [
  ...["0", "7", "-42", "97", "128512", "1114112", "9223372036854775807"].map((value) =>
    each(`int ${value}`, ints, value),
  ),
  ...[
    "0.0",
    "1.0",
    "-1.5",
    "3.14159",
    "1e6",
    "1e21",
    "123456789.0",
    "0.000012345",
    "2.5",
    "0.5",
    "1e-320",
    "1e308",
  ].map((value) => each(`float ${value}`, floats, value)),
  each("int64", ints, "(int64 -5)"),
  each("uint8", ints, '(index "a" 0)'),
  ...['"hello"', '""', '"héllo 世界🚀"', '"a`b\\n\\t\\"\\\\"', '"\\xff\\x00\\u200b\\x7f"', '"\\u00ad\\ufeff"'].map(
    (value) => each(`string ${value}`, strings, value),
  ),
  each("true", others, "true"),
  each("false", others, "false"),
  each("nil", "%v|%+v|%#v|%s|%q|%d|%t|%T|%x|%5v|%-6v|%p|%w", "nil"),
  each("list", others.replace("|%p", ""), '(list 1 "a" nil true 1.5 (list 2) (dict "k" "v"))'),
  each("list of text", `${others.replace("|%p", "")}|%10s|%-4q|%.1s|% x`, '(list "ab" "c d")'),
  each("list of numbers", "%v|%d|%05d|%x|%#v|%.2f|%q|%c", "(list 1 97 300)"),
  each("empty list", others.replace("|%p", ""), "list"),
  each("typed list", others.replace("|%p", ""), '(splitList "," "a,b")'),
  each("dict", others.replace("|%p", ""), '(dict "b" 1 "a" "x" "c" nil "d" (dict "e" (list 1)))'),
  each("empty dict", others.replace("|%p", ""), "dict"),
  each("typed dict", others.replace("|%p", ""), '(split "," "a,b")'),
  ["percent", '{{ printf "100%% %5% %-%" }}'],
  ["no verb", '{{ printf "%" }}|{{ printf "a%" 1 }}|{{ printf "%5" 1 }}|{{ printf "%.3" 1 }}|{{ printf "%-" }}'],
  ["unknown verb", '{{ printf "%z %!" 1 2 }}|{{ printf "%é" 1 }}|{{ printf "%z" nil }}'],
  ["missing arguments", '{{ printf "%d %s" 1 }}|{{ printf "%s" }}'],
  ["extra arguments", '{{ printf "%d" 1 2 "a" nil }}|{{ printf "x" 1.5 (list 1) }}'],
  ["star", '{{ printf "%*d|%-*d|%.*f|%*.*f|%*s" 5 42 5 42 2 3.14159 8 2 2.5 -6 "ab" }}'],
  [
    "bad star",
    '{{ printf "%*d" "x" 1 }}|{{ printf "%.*d" "x" 1 }}|{{ printf "%.*d" -2 7 }}|{{ printf "%*d" 10000001 1 }}|{{ printf "%*" }}',
  ],
  ["star of other integers", '{{ printf "%*d|%*d" (int64 4) 1 1.0 2 }}'],
  [
    "argument index",
    '{{ printf "%[2]d %[1]d" 1 2 }}|{{ printf "%[1]d %[1]v %[1]x" 10 }}|{{ printf "%[3]*.[2]*[1]f" 12.0 2 6 }}',
  ],
  ["argument index goes on", '{{ printf "%[2]d %d" 1 2 3 }}|{{ printf "%[2]*[1]d" 2 5 }}'],
  [
    "bad argument index",
    '{{ printf "%[5]d" 1 }}|{{ printf "%[x]d" 1 }}|{{ printf "%[]d" 1 }}|{{ printf "%[1" 1 }}|{{ printf "%[0]d" 1 }}|{{ printf "%[1]2d" 1 }}|{{ printf "%[1].2d" 1 }}|{{ printf "%[-1]d" 1 }}|{{ printf "%.[]" 1 }}',
  ],
  ["width too large", '{{ printf "%99999999d" 1 }}|{{ printf "%.99999999d" 1 }}'],
  ["flags together", '{{ printf "%+-8d|%+08d|% 08d|%-08d|%#08x|%+ d|%#+x" 5 5 5 5 255 5 255 }}'],
  [
    "duration",
    '{{ printf "%v %s %d %T %q %x" (duration 90) (duration 90) 1 (duration 90) (duration 90) (duration 90) }}',
  ],
  ["verb that is a byte", '{{ printf "%\\xff" 1 }}|{{ printf "a\\xffb%d" 1 }}'],
  ["format is a value", '{{ printf .Values.str }}{{ printf (print "%" "d") 3 }}'],
];
