/** Editors on Windows put a mark before UTF-8 text; Helm drops it from every file of a chart. */
export function withoutByteOrderMark(data: Uint8Array): Uint8Array {
  return data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf ? data.subarray(3) : data;
}
