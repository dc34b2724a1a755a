import { gzipSync } from "node:zlib";

export type TarFile = { name: string; data?: string | Uint8Array; type?: string; size?: number; link?: string };

/** A tar archive, written as carelessly as the test asks for. */
export function tar(files: readonly TarFile[]): Buffer {
  const blocks = files.flatMap((file) => {
    const data = Buffer.from(file.data ?? "");
    const padding = Buffer.alloc((512 - (data.length % 512)) % 512);
    return [header(file, file.size ?? data.length), data, padding];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

export function tgz(files: readonly TarFile[]): Buffer {
  return gzipSync(tar(files));
}

export function pax(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length++;
  return `${length}${rest}`;
}

function header({ name, type = "0", link = "" }: TarFile, size: number): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0, 100);
  block.write("0000644\0", 100);
  block.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  block.write("        ", 148);
  block.write(type, 156);
  block.write(link, 157, 100);
  block.write("ustar\u000000", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}
