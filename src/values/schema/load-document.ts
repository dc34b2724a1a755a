import type { LoadDocument } from "./schema-set.ts";

const limits = { documents: 50, bytes: 20 * 1024 * 1024, timeoutMs: 15_000 } as const;

/** What schemas of the chart itself are addressed below: nothing outside the chart can be. */
export const chartAddress = "chart:///";

/**
 * Gets a document that a schema refers to: from the chart's own files, by `fileOf`, or by `http(s)://`, as Helm does; no
 * other files are read. An unknown URN lets everything pass, as in Helm.
 */
export function documentLoader(fileOf: (name: string) => string | undefined): LoadDocument {
  let loaded = 0;
  return async (address) => {
    if (address.startsWith("urn:")) return true;
    if (address.startsWith(chartAddress)) return readSchema(address, fileOf);
    loaded += 1;
    if (loaded > limits.documents) throw new Error(`it refers to more than ${limits.documents} other documents`);
    return await fetchSchema(address);
  };
}

function readSchema(address: string, fileOf: (name: string) => string | undefined): unknown {
  const name = decodeURIComponent(address.slice(chartAddress.length));
  const text = fileOf(name);
  if (text === undefined) throw new Error(`it refers to the file "${name}", which the chart does not have`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`it refers to the file "${name}", which is not JSON`, { cause });
  }
}

async function fetchSchema(address: string): Promise<unknown> {
  if (!/^https?:/.test(address)) throw new Error(`it refers to ${address}, which is not fetched`);
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(limits.timeoutMs) });
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    return JSON.parse(await readText(response));
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.cause instanceof Error ? cause.cause.message : cause.message) : "";
    throw new Error(`it refers to ${address}, which could not be fetched: ${reason}`, { cause });
  }
}

async function readText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > limits.bytes) throw new Error(`it is larger than ${limits.bytes / 1024 / 1024} MiB`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
