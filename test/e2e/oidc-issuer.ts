import { createSign, generateKeyPairSync } from "node:crypto";
import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { type Certificates, serverTls } from "../chart/remote/certificates.ts";

/** Who signs tokens for workflows, as GitHub does: an issuer that an API server trusts, and the endpoint of a job. */
export type Issuer = {
  /** Of its discovery document and its keys. */
  url: string;
  /** What the runner puts into a job that may have tokens. */
  env: Record<string, string>;
  /** The tokens that were given away. */
  issued: string[];
  /** How long the next tokens live. */
  lifeSeconds: number;
  close(): Promise<void>;
};

const requestToken = "a-request-token-of-this-job";

export async function startIssuer(certificates: Certificates, claims: Record<string, unknown>): Promise<Issuer> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const keys = [{ ...publicKey.export({ format: "jwk" }), kid: "one", alg: "RS256", use: "sig" }];

  const published: RequestListener = ({ url }, response) => {
    const documents: Record<string, unknown> = {
      "/.well-known/openid-configuration": {
        issuer: issuer.url,
        jwks_uri: `${issuer.url}/keys`,
        response_types_supported: ["id_token"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
      },
      "/keys": { keys },
    };
    const document = documents[url ?? ""];
    response.writeHead(document ? 200 : 404, { "content-type": "application/json" }).end(JSON.stringify(document));
  };
  const https = await listening(createServer(serverTls(certificates), published));

  const http = await listening(
    createHttpServer(({ url = "", headers }, response) => {
      const audience = new URL(url, "http://localhost").searchParams.get("audience");
      if (headers.authorization !== `Bearer ${requestToken}`) response.writeHead(401).end();
      else response.writeHead(200).end(JSON.stringify({ value: sign(audience ?? "") }));
    }),
  );

  function sign(aud: string): string {
    const now = Math.floor(Date.now() / 1000);
    const times = { iat: now, nbf: now - 600, exp: now + issuer.lifeSeconds, jti: String(issuer.issued.length) };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const body = `${part({ alg: "RS256", kid: "one" })}.${part({ iss: issuer.url, aud, ...claims, ...times })}`;
    const token = `${body}.${createSign("RSA-SHA256").update(body).sign(privateKey, "base64url")}`;
    issuer.issued.push(token);
    return token;
  }

  const issuer: Issuer = {
    url: `https://127.0.0.1:${https.port}`,
    env: {
      GITHUB_ACTIONS: "true",
      ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${http.port}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
    },
    issued: [],
    lifeSeconds: 300,
    close: async () => void (await Promise.all([https.close(), http.close()])),
  };
  return issuer;
}

async function listening(server: Server): Promise<{ port: number; close(): Promise<void> }> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { port: (server.address() as AddressInfo).port, close };
}
