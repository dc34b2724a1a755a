import { expect, test } from "vitest";
import { createLexer, type Token } from "../../src/template/lexer.ts";

function lex(input: string): string[] {
  const lexer = createLexer(input, { breakOk: true, continueOk: true });
  const tokens: string[] = [];
  for (;;) {
    const token: Token = lexer.next();
    if (token.type === "eof") return tokens;
    tokens.push(`${token.spaced ? " " : ""}${token.type}@${token.pos} ${JSON.stringify(token.val)}`);
    if (token.type === "error") return tokens;
  }
}

const rows: [input: string, ...tokens: string[]][] = [
  [""],
  [" \t\n", 'text@0 " \\t\\n"'],
  ["{{}}", 'leftDelim@0 "{{"', 'rightDelim@2 "}}"'],
  ["a{{1}}b", 'text@0 "a"', 'leftDelim@1 "{{"', 'number@3 "1"', 'rightDelim@4 "}}"', 'text@6 "b"'],
  ["a \n{{- 1 -}} \n b", 'text@0 "a"', 'leftDelim@3 "{{"', 'number@7 "1"', 'rightDelim@10 "}}"', 'text@15 "b"'],
  ["a {{- /* c */ -}} b", 'text@0 "a"', 'text@18 "b"'],
  [
    "{{.x.y $ $v :=|=}}",
    'leftDelim@0 "{{"',
    'field@2 ".x.y"',
    ' variable@7 "$"',
    ' variable@9 "$v"',
    ' declare@12 ":="',
    'pipe@14 "|"',
    'assign@15 "="',
    'rightDelim@16 "}}"',
  ],
  [
    "{{if true}}{{break}}{{nil .}}",
    'leftDelim@0 "{{"',
    'if@2 "if"',
    ' bool@5 "true"',
    'rightDelim@9 "}}"',
    'leftDelim@11 "{{"',
    'break@13 "break"',
    'rightDelim@18 "}}"',
    'leftDelim@20 "{{"',
    'nil@22 "nil"',
    ' dot@26 "."',
    'rightDelim@27 "}}"',
  ],
  [
    "{{'a' `b` \"c\" (1.5e3) -2i}}",
    'leftDelim@0 "{{"',
    "charConstant@2 \"'a'\"",
    ' rawString@6 "`b`"',
    ' string@10 "\\"c\\""',
    ' leftParen@14 "("',
    'number@15 "1.5e3"',
    'rightParen@20 ")"',
    ' number@22 "-2i"',
    'rightDelim@25 "}}"',
  ],
  ["{{1+2i}}", 'leftDelim@0 "{{"', 'complex@2 "1+2i"', 'rightDelim@6 "}}"'],
  ["{{x -}} ", 'leftDelim@0 "{{"', 'identifier@2 "x"', 'rightDelim@5 "}}"'],
  ["{{x  -}}", 'leftDelim@0 "{{"', 'identifier@2 "x"', ' rightDelim@6 "}}"'],
  ["{{", 'leftDelim@0 "{{"', 'error@2 "unclosed action"'],
  ["{{/*", 'error@2 "unclosed comment"'],
  ["{{/**/x}}", 'error@2 "comment ends before closing delimiter"'],
  ["{{(}}", 'leftDelim@0 "{{"', 'leftParen@2 "("', 'error@3 "unclosed left paren"'],
  ["{{)}}", 'leftDelim@0 "{{"', 'error@2 "unexpected right paren"'],
  ["{{3k}}", 'leftDelim@0 "{{"', 'error@2 "bad number syntax: \\"3k\\""'],
  ["{{\u0001}}", 'leftDelim@0 "{{"', 'error@2 "unrecognized character in action: U+0001"'],
  ["{{a€}}", 'leftDelim@0 "{{"', "error@2 \"bad character U+20AC '€'\""],
];

test.each(rows)("%j", (input, ...tokens) => {
  expect(lex(input)).toEqual(tokens);
});

test("break and continue are names where functions have them", () => {
  const lexer = createLexer("{{break continue}}", { breakOk: false, continueOk: false });
  lexer.next();
  expect([lexer.next().type, lexer.next().type]).toEqual(["identifier", "identifier"]);
});
