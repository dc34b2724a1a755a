import type { Schema, Validator } from "@cfworker/json-schema";

const limits = { documents: 50, bytes: 20 * 1024 * 1024, timeoutMs: 15_000 } as const;

/** What schemas of the chart itself are addressed below: nothing outside the chart can be. */
export const chartAddress = "chart:///";

/**
 * Gets the documents that a schema refers to, and those that they refer to: from the chart's own files, by `fileOf`, or
 * by `http(s)://`, as Helm does. Throws an Error that says which could not be had; no other files are read. An unknown
 * URN lets everything pass, as in Helm.
 */
export async function addRemoteSchemas(
  schema: unknown,
  validator: Validator,
  fileOf: (name: string) => string | undefined,
): Promise<void> {
  const lookup = registryOf(validator);
  const fetched = new Set<string>();
  let open = documentsIn(schema);
  while (open.length > 0) {
    const missing = [...new Set(open)].filter((address) => !fetched.has(address) && lookup[address] === undefined);
    for (const address of missing.filter((uri) => uri.startsWith("urn:"))) lookup[address] = true;
    const remote = missing.filter((uri) => !uri.startsWith("urn:"));
    for (const address of remote) fetched.add(address);
    if (fetched.size > limits.documents) throw new Error(`it refers to more than ${limits.documents} other documents`);
    const documents = await Promise.all(
      remote.map((address) => (address.startsWith(chartAddress) ? readSchema(address, fileOf) : fetchSchema(address))),
    );
    for (const [index, document] of documents.entries()) validator.addSchema(document, remote[index]);
    open = documents.flatMap((document, index) => documentsIn(document, remote[index]));
  }
}

// The validator's own register of schemas by address, which its `addSchema` can't put a plain `true` into.
function registryOf(validator: Validator): Record<string, Schema | boolean> {
  return (validator as unknown as { lookup: Record<string, Schema | boolean> }).lookup;
}

/** The addresses, without their fragments, of all that `$ref`s lead to outside the document. */
function documentsIn(schema: unknown, base?: string): string[] {
  const found: string[] = [];
  const visit = (node: unknown, inside: string | undefined): void => {
    if (typeof node !== "object" || node === null) return;
    const id = "$id" in node ? node.$id : undefined;
    const own = typeof id === "string" && URL.canParse(id, inside) ? new URL(id, inside).href : inside;
    for (const [key, value] of Object.entries(node)) {
      if (key !== "$ref" || typeof value !== "string") visit(value, own);
      else if (!value.startsWith("#")) found.push(addressOf(value, own));
    }
  };
  visit(schema, base);
  return found;
}

function addressOf(reference: string, base: string | undefined): string {
  if (!URL.canParse(reference, base)) throw new Error(`it refers to the file "${reference}", and files are not read`);
  return new URL(reference, base).href.replace(/#.*$/, "");
}

function readSchema(address: string, fileOf: (name: string) => string | undefined): Schema {
  const name = decodeURIComponent(address.slice(chartAddress.length));
  const text = fileOf(name);
  if (text === undefined) throw new Error(`it refers to the file "${name}", which the chart does not have`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`it refers to the file "${name}", which is not JSON`, { cause });
  }
}

async function fetchSchema(address: string): Promise<Schema> {
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
