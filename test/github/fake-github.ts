import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type FakeComment = {
  id: number;
  body: string;
  html_url: string;
  user: { login: string; type: string };
  author_association: string;
};
export type Asked = { method: string; path: string; authorization: string };
type Fault = { status: number; headers?: Record<string, string>; body?: unknown } | "drop" | "drop-answer";

/** The part of GitHub's REST API that comments need, on loopback: pages of two, and whatever trouble a test asks for. */
export class FakeGithub {
  readonly comments: FakeComment[] = [];
  readonly asked: Asked[] = [];
  /** Set, it decides for each request whether something goes wrong with it. */
  fault: ((asked: Asked) => Fault | undefined) | undefined;
  url = "";
  private nextId = 100;
  private readonly server = createServer((request, response) => {
    this.answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  addComment(body: string, by: Partial<Pick<FakeComment, "user" | "author_association">> = {}): FakeComment {
    const id = this.nextId++;
    const comment = {
      id,
      body,
      html_url: `https://github.example/o/r/pull/7#issuecomment-${id}`,
      user: { login: "github-actions[bot]", type: "Bot" },
      author_association: "NONE",
      ...by,
    };
    this.comments.push(comment);
    return comment;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.url);
    const { method = "GET", headers } = request;
    const asked = { method, path: url.pathname, authorization: headers.authorization ?? "" };
    this.asked.push(asked);
    const body = await textOf(request);
    const fault = this.fault?.(asked);
    if (fault === "drop") return void response.destroy();
    if (fault !== undefined && fault !== "drop-answer") return send(response, fault.status, fault.body, fault.headers);
    const [status, value, link] = this.perform(asked, url, body === "" ? {} : JSON.parse(body));
    if (fault === "drop-answer") return void response.destroy();
    send(response, status, value, link ? { link } : {});
  }

  private perform(
    { method, path }: Asked,
    url: URL,
    body: { body?: string },
  ): [number, unknown, (string | undefined)?] {
    if ((body.body?.length ?? 0) > 65_536) return [422, { message: "Validation Failed: body is too long" }];
    if (path === "/repos/o/r/issues/7/comments") {
      if (method === "POST") return [201, this.addComment(body.body ?? "")];
      const page = Number(url.searchParams.get("page") ?? 1);
      const next = new URL(url);
      next.searchParams.set("page", String(page + 1));
      const link =
        this.comments.length > page * 2 ? `<${next.href}>; rel="next", <${next.href}>; rel="last"` : undefined;
      return [200, this.comments.slice((page - 1) * 2, page * 2), link];
    }
    const id = Number(/^\/repos\/o\/r\/issues\/comments\/(\d+)$/.exec(path)?.[1]);
    const index = this.comments.findIndex((comment) => comment.id === id);
    const comment = this.comments[index];
    if (comment === undefined) return [404, { message: "Not Found" }];
    if (method === "DELETE") {
      this.comments.splice(index, 1);
      return [204, undefined];
    }
    comment.body = body.body ?? "";
    return [200, comment];
  }
}

function send(response: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(value === undefined ? undefined : JSON.stringify(value));
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}
