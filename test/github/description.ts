import { readFileSync } from "node:fs";
import type { Operation } from "../../scripts/github-openapi/extract.ts";
import type { JsonObject } from "../../src/base/json-path.ts";
import { evaluate } from "../../src/values/schema/evaluate.ts";
import { problemLines } from "../../src/values/schema/problem.ts";
import { openSchema, type SchemaSet } from "../../src/values/schema/schema-set.ts";
import type { Answer, Route } from "./route.ts";

type Sent = { params: Record<string, string>; query: URLSearchParams; body?: JsonObject };

/** GitHub's OpenAPI description, as far as `scripts/github-openapi.ts` took it. */
export class Description {
  readonly #sets = new Map<string, Promise<SchemaSet>>();

  /** What is wrong with a request; what GitHub would silently pass over is wrong, too. */
  async requestMistakes(at: Route["at"], { params, query, body }: Sent): Promise<string[]> {
    const { parameters, requestBody } = operationOf(at);
    const mistakes: string[] = [];
    for (const name of query.keys()) {
      if (!parameters.some((known) => known.in === "query" && known.name === name))
        mistakes.push(`${at}: there is no parameter "${name}"`);
    }
    for (const { name, schema, required, in: place } of parameters) {
      const text = place === "path" ? params[name] : (query.get(name) ?? undefined);
      if (text === undefined && required) mistakes.push(`${at}: the parameter "${name}" is missing`);
      if (text !== undefined) mistakes.push(...(await this.#mistakes(`${at} ${name}`, schema, typed(text, schema))));
    }
    if (requestBody === undefined) return body === undefined ? mistakes : [...mistakes, `${at}: it takes no body`];
    if (body === undefined) return requestBody.required ? [...mistakes, `${at}: the body is missing`] : mistakes;
    return [...mistakes, ...(await this.#mistakes(`${at} request`, strict(requestBody.schema), body))];
  }

  /** What is wrong with an answer. */
  async answerMistakes(at: Route["at"], { status, body }: Answer): Promise<string[]> {
    const { responses } = operationOf(at);
    if (!Object.hasOwn(responses, status)) return [`${at}: GitHub does not answer it with ${status}`];
    const schema = responses[status];
    if (schema === null) return body === undefined ? [] : [`${at}: an answer ${status} has no body`];
    return await this.#mistakes(`${at} ${status}`, schema, body);
  }

  async #mistakes(name: string, schema: unknown, value: unknown): Promise<string[]> {
    let set = this.#sets.get(name);
    if (set === undefined) {
      const root = { $schema: "http://json-schema.org/draft-07/schema#", allOf: [schema], definitions };
      set = openSchema(root, "github:///description", () =>
        Promise.reject(new Error("it refers to what is elsewhere")),
      );
      this.#sets.set(name, set);
    }
    const problem = evaluate(await set, value);
    return problem === undefined ? [] : problemLines(problem).map((line) => `${name}: ${line}`);
  }
}

const { operations, definitions } = JSON.parse(
  readFileSync(new URL("./openapi.generated.json", import.meta.url), "utf8"),
) as { operations: Record<string, Operation>; definitions: JsonObject };

function operationOf(at: Route["at"]): Operation {
  const operation = operations[at];
  if (operation !== undefined) return operation;
  throw new Error(`${at} is not described: add it to scripts/github-openapi/operations.ts and run that script`);
}

/** GitHub passes over what it doesn't know, so that a misspelt field would never be seen. */
function strict(schema: unknown): unknown {
  const { additionalProperties = false, ...rest } = schema as JsonObject;
  return "properties" in rest ? { ...rest, additionalProperties } : schema;
}

function typed(text: string, schema: unknown): unknown {
  const { type } = schema as { type?: unknown };
  if (type === "integer" && /^\d+$/.test(text)) return Number(text);
  return type === "boolean" && /^(true|false)$/.test(text) ? text === "true" : text;
}
