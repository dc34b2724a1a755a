import type { ServerResponse } from "node:http";

/** What the server sends back: JSON, text, or a stream that writes itself. */
export type Answer =
  | { code: number; json: unknown; contentType?: string; headers?: Record<string, string | string[]> }
  | { code: number; text: string | Buffer; contentType: string; headers?: Record<string, string | string[]> }
  | { stream: (response: ServerResponse) => void };

export function ok(json: unknown, code = 200): Answer {
  return { code, json };
}

export function send(response: ServerResponse, answer: Answer): void {
  if ("stream" in answer) {
    answer.stream(response);
    return;
  }
  const isJson = "json" in answer;
  const body = isJson ? `${JSON.stringify(answer.json)}\n` : answer.text;
  response.writeHead(answer.code, {
    "Content-Type": answer.contentType ?? "application/json",
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-cache, private",
    ...answer.headers,
  });
  response.end(body);
}

export function warningHeaders(warnings: string[]): Record<string, string[]> {
  return warnings.length === 0 ? {} : { Warning: warnings.map((text) => `299 - ${JSON.stringify(text)}`) };
}
