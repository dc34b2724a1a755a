import { isJsonObject, type JsonObject } from "../../base/json-path.ts";

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isTexts: Check = (value) => isJsonObject(value) && Object.values(value).every(isText);
const isTree: Check = (value) => isText(value) || (isJsonObject(value) && Object.values(value).every(isTree));
const isOptional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const has =
  (fields: Record<string, Check>): Check =>
  (value) =>
    isJsonObject(value) && Object.entries(fields).every(([name, check]) => check(value[name]));
const isList =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

const isRef = has({ apiVersion: isText, kind: isText, name: isOptional(isText), namespace: isOptional(isText) });
const isObject = has({
  role: isText,
  action: isText,
  ref: isRef,
  source: isOptional(isText),
  desired: isOptional(isTree),
  live: isOptional(isTree),
  uid: isOptional(isText),
});

const fields: Record<string, Check> = {
  created: isText,
  release: isText,
  namespace: isText,
  createNamespace: (value) => typeof value === "boolean",
  revision: isCount,
  last: isOptional(has({ revision: isCount, status: isText })),
  cluster: has({ server: isText, address: isText, uid: isOptional(isText) }),
  options: isTexts,
  chart: has({ name: isText, version: isText, digest: isText, files: isTexts }),
  objects: isList(isObject),
  values: isText,
  rendered: isText,
  seen: isText,
  salt: (value) => isText(value) && (value as string).length >= 32,
};

/** What of a plan's file is missing or of the wrong type, `the field "objects"`; nothing where all is well. */
export function checkShape(plan: JsonObject): string | undefined {
  const wrong = Object.entries(fields).find(([name, check]) => !check(plan[name]));
  return wrong && `the field "${wrong[0]}" is missing or wrong`;
}
