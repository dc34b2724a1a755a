import { SlipwayError } from "../base/error.ts";
import { environmentUrl } from "../deploy/environment-url.ts";
import type { Session } from "../deploy/options.ts";
import { markdownLink } from "../report/link.ts";
import type { Telling } from "./way.ts";

/** Where the release as it runs is reached. What can't be found out fails nothing. */
export async function addressOf(session: Session, release: string): Promise<string | undefined> {
  try {
    return await environmentUrl(session, release);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return undefined;
  }
}

/** The same, with the address wherever it is told how it ended. */
export function withAddress(told: Telling, url: string | undefined): Telling {
  if (url === undefined) return told;
  const { outputs, summary, lines } = told;
  return {
    ...told,
    ...(outputs && { outputs: { ...outputs, "environment-url": url } }),
    summary: `${summary}It is reached at ${markdownLink(url)}\n\n`,
    lines: [`It is reached at ${url}`, ...lines],
  };
}
