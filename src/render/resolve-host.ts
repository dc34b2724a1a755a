/** An address of a host, any of them where it has several, as Helm picks one; `undefined` where it has none. */
export async function resolveHost(name: string): Promise<string | undefined> {
  const { lookup } = await import("node:dns/promises");
  const addresses = await lookup(name, { all: true }).catch(() => []);
  return addresses[Math.floor(Math.random() * addresses.length)]?.address;
}
