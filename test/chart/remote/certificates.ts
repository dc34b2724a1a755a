import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Files in PEM: an authority, and what it signed for a server on loopback and for a client. */
export type Certificates = Record<"ca" | "cert" | "key" | "clientCert" | "clientKey", string>;

/** Made anew for each run, by the openssl on the PATH. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), "slipway-tls-"));
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "ignore" });
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  openssl("req", "-x509", ...curve, "-subj", "/CN=test authority", "-keyout", at("ca.key"), "-out", at("ca.pem"));
  writeFileSync(at("names"), "subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:charts.test,DNS:registry.test\n");
  for (const name of ["server", "client"]) {
    openssl(
      "req",
      "-new",
      ...curve.slice(0, 5),
      "-subj",
      `/CN=${name}`,
      "-keyout",
      at(`${name}.key`),
      "-out",
      at("csr"),
    );
    const sign = [
      "-CA",
      at("ca.pem"),
      "-CAkey",
      at("ca.key"),
      "-CAcreateserial",
      "-days",
      "2",
      "-extfile",
      at("names"),
    ];
    openssl("x509", "-req", "-in", at("csr"), ...sign, "-out", at(`${name}.pem`));
  }
  return {
    ca: at("ca.pem"),
    cert: at("server.pem"),
    key: at("server.key"),
    clientCert: at("client.pem"),
    clientKey: at("client.key"),
  };
}

export function serverTls({ ca, cert, key }: Certificates) {
  return { ca: readFileSync(ca), cert: readFileSync(cert), key: readFileSync(key) };
}
