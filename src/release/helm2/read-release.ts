import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { SlipwayError } from "../../base/error.ts";
import { readYamlMap } from "../../base/yaml/read.ts";
import type { HookDeletePolicy, HookEvent } from "../../render/types.ts";
import { configRecord } from "../chart-record.ts";
import { withoutEmpty } from "../fields.ts";
import type { HookRun, JsonObject, RecordedHook, Release, ReleaseStatus } from "../types.ts";
import {
  bytesOf,
  type Message,
  messageOf,
  messagesOf,
  numberOf,
  numbersOf,
  readMessage,
  textOf,
  textsOf,
} from "./protobuf.ts";

const gunzipAsync = promisify(gunzip);
const maxBytes = 64 * 1024 * 1024;

// By the numbers of Helm 2's enumerations.
const statuses: readonly ReleaseStatus[] = [
  "unknown",
  "deployed",
  "uninstalled",
  "superseded",
  "failed",
  "uninstalling",
  "pending-install",
  "pending-upgrade",
  "pending-rollback",
];
const events = [
  "unknown",
  "pre-install",
  "post-install",
  "pre-delete",
  "post-delete",
  "pre-upgrade",
  "post-upgrade",
  "pre-rollback",
  "post-rollback",
  "test",
  "test",
  "crd-install",
];
const deletePolicies: readonly HookDeletePolicy[] = ["hook-succeeded", "hook-failed", "before-hook-creation"];
const testPhases: readonly HookRun["phase"][] = ["Unknown", "Succeeded", "Failed", "Running"];

/**
 * One revision as Helm 2's Tiller keeps it (base64 of gzipped protobuf), as Helm 3 would have recorded it: what the
 * official helm-2to3 plugin makes of it. RELEASE_INVALID where the text is no such record.
 */
export async function readHelm2Release(text: string): Promise<Release> {
  const release = readMessage(await unzipped(text));
  const name = textOf(release, 1);
  const revision = numberOf(release, 7);
  if (name === "" || revision < 1) {
    throw new SlipwayError("RELEASE_INVALID", "The record lacks the name or the revision of a release");
  }
  const info = messageOf(release, 2);
  const status = messageOf(info, 1);
  const deleted = timeOf(info, 4);
  const runs = messagesOf(messageOf(status, 5), 3);
  return {
    name,
    namespace: textOf(release, 8),
    revision,
    status: statuses[numberOf(status, 1)] ?? "unknown",
    description: textOf(info, 5),
    firstDeployed: timeOf(info, 2),
    lastDeployed: timeOf(info, 3),
    ...(deleted ? { deleted } : {}),
    notes: textOf(status, 4),
    chart: readChart(messageOf(release, 3)),
    config: readValues(messageOf(release, 4)) ?? {},
    manifest: textOf(release, 5),
    hooks: messagesOf(release, 6).map((hook) => readHook(hook, runs)),
    labels: {},
  };
}

async function unzipped(text: string): Promise<Uint8Array> {
  const bytes = Buffer.from(text, "base64");
  // Before Helm compressed its records, they were not.
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 0x08) return bytes;
  try {
    return await gunzipAsync(bytes, { maxOutputLength: maxBytes });
  } catch (cause) {
    throw new SlipwayError("RELEASE_INVALID", "The record is not base64 of gzipped protobuf", { cause });
  }
}

function readChart(chart: Message): JsonObject {
  return {
    metadata: readMetadata(messageOf(chart, 1)),
    lock: null,
    templates: readFiles(messagesOf(chart, 2)),
    values: readValues(messageOf(chart, 4)) ?? null,
    schema: null,
    files: readFiles(messagesOf(chart, 5)),
  };
}

function readMetadata(metadata: Message): JsonObject {
  const annotations = messagesOf(metadata, 16).map((entry): [string, string] => [textOf(entry, 1), textOf(entry, 2)]);
  return withoutEmpty({
    name: textOf(metadata, 1),
    home: textOf(metadata, 2),
    sources: textsOf(metadata, 3),
    version: textOf(metadata, 4),
    description: textOf(metadata, 5),
    keywords: textsOf(metadata, 6),
    maintainers: messagesOf(metadata, 7).map((one) =>
      withoutEmpty({ name: textOf(one, 1), email: textOf(one, 2), url: textOf(one, 3) }),
    ),
    icon: textOf(metadata, 9),
    apiVersion: textOf(metadata, 10),
    condition: textOf(metadata, 11),
    tags: textOf(metadata, 12),
    appVersion: textOf(metadata, 13),
    deprecated: numberOf(metadata, 14) === 1,
    annotations: Object.fromEntries(annotations.sort(([a], [b]) => (a < b ? -1 : 1))),
    kubeVersion: textOf(metadata, 17),
    type: "application",
  });
}

function readFiles(files: readonly Message[]): JsonObject[] | null {
  if (files.length === 0) return null;
  return files.map((file) => ({ name: textOf(file, 1), data: Buffer.from(bytesOf(file, 2)).toString("base64") }));
}

function readValues(config: Message): JsonObject | undefined {
  const raw = textOf(config, 1);
  return raw.trim() === "" ? undefined : configRecord(readYamlMap(raw, { source: "the values of the record" }));
}

function readHook(hook: Message, runs: readonly Message[]): RecordedHook {
  const name = textOf(hook, 1);
  const run = runs.find((one) => textOf(one, 1) === name);
  return {
    name,
    kind: textOf(hook, 2),
    path: textOf(hook, 3),
    manifest: textOf(hook, 4),
    events: numbersOf(hook, 5).map((number) => (events[number] ?? "unknown") as HookEvent),
    weight: numberOf(hook, 7),
    deletePolicies: numbersOf(hook, 8).flatMap((number) => deletePolicies[number] ?? []),
    outputLogPolicies: [],
    ...(run ? { lastRun: readRun(run) } : {}),
  };
}

function readRun(run: Message): HookRun {
  const phase = testPhases[numberOf(run, 2)] ?? "Unknown";
  return { startedAt: timeOf(run, 4), completedAt: timeOf(run, 5), phase };
}

/** RFC 3339, as Go writes it: with as many digits of a second as there are. */
function timeOf(message: Message, number: number): string {
  if (!message.has(number)) return "";
  const time = messageOf(message, number);
  const date = new Date(numberOf(time, 1) * 1000);
  if (Number.isNaN(date.getTime())) return "";
  const digits = String(numberOf(time, 2)).padStart(9, "0").replace(/0+$/, "");
  return date.toISOString().replace(/\.\d+Z$/, `${digits ? `.${digits}` : ""}Z`);
}
