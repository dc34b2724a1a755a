/** Why the OpenPGP library could not do it, as the end of a sentence. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : "it has no signature";
  // Of some curves the library leaves the work to a module that is not there.
  if (/Cannot find module/i.test(text)) return "a key of this kind can't be used here";
  return (text.charAt(0).toLowerCase() + text.slice(1)).replace(/\.$/, "");
}
