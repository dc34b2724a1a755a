import { SlipwayError } from "../../base/error.ts";
import type { Answer } from "./fetcher.ts";
import { shownUrl } from "./shown-url.ts";

/** Throws where the answer says that it could not be had: CHART_UNAUTHORIZED, CHART_NOT_FOUND or CHART_UNREACHABLE. */
export function checkStatus({ status, url }: Answer, what: string): void {
  if (status >= 200 && status < 300) return;
  const message = `Cannot ${what}: ${url.host} answered ${status} for ${shownUrl(url)}`;
  if (status === 401 || status === 403) {
    throw new SlipwayError("CHART_UNAUTHORIZED", message, {
      hint:
        status === 401
          ? "Give --username and --password, or log in with `slipway registry login` or `slipway repo add`."
          : "The server knows who asks, but does not allow it.",
    });
  }
  if (status === 404 || status === 410) {
    throw new SlipwayError("CHART_NOT_FOUND", message, { hint: "Check the address, the name and the version." });
  }
  throw new SlipwayError("CHART_UNREACHABLE", message, {
    ...(status === 429 && { hint: "The server limits how often it may be asked. Try again later, or log in." }),
  });
}
