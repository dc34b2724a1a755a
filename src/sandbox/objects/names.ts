// The alphabet leaves out vowels and digits that look like letters, so that no words arise.
const letters = "bcdfghjklmnpqrstvwxz2456789";

/** The random end of a generated name. */
export function suffix(length = 5): string {
  let text = "";
  for (let index = 0; index < length; index++) text += letters[Math.floor(Math.random() * letters.length)];
  return text;
}

/** A short name for a content: the same for equal texts. */
export function contentHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return [...String(hash)].map((digit) => letters[Number(digit)]).join("");
}
