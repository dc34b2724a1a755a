/** An address as a Markdown link that shows it; whatever could end the link is escaped. */
export function markdownLink(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return "";
  const safe = new URL(url).href.replace(
    /[^\w.~:/?#@!$&+,;=%-]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
  return `<${safe}>`;
}
