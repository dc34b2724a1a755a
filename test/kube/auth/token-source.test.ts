import { describe, expect, test } from "vitest";
import { SlipwayError } from "../../../src/base/error.ts";
import { type TokenSource, withTokenSource } from "../../../src/kube/auth/token-source.ts";
import { fakeClock } from "../../base/fake-clock.ts";

const startSeconds = 1_000_000;

function token(name: string, claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256" })}.${part({ jti: name, ...claims })}.c2lnbmF0dXJl`;
}

function tokens(...answers: (string | Error)[]): TokenSource & { asked: number } {
  const source = async () => {
    const answer = answers[Math.min(source.asked++, answers.length - 1)];
    if (typeof answer === "string") return answer;
    throw answer;
  };
  source.asked = 0;
  return source;
}

const fiveMinutes = { iat: startSeconds, exp: startSeconds + 300 };
const first = token("first", fiveMinutes);
const second = token("second", { iat: startSeconds + 270, exp: startSeconds + 570 });
const unwell = new SlipwayError("GITHUB_REQUEST_FAILED", "it answers 503");

async function headerAfter(source: TokenSource, ms: number, renew = false): Promise<unknown> {
  const clock = fakeClock(startSeconds * 1000);
  const authenticate = withTokenSource(source, clock);
  await authenticate(false);
  await clock.delay(ms);
  return (await authenticate(renew)).headers["authorization"];
}

test.each<[string, number, boolean, string]>([
  ["while it lives", 269_000, false, first],
  ["when it is about to end", 270_000, false, second],
  ["long after its end", 3_600_000, false, second],
  ["when it was refused", 1_000, true, second],
])("%s", async (_name, ms, renew, wanted) => {
  expect(await headerAfter(tokens(first, second), ms, renew)).toBe(`Bearer ${wanted}`);
});

test("the clock of this machine does not count, only how long a token lives", async () => {
  const clock = fakeClock(0);
  const authenticate = withTokenSource(tokens(first), clock);
  expect((await authenticate(false)).renewAt).toBe(270_000);
});

test("a token that does not say when it ends is kept until it is refused", async () => {
  const source = tokens(token("endless", {}), second);
  expect(await headerAfter(source, 1e9)).toContain(token("endless", {}));
  expect(source.asked).toBe(1);
});

describe("an issuer that is not to be reached", () => {
  test("does no harm while the last token is good", async () => {
    expect(await headerAfter(tokens(first, unwell), 280_000)).toBe(`Bearer ${first}`);
  });

  test("is told once it is not", async () => {
    await expect(headerAfter(tokens(first, unwell), 300_000)).rejects.toBe(unwell);
    await expect(headerAfter(tokens(first, unwell), 1_000, true)).rejects.toBe(unwell);
  });
});

test.each([
  ["no JSON Web Token", "password"],
  ["line ends", `${first}\r\nx-other: 1`],
  ["far too much", `a.${"a".repeat(100_000)}.a`],
])("%s is refused, and not repeated", async (_name, text) => {
  const refused = withTokenSource(tokens(text))(false);
  await expect(refused).rejects.toMatchObject({ code: "KUBE_CONFIG", message: expect.not.stringContaining(text) });
});
