import { SlipwayError } from "../../base/error.ts";
import { isJsonObject, stringAt } from "../../base/json-path.ts";
import type { Answer } from "./fetcher.ts";
import { shownUrl } from "./shown-url.ts";

/** What to do where a proxy refuses. */
export const proxyHint =
  "The proxy asks for a name and password: write http://NAME:PASSWORD@HOST:PORT into HTTPS_PROXY or HTTP_PROXY.";

const otherHints: Record<number, string> = {
  407: proxyHint,
  429: "The server limits how often it may be asked. Try again later, or log in.",
};

/** Throws where the answer says that it could not be had: CHART_UNAUTHORIZED, CHART_NOT_FOUND or CHART_UNREACHABLE. */
export function checkStatus(answer: Answer, what: string): void {
  const { status, url } = answer;
  if (status >= 200 && status < 300) return;
  const message = `Cannot ${what}: ${url.host} answered ${status} for ${shownUrl(url)}`;
  const detail = reasonIn(answer.body);
  const details = { ...(detail !== undefined && { detail }) };
  if (status === 401 || status === 403) {
    throw new SlipwayError("CHART_UNAUTHORIZED", message, { ...details, hint: loginHint(answer) });
  }
  if (status === 404 || status === 410) {
    const hint = "Check the address, the name and the version.";
    throw new SlipwayError("CHART_NOT_FOUND", message, { ...details, hint });
  }
  const hint = otherHints[status];
  throw new SlipwayError("CHART_UNREACHABLE", message, { ...details, ...(hint !== undefined && { hint }) });
}

function loginHint({ status, headers }: Answer): string {
  if (status === 403) return "The server knows who asks, but does not allow it.";
  if (headers["www-authenticate"]?.includes('"insufficient_scope"')) {
    return "Whoever asks here is not allowed this. Log in, or use an account that may do it.";
  }
  return "Give --username and --password or --bearer-token, or log in with `slipway registry login` or `slipway repo add`.";
}

/** What registries and repositories say in JSON about a failure; at most three lines. */
function reasonIn(body: Buffer): string | undefined {
  const document = parse(body);
  if (!isJsonObject(document)) return undefined;
  const { errors } = document;
  const list = Array.isArray(errors) ? errors : [document];
  const lines = list.slice(0, 3).map((entry) => {
    const words = [stringAt(entry, "code"), stringAt(entry, "message") ?? stringAt(entry, "error")];
    return words.filter((word) => word).join(": ");
  });
  const text = lines.filter((line) => line !== "").map((line) => line.replace(/\s+/g, " ").slice(0, 300));
  return text.length === 0 ? undefined : text.join("\n");
}

function parse(body: Buffer): unknown {
  if (body.length > 64 * 1024 || body[0] !== 0x7b) return undefined;
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
