import { onTestFinished } from "vitest";
import { type JsonObject, valueAt } from "../../src/base/json-path.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/sandbox.ts";

export type Answer = { code: number; body: JsonObject; headers: Headers };
export type Client = {
  sandbox: Sandbox;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(path: string): Promise<JsonObject>;
  /** Creates or fails the test. */
  create(path: string, object: unknown): Promise<JsonObject>;
  patch(path: string, patch: unknown, type?: string): Promise<Answer>;
  /** The object at the path as soon as the condition holds for it; seen by a watch. */
  until(path: string, holds: (object: JsonObject) => boolean): Promise<JsonObject>;
  /** As soon as the object is no more. */
  untilGone(path: string): Promise<void>;
  list(path: string): Promise<JsonObject[]>;
};

/** A sandbox of the test's own, in which a minute passes in a moment. */
export async function openSandbox(options: SandboxOptions = {}): Promise<Client> {
  const sandbox = await startSandbox({ podStartMs: 100, speed: 20, ...options });
  onTestFinished(() => sandbox.close());
  return clientOf(sandbox);
}

export function clientOf(sandbox: Sandbox): Client {
  const authorization = { Authorization: `Bearer ${sandbox.token}` };
  const send: Client["send"] = async (method, path, body, headers = {}) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(sandbox.url + path, {
      method,
      headers: { ...authorization, "Content-Type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: text }),
    });
    const answer = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    return { code: response.status, body: isJson ? JSON.parse(answer) : { text: answer }, headers: response.headers };
  };
  const expectCode = async (answer: Promise<Answer>, what: string): Promise<JsonObject> => {
    const { code, body } = await answer;
    if (code >= 300) throw new Error(`${what}: ${code} ${String(body["message"])}`);
    return body;
  };
  const follow = async (path: string, done: (type: string, object: JsonObject) => boolean): Promise<JsonObject> => {
    const [collection, name] = [path.slice(0, path.lastIndexOf("/")), path.slice(path.lastIndexOf("/") + 1)];
    const url = `${sandbox.url}${collection}?watch=true&fieldSelector=metadata.name%3D${name}`;
    const response = await fetch(url, { headers: authorization });
    for await (const event of eventsOf(response)) {
      if (!done(String(event["type"]), event["object"] as JsonObject)) continue;
      return event["object"] as JsonObject;
    }
    throw new Error(`the watch of ${path} ended`);
  };
  return {
    sandbox,
    send,
    get: (path) => expectCode(send("GET", path), path),
    create: (path, object) => expectCode(send("POST", path, object), path),
    patch: (path, patch, type = "application/merge-patch+json") => send("PATCH", path, patch, { "Content-Type": type }),
    until: (path, holds) => follow(path, (type, object) => type !== "DELETED" && holds(object)),
    async untilGone(path) {
      const { code } = await send("GET", path);
      if (code !== 404) await follow(path, (type) => type === "DELETED");
    },
    async list(path) {
      return (await expectCode(send("GET", path), path))["items"] as JsonObject[];
    },
  };
}

/** The events of a watch, one by one, until it ends or is aborted. */
export async function* eventsOf(response: Response): AsyncGenerator<JsonObject> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line) as JsonObject;
  }
}

export function condition(object: JsonObject, type: string): JsonObject | undefined {
  const conditions = valueAt(object, "status", "conditions");
  return Array.isArray(conditions) ? conditions.find((one) => valueAt(one, "type") === type) : undefined;
}

export function names(objects: JsonObject[]): string[] {
  return objects.map((object) => String(valueAt(object, "metadata", "name")));
}

export const core = "/api/v1/namespaces/default";
export const apps = "/apis/apps/v1/namespaces/default";
export const batch = "/apis/batch/v1/namespaces/default";

/** A workload with one container, whose image is `app:TAG`. */
export function workload(kind: string, name: string, tag: string, spec: JsonObject = {}): JsonObject {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "app", image: `app:${tag}` }] } },
      ...spec,
    },
  };
}

/** A merge patch that sets the image's tag. */
export function imagePatch(tag: string): JsonObject {
  return { spec: { template: { spec: { containers: [{ name: "app", image: `app:${tag}` }] } } } };
}
