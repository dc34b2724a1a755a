import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";

/** An endpoint may not lie on loopback: on a machine that has no other address there is nothing to route to. */
export const routedAddress = Object.values(networkInterfaces())
  .flat()
  .find((found) => found?.family === "IPv4" && !found.internal)?.address;

export type Certificate = { cert: string; key: string };

/** A certificate for a Service's name, signed by itself, in files below the folder; their paths. */
export function makeCertificate(folder: string, service: string, namespace: string): Certificate {
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const name = `${service}.${namespace}.svc`;
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const subject = ["-subj", `/CN=${name.slice(0, 60)}`, "-addext", `subjectAltName=DNS:${name}`];
  execFileSync("openssl", ["req", "-x509", ...curve, ...subject, "-keyout", key, "-out", cert], { stdio: "ignore" });
  return { cert, key };
}

/** Serves HTTPS where an endpoint may lie; the first `broken` connections break. */
export async function startRoutedServer(
  { cert, key }: Certificate,
  { port = 0, broken = 0 }: { port?: number; broken?: number },
  answer: RequestListener,
): Promise<{ port: number; close(): void }> {
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, answer);
  let left = broken;
  server.on("connection", (socket) => {
    left -= 1;
    if (left >= 0) socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, routedAddress, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The slice that makes the server an endpoint of a Service without a selector. */
export function sliceOf(service: string, namespace: string, port: number, ready = true) {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: `${service}-by-hand`, namespace, labels: { "kubernetes.io/service-name": service } },
    addressType: "IPv4",
    ports: [{ name: "", protocol: "TCP", port }],
    endpoints: [{ addresses: [routedAddress], conditions: { ready } }],
  };
}
