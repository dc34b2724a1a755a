import { compilePathMatch } from "../base/path-match.ts";
import type { WorkflowContext } from "./interpolate.ts";

export type TransformOptions = {
  /** Read when a file first asks for it. */
  context: () => WorkflowContext;
  /** Files, or patterns, to fill in; so are those that are called `*.mustache.yaml`. */
  interpolate: readonly string[];
  /** Called with each secret that comes into the values. */
  onSecret: (secret: string) => void;
};

/** What is done to the text of each values file: decrypted where SOPS encrypted it, filled in where that is asked for. */
export function valueTransform({ context, interpolate, onSecret }: TransformOptions) {
  return async (text: string, file: string): Promise<string> => {
    let result = text;
    // Both are rare, and each has its library to load.
    if (/\bsops\b/.test(text)) {
      const { isEncrypted, decrypt } = await import("./sops.ts");
      if (isEncrypted(text)) result = await decrypt(text, { file, onSecret });
    }
    if (!isNamed(file, interpolate)) return result;
    const { interpolate: fillIn } = await import("./interpolate.ts");
    return await fillIn(result, { file, context: context(), onSecret });
  };
}

function isNamed(file: string, patterns: readonly string[]): boolean {
  if (/\.mustache\.ya?ml$/i.test(file)) return true;
  const plain = file.replace(/^\.\//, "");
  return patterns.some((pattern) => {
    const wanted = pattern.replace(/^\.\//, "");
    return wanted === plain || compilePathMatch(wanted)?.(plain) === true;
  });
}
