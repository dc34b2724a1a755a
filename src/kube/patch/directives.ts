/** What a strategic merge patch says beside values. */
export const directive = {
  /** In an object: `delete` or `replace` instead of merging. */
  patch: "$patch",
  /** In an object: the only keys that may stay. */
  retainKeys: "$retainKeys",
  /** Before a list's name: the order of its elements. */
  order: "$setElementOrder/",
  /** Before the name of a list of scalars: what is taken out. */
  deleteFromList: "$deleteFromPrimitiveList/",
} as const;

/** Whether a key of a patch is no field's name. */
export function isDirective(key: string): boolean {
  return (
    key === directive.patch ||
    key === directive.retainKeys ||
    key.startsWith(directive.order) ||
    key.startsWith(directive.deleteFromList)
  );
}
