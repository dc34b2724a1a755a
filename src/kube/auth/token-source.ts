import { type Clock, systemClock } from "../../base/clock.ts";
import { SlipwayError } from "../../base/error.ts";
import { numberAt, stringAt } from "../../base/json-path.ts";
import { type Authenticate, bearer } from "./credentials.ts";

/** Gets a new token that lives for a while; fails where there is none to be had. */
export type TokenSource = () => Promise<string>;

type Known = { token: string; who: string; renewAt: number; endsAt: number };

// Of its life, how much is left when the next one is asked for; no more than this.
const marginPart = 0.1;
const longestMarginMs = 30_000;
const mostLetters = 64 * 1024;

/** A token that is replaced shortly before it ends, and whenever the server refuses it. */
export function withTokenSource(source: TokenSource, clock: Clock = systemClock): Authenticate {
  let known: Known | undefined;

  return async (renew) => {
    if (known === undefined || renew || clock.now() >= known.renewAt) known = await next(known, renew);
    const { token, ...facts } = known;
    return { headers: bearer(token), renewable: true, who: facts.who, renewAt: facts.renewAt };
  };

  async function next(last: Known | undefined, isRefused: boolean): Promise<Known> {
    try {
      return read(await source(), clock.now());
    } catch (error) {
      const isGood = last !== undefined && !isRefused && clock.now() < last.endsAt;
      if (!isGood || !(error instanceof SlipwayError)) throw error;
      // Its issuer can't be reached just now: what is left of its life is worth another try.
      return { ...last, renewAt: Math.min(last.endsAt, clock.now() + retryMs) };
    }
  }
}

const retryMs = 1_000;

/** When a JSON Web Token ends, by its own length of life: this machine's clock may be wrong, but it runs. */
function read(given: string, now: number): Known {
  const token = given.trim();
  const [, claims, signature] = token.split(".");
  if (claims === undefined || signature === undefined || token.length > mostLetters || !/^[\w.-]+$/.test(token)) {
    // It is not repeated: it may be a secret all the same.
    throw new SlipwayError("KUBE_CONFIG", "What was given as a token is no JSON Web Token");
  }
  const parsed = parse(claims);
  const known = { token, who: whoIs(parsed) };
  const begins = numberAt(parsed, "iat");
  const ends = numberAt(parsed, "exp");
  if (ends === undefined) return { ...known, renewAt: Number.POSITIVE_INFINITY, endsAt: Number.POSITIVE_INFINITY };
  const lifeMs = begins === undefined ? ends * 1000 - now : (ends - begins) * 1000;
  const margin = Math.min(longestMarginMs, Math.max(0, lifeMs * marginPart));
  return { ...known, renewAt: now + lifeMs - margin, endsAt: now + lifeMs };
}

function whoIs(claims: unknown): string {
  const [issuer, audience, subject] = ["iss", "aud", "sub"].map((name) => stringAt(claims, name)?.slice(0, 300) ?? "");
  return `subject "${subject}", audience "${audience}", issuer "${issuer}"`;
}

function parse(claims: string): unknown {
  try {
    return JSON.parse(Buffer.from(claims, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
