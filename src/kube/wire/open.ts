import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Connection, Credentials } from "../connection.ts";
import { dial } from "./dial.ts";
import type { Wire } from "./wire.ts";

/** Connects, and speaks HTTP/2 where the server offers it. */
export async function openWire(connection: Connection, credentials: Credentials, timeoutMs: number): Promise<Wire> {
  const { server } = connection;
  if (server.protocol === "http:") {
    const { http1Wire } = await import("./http1.ts");
    return http1Wire(server.host, () => dial({ connection, credentials, alpn: [], timeoutMs }));
  }
  const socket = (await dial({ connection, credentials, alpn: ["h2", "http/1.1"], timeoutMs })) as TLSSocket;
  const isHttp2 = socket.alpnProtocol === "h2";
  const alpn = [isHttp2 ? "h2" : "http/1.1"];
  const next = startingWith(socket, () => dial({ connection, credentials, alpn, timeoutMs }));
  if (!isHttp2) {
    const { http1Wire } = await import("./http1.ts");
    return http1Wire(server.host, next);
  }
  const { http2Wire } = await import("./http2.ts");
  return http2Wire(server, next);
}

function startingWith(first: Socket, dialNext: () => Promise<Socket>): () => Promise<Socket> {
  let waiting: Socket | undefined = first;
  return async () => {
    const socket = waiting;
    waiting = undefined;
    return socket && !socket.destroyed ? socket : dialNext();
  };
}
