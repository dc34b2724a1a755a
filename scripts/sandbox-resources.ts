import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { parse } from "yaml";
import { compactResources, type DiscoveryGroup } from "./sandbox-resources/resources.ts";
import { compactSchemas, type OpenApiSchema } from "./sandbox-resources/schemas.ts";

// Usage: node scripts/sandbox-resources.ts KUBECONFIG
// Writes what the sandbox knows of the built-in kinds, from the control plane that the kubeconfig names.
const discoveryType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const outputFolder = join(import.meta.dirname, "../src/sandbox/data");

type Kubeconfig = { clusters: { cluster: { server: string } }[]; users: { user: { token: string } }[] };

async function main(kubeconfigPath: string): Promise<void> {
  const get = apiReader(parse(readFileSync(kubeconfigPath, "utf8")) as Kubeconfig);
  const groups: DiscoveryGroup[] = [];
  for (const root of ["/api", "/apis"]) {
    const list = (await get(root, discoveryType)) as { items: DiscoveryGroup[] };
    groups.push(...list.items);
  }
  write("resources.generated.json", compactResources(groups));

  const index = (await get("/openapi/v3")) as { paths: Record<string, { serverRelativeURL: string }> };
  const schemas: Record<string, OpenApiSchema> = {};
  for (const [path, entry] of Object.entries(index.paths)) {
    if (!/^(api\/v\d+|apis\/.*\/v\d\w*)$/.test(path)) continue;
    const document = (await get(entry.serverRelativeURL)) as {
      components?: { schemas?: Record<string, OpenApiSchema> };
    };
    Object.assign(schemas, document.components?.schemas);
  }
  write("schemas.generated.json", compactSchemas(schemas));
}

function apiReader(config: Kubeconfig): (path: string, accept?: string) => Promise<unknown> {
  const server = config.clusters[0]?.cluster.server;
  const token = config.users[0]?.user.token;
  return (path, accept = "application/json") =>
    new Promise((resolve, reject) => {
      const url = new URL(path, server);
      const headers = { Accept: accept, Authorization: `Bearer ${token}` };
      request(url, { headers, rejectUnauthorized: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
      })
        .on("error", reject)
        .end();
    });
}

function write(name: string, value: Record<string, string>): void {
  writeFileSync(join(outputFolder, name), `${JSON.stringify(value, null, 1)}\n`);
  console.log(`${name}: ${Object.keys(value).length} entries`);
}

const [kubeconfigPath] = process.argv.slice(2);
if (kubeconfigPath === undefined) throw new Error("usage: node scripts/sandbox-resources.ts KUBECONFIG");
await main(kubeconfigPath);
