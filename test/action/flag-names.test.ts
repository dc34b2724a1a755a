import { expect, test } from "vitest";
import { inInputs } from "../../src/action/flag-names.ts";

test.each([
  ["Give --username and --password or --bearer-token.", "Give chart-username and chart-password or chart-token."],
  ["Name the authority with --ca-file.", "Name the authority with chart-certificate-authority."],
  ["--verify, --version.", "chart-keyring, chart-version."],
  ["Take it: --force-conflicts=Deployment/web:spec.a", "Take it: force-conflicts: Deployment/web:spec.a"],
  [`Or --force-conflicts='A/b:spec.c[name="d"].e' too.`, `Or force-conflicts: A/b:spec.c[name="d"].e too.`],
  ["Give --password-stdin or --unknown.", "Give --password-stdin or --unknown."],
])("%s", (hint, expected) => {
  expect(inInputs(hint)).toBe(expected);
});
