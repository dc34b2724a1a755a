import { createServer, request } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

export type ProxyServer = {
  url: string;
  /** `CONNECT HOST:PORT` or `GET URL`, oldest first, and who asked. */
  seen: { target: string; authorization: string | undefined }[];
  close(): Promise<void>;
};

type Options = {
  /** Where each host is in truth, as `127.0.0.1:PORT`; nobody else knows these names. */
  hosts: Record<string, string>;
  /** The name and password that the proxy asks for. */
  user?: string;
};

/** A proxy on loopback: tunnels by CONNECT, and plain HTTP by whole addresses. */
export async function serveProxy({ hosts, user }: Options): Promise<ProxyServer> {
  const seen: ProxyServer["seen"] = [];
  const sockets = new Set<Socket>();
  const wanted = user === undefined ? undefined : `Basic ${Buffer.from(user).toString("base64")}`;
  const server = createServer((asked, response) => {
    const { method, url = "", headers } = asked;
    const { "proxy-authorization": authorization, ...passed } = headers;
    seen.push({ target: `${method} ${url}`, authorization });
    if (wanted !== undefined && authorization !== wanted) {
      response.writeHead(407).end();
      return;
    }
    const { host, pathname, search } = new URL(url);
    const place = `http://${hosts[host]}${pathname}${search}`;
    asked.pipe(
      request(place, { method, headers: passed }, (answer) => {
        response.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.pipe(response);
      }),
    );
  });
  server.on("connect", ({ url = "", headers }, socket: Socket) => {
    const authorization = headers["proxy-authorization"];
    seen.push({ target: `CONNECT ${url}`, authorization });
    sockets.add(socket);
    if (wanted !== undefined && authorization !== wanted) {
      socket.end("HTTP/1.1 407 Who are you\r\n\r\n");
      return;
    }
    const [host, port] = (hosts[url.replace(/:443$/, "")] ?? "").split(":");
    const target = connect(Number(port), host, () => socket.write("HTTP/1.1 200 Connected\r\n\r\n"));
    sockets.add(target);
    for (const end of [socket, target]) end.on("error", () => {});
    socket.pipe(target).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
