/** One file of an archive that is written. */
export type TarFile = { name: string; data: Uint8Array };

const block = 512;
const blank = Buffer.alloc(block);

/** A ustar archive of plain files, all with one time: the same files make the same bytes. */
export function writeTar(files: readonly TarFile[], seconds: number): Buffer {
  const parts: Uint8Array[] = [];
  for (const { name, data } of files) {
    const place = splitName(name);
    if (place === undefined) {
      // Names that the old form has no room for go into a record of their own.
      const record = paxRecord("path", name);
      addFile(parts, { name: "PaxHeaders.0/name", prefix: "", type: "x", data: record, seconds });
    }
    addFile(parts, { ...(place ?? { name: shortName(name), prefix: "" }), type: "0", data, seconds });
  }
  return Buffer.concat([...parts, blank, blank]);
}

type Member = { name: string; prefix: string; type: "0" | "x"; data: Uint8Array; seconds: number };

function addFile(parts: Uint8Array[], member: Member): void {
  parts.push(header(member), member.data);
  const over = member.data.length % block;
  if (over > 0) parts.push(blank.subarray(over));
}

function header({ name, prefix, type, data, seconds }: Member): Buffer {
  const head = Buffer.alloc(block);
  head.write(name, 0, 100, "latin1");
  head.write(octal(0o644, 7), 100);
  head.write(octal(0, 7), 108);
  head.write(octal(0, 7), 116);
  head.write(octal(data.length, 11), 124);
  head.write(octal(seconds, 11), 136);
  head.write("        ", 148);
  head.write(type, 156);
  head.write("ustar\u000000", 257, "latin1");
  head.write(octal(0, 7), 329);
  head.write(octal(0, 7), 337);
  head.write(prefix, 345, 155, "latin1");
  let sum = 0;
  for (const byte of head) sum += byte;
  head.write(`${octal(sum, 6)}\0 `, 148, "latin1");
  return head;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

function splitName(name: string): { name: string; prefix: string } | undefined {
  if (!/^[\x20-\x7e]*$/.test(name)) return undefined;
  if (name.length <= 100) return { name, prefix: "" };
  const slash = name.indexOf("/", name.length - 101);
  if (slash < 0 || slash > 155) return undefined;
  return { name: name.slice(slash + 1), prefix: name.slice(0, slash) };
}

function shortName(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, "_").slice(0, 100);
}

/** `LENGTH key=value`, where the length counts itself. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (String(length).length + rest !== length) length += 1;
  return Buffer.from(`${length} ${key}=${value}\n`);
}
