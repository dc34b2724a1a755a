import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { parse } from "yaml";
import { normalizeAnswer } from "../test/sandbox/golden/normalize.ts";

// Usage: node scripts/sandbox-golden.ts KUBECONFIG
// Records what a fresh control plane answers to the requests that the sandbox must answer alike.
const folder = join(import.meta.dirname, "../test/sandbox/golden");

type GoldenRequest = { name: string; method: string; path: string; type?: string; body?: unknown; text?: string };
type Answer = { code: number; warnings: string[]; body: unknown };
type Kubeconfig = { clusters: { cluster: { server: string } }[]; users: { user: { token: string } }[] };

async function main(kubeconfigPath: string): Promise<void> {
  const config = parse(readFileSync(kubeconfigPath, "utf8")) as Kubeconfig;
  const requests = JSON.parse(readFileSync(join(folder, "requests.json"), "utf8")) as GoldenRequest[];
  const answers: Record<string, Answer> = {};
  for (const wanted of requests) {
    answers[wanted.name] = await send(config, wanted);
    // A new namespace and a new kind need a moment until they can be used.
    if (wanted.name.startsWith("setup")) await new Promise((resolve) => setTimeout(resolve, 3000));
  }
  writeFileSync(join(folder, "answers.json"), `${JSON.stringify(answers, null, 1)}\n`);
  console.log(`${Object.keys(answers).length} answers`);
}

function send(
  config: Kubeconfig,
  { method, path, type = "application/json", body, text }: GoldenRequest,
): Promise<Answer> {
  const url = new URL(path, config.clusters[0]?.cluster.server);
  const payload = text ?? (body === undefined ? "" : JSON.stringify(body));
  const headers = {
    Authorization: `Bearer ${config.users[0]?.user.token}`,
    "Content-Type": type,
    "Content-Length": Buffer.byteLength(payload),
    "User-Agent": "golden",
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, rejectUnauthorized: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const warnings = [response.headers["warning"] ?? []].flat().join(", ");
        const answer = normalizeAnswer(JSON.parse(Buffer.concat(chunks).toString()));
        resolve({ code: response.statusCode ?? 0, warnings: warnings === "" ? [] : [warnings], body: answer });
      });
    });
    sent.on("error", reject);
    sent.end(payload);
  });
}

const [kubeconfigPath] = process.argv.slice(2);
if (kubeconfigPath === undefined) throw new Error("usage: node scripts/sandbox-golden.ts KUBECONFIG");
await main(kubeconfigPath);
