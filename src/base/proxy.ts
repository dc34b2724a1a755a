/** The proxy that the environment names for the server, as curl and Go read it. */
export function proxyFromEnvironment(server: URL, env: NodeJS.ProcessEnv): URL | undefined {
  const read = (name: string) => env[name] || env[name.toLowerCase()];
  const text = server.protocol === "https:" ? read("HTTPS_PROXY") : read("HTTP_PROXY");
  if (!text || isExempt(server, read("NO_PROXY") ?? "")) return undefined;
  return new URL(text.includes("://") ? text : `http://${text}`);
}

function isExempt(server: URL, exemptions: string): boolean {
  const host = server.hostname.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  if (host === "localhost" || host.startsWith("127.") || host === "::1") return true;
  return exemptions
    .split(",")
    .map((exemption) => exemption.trim().toLowerCase())
    .some((exemption) => exemption !== "" && matches(host, server.port, exemption));
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
