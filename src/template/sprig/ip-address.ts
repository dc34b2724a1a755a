import { nodeNet } from "../../base/node-library.ts";
import { FunctionError } from "../function.ts";

/** The 4 or 16 bytes of an address; one of IPv4 in IPv6's form has 4. */
export function parseIp(text: string): Buffer {
  if (nodeNet().isIPv4(text)) return Buffer.from(text.split(".").map(Number));
  if (!nodeNet().isIPv6(text) || text.includes("%")) throw new FunctionError(`error parsing ip: ${text}`);
  const bytes = Buffer.from(expand(text).flatMap((group) => [group >> 8, group & 0xff]));
  const isMapped = bytes.subarray(0, 12).equals(Buffer.from("00000000000000000000ffff", "hex"));
  return isMapped ? bytes.subarray(12) : bytes;
}

function expand(text: string): number[] {
  const [head = "", tail] = text.split("::");
  const before = groups(head);
  const after = groups(tail ?? "");
  const missing = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array.from({ length: missing }, () => 0), ...after];
}

function groups(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    if (!group.includes(".")) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split(".").map(Number);
    return [(a << 8) | b, (c << 8) | d];
  });
}
