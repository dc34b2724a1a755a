import { expect, test } from "vitest";
import { inInputs } from "../../src/action/flag-names.ts";

test.each([
  ["Give --username and --password or --bearer-token.", "Give chart-username and chart-password or chart-token."],
  ["Name the authority with --ca-file.", "Name the authority with chart-certificate-authority."],
  ["--verify, --version.", "chart-keyring, chart-version."],
  ["Give --password-stdin or --unknown.", "Give --password-stdin or --unknown."],
])("%s", (hint, expected) => {
  expect(inInputs(hint)).toBe(expected);
});
