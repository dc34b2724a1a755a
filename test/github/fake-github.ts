import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isJsonObject, type JsonObject } from "../../src/base/json-path.ts";
import { Description } from "./description.ts";
import type { Fault } from "./faults.ts";
import { type Answer, findRoute, notFound, type Route, type World } from "./route.ts";
import { commentArea } from "./routes/comments.ts";
import { deploymentArea } from "./routes/deployments.ts";
import { issueArea } from "./routes/issues.ts";
import { pullArea } from "./routes/pulls.ts";

export type Asked = { method: string; path: string; query: string; body: JsonObject; authorization: string };

const firstNumber = 7;
const startsAt = Date.UTC(2026, 0, 1) / 1000;

/**
 * A part of GitHub's REST API for the repository `o/r`, on loopback: each area has its state and its routes in a file of
 * its own. Every request and every answer is held against GitHub's OpenAPI description; `close` fails with what is amiss.
 */
export class FakeGithub {
  readonly asked: Asked[] = [];
  /** What did not meet GitHub's description. */
  readonly violations: string[] = [];
  /** Set, it decides for each request whether something goes wrong with it. */
  fault: ((asked: Asked) => Fault | undefined) | undefined;
  /** How many items of a list a page has at most. */
  mostPerPage = 2;
  url = "";
  readonly #next = { id: 100, number: firstNumber, second: startsAt };
  readonly #world: World = {
    repository: "o/r",
    apiUrl: () => this.url,
    nextId: () => this.#next.id++,
    nextNumber: () => this.#next.number++,
    now: () => new Date(1000 * this.#next.second++).toISOString(),
  };
  readonly #commentArea = commentArea(this.#world);
  readonly comments = this.#commentArea.comments;
  readonly addComment = this.#commentArea.add;
  readonly #issueArea = issueArea(this.#world);
  readonly issues = this.#issueArea.issues;
  readonly addIssue = this.#issueArea.add;
  readonly #deploymentArea = deploymentArea(this.#world);
  readonly deployments = this.#deploymentArea.deployments;
  readonly #pullArea = pullArea(this.#world);
  /** By number. */
  readonly pulls = this.#pullArea.pulls;
  readonly routes: readonly Route[] = [
    ...this.#deploymentArea.routes,
    ...this.#pullArea.routes,
    ...this.#commentArea.routes,
    ...this.#issueArea.routes,
  ];
  readonly #description = new Description();
  readonly #server = createServer((request, response) => {
    this.#respond(request, response).catch((error: unknown) => {
      this.violations.push(String(error));
      response.destroy(error as Error);
    });
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    if (this.violations.length > 0) throw new Error(this.violations.join("\n"));
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.url);
    const { method = "GET", headers } = request;
    const text = await textOf(request);
    const body: unknown = text === "" ? {} : JSON.parse(text);
    const { pathname: path, search: query } = url;
    const asked: Asked = {
      method,
      path,
      query,
      body: isJsonObject(body) ? body : {},
      authorization: headers.authorization ?? "",
    };
    this.asked.push(asked);
    const fault = this.fault?.(asked);
    if (fault === "drop") return void response.destroy();
    if (fault !== undefined && fault !== "drop-answer") return send(response, fault, fault.headers);
    const { answer, link } = this.#pageOf(await this.#perform(asked, url, text !== ""), url);
    if (fault === "drop-answer") return void response.destroy();
    send(response, answer, link);
  }

  async #perform({ method, path, body }: Asked, url: URL, hasBody: boolean): Promise<Answer> {
    const found = path.startsWith(`/repos/${this.#world.repository}/`)
      ? findRoute(this.routes, method, path)
      : undefined;
    if (found === undefined) return notFound;
    const { route, params } = found;
    const query = url.searchParams;
    const mistakes = await this.#description.requestMistakes(route.at, { params, query, ...(hasBody && { body }) });
    this.violations.push(...mistakes);
    if (mistakes.length > 0) return { status: 422, body: { message: mistakes.join("; ") } };
    const answer = route.answer({ params, query, body });
    this.violations.push(...(await this.#description.answerMistakes(route.at, answer)));
    return answer;
  }

  #pageOf(answer: Answer, url: URL): { answer: Answer; link: Record<string, string> } {
    const { body, status } = answer;
    if (!Array.isArray(body)) return { answer, link: {} };
    const size = Math.min(Number(url.searchParams.get("per_page") ?? 30), this.mostPerPage);
    const page = Number(url.searchParams.get("page") ?? 1);
    const next = new URL(url);
    next.searchParams.set("page", String(page + 1));
    const link: Record<string, string> =
      body.length > page * size ? { link: `<${next.href}>; rel="next", <${next.href}>; rel="last"` } : {};
    return { answer: { status, body: body.slice((page - 1) * size, page * size) }, link };
  }
}

function send(response: ServerResponse, { status, body }: Answer, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}
