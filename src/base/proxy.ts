import { SlipwayError } from "./error.ts";

/** The proxy that the environment names for the server, as curl and Go read it. Fails with INPUT_INVALID. */
export function proxyFromEnvironment(server: URL, env: NodeJS.ProcessEnv): URL | undefined {
  const name = server.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const read = (variable: string) => env[variable] || env[variable.toLowerCase()];
  const text = read(name);
  if (!text || isExempt(server, read("NO_PROXY") ?? "")) return undefined;
  const address = text.includes("://") ? text : `http://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  // It is not repeated: it may hold a password.
  throw new SlipwayError("INPUT_INVALID", `${name} is not the address of an HTTP proxy`, {
    hint: `Write it like http://proxy.example.com:3128, or exempt ${server.hostname} with NO_PROXY.`,
  });
}

/** The header that tells a proxy who asks. */
export function proxyAuthorization({ username, password }: URL): Record<string, string> {
  if (username === "") return {};
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(user).toString("base64")}` };
}

function isExempt(server: URL, exemptions: string): boolean {
  const host = server.hostname.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  if (host === "localhost" || host.startsWith("127.") || host === "::1") return true;
  return exemptions
    .split(",")
    .map((exemption) => exemption.trim().toLowerCase())
    .some((exemption) => exemption !== "" && matches(host, portOf(server), exemption));
}

function portOf({ port, protocol }: URL): string {
  return port || (protocol === "https:" ? "443" : "80");
}

function matches(host: string, port: string, exemption: string): boolean {
  if (exemption === "*") return true;
  const [name = "", exemptPort] = exemption.split(":");
  if (exemptPort !== undefined && exemptPort !== port) return false;
  if (name.includes("/")) return inNetwork(host, name);
  const domain = name.replace(/^\*?\./, "");
  return host === domain ? !name.startsWith(".") : host.endsWith(`.${domain}`);
}

function inNetwork(host: string, network: string): boolean {
  const [base = "", bits] = network.split("/");
  const address = ipv4(host);
  const start = ipv4(base);
  if (address === undefined || start === undefined) return false;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(address / size) === Math.floor(start / size);
}

function ipv4(text: string): number | undefined {
  const parts = text.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
