import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";

export type WireRequest = {
  method: string;
  /** From the root of the host, with the query. */
  path: string;
  headers: Record<string, string | string[]>;
  body?: string;
  signal: AbortSignal;
};

export type WireResponse = {
  status: number;
  headers: IncomingHttpHeaders;
  body: Readable;
  /** Once the body has ended: whether it came to its end, or was cut off. */
  isWhole(): boolean;
};

/** Carries requests to one host over kept connections; knows neither Kubernetes nor retries. */
export type Wire = {
  /** How many requests at once are best. */
  readonly places: number;
  /** Resolves with the head of the answer; fails with ConnectionError. */
  send(request: WireRequest): Promise<WireResponse>;
  close(): void;
};

/** The connection did not carry the request, or not the whole answer. */
export class ConnectionError extends Error {
  /** False only when it is certain that the server has not seen the request. */
  readonly sent: boolean;

  constructor(message: string, options: { sent: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = "ConnectionError";
    this.sent = options.sent;
  }
}
