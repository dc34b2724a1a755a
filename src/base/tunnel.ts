import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import { proxyAuthorization } from "./proxy.ts";

/** A socket through an HTTP proxy (CONNECT) to the target. */
export function tunnel(proxy: URL, target: { host: string; port: number }, signal: AbortSignal): Promise<Socket> {
  const host = target.host.includes(":") ? `[${target.host}]` : target.host;
  const authority = `${host}:${target.port}`;

  return new Promise((resolve, reject) => {
    const send = proxy.protocol === "https:" ? httpsRequest : httpRequest;
    const request = send({
      host: proxy.hostname.replace(/^\[(.*)\]$/, "$1"),
      port: Number(proxy.port) || (proxy.protocol === "https:" ? 443 : 80),
      method: "CONNECT",
      path: authority,
      headers: { host: authority, ...proxyAuthorization(proxy) },
      agent: false,
      signal,
    });
    request.once("connect", (response, socket) => {
      if (response.statusCode === 200) {
        resolve(socket as Socket);
        return;
      }
      socket.destroy();
      reject(new Error(`the proxy ${proxy.host} refused the tunnel with status ${response.statusCode}`));
    });
    request.once("response", (response) => {
      response.destroy();
      reject(new Error(`the proxy ${proxy.host} answered status ${response.statusCode} instead of a tunnel`));
    });
    request.once("error", (cause) => reject(new Error(`the proxy ${proxy.host} failed: ${cause.message}`, { cause })));
    request.end();
  });
}
