import { SlipwayError } from "../error.ts";
import { goJsonEncode } from "../go-json.ts";
import type { GoValue } from "../go-value.ts";
import { type Emitter, emitDocument, NeedsJson } from "./emit.ts";
import { readYaml } from "./read.ts";

export type WriteOptions = {
  /** As `toYamlPretty` writes: lists are indented under their key, lines are not wrapped, floats stay floats. */
  indentSequences?: boolean;
};

const WIDTH = 80;

/**
 * As sigs.k8s.io/yaml marshals, which is Helm's toYaml with a newline at the end. Fails with JSON_INVALID or YAML_INVALID
 * for what Go cannot marshal, such as NaN: `toYaml` prints nothing then.
 */
export function writeYaml(value: GoValue, options: WriteOptions = {}): string {
  return write(value, options);
}

/** The same for plain JSON. */
export function writeYamlPlain(value: unknown, options: WriteOptions = {}): string {
  return write(value, options);
}

function write(value: unknown, options: WriteOptions): string {
  if (options.indentSequences === true) {
    return emitDocument(newEmitter({ pretty: true, width: Number.POSITIVE_INFINITY, order: "v3" }), value);
  }
  try {
    return emitDocument(newEmitter({ viaJson: false }), value);
  } catch (error) {
    if (!(error instanceof NeedsJson)) throw error;
    return emitDocument(newEmitter({ viaJson: true }), throughJson(value));
  }
}

function newEmitter(differences: Partial<Emitter>): Emitter {
  return { out: "", pretty: false, width: WIDTH, order: "v2", viaJson: true, ...differences };
}

const READER_PREFIX = "error converting YAML to JSON: ";

/** The detour that sigs.k8s.io/yaml always makes: it refuses control characters and folds U+0085 into a space. */
function throughJson(value: unknown): GoValue {
  try {
    return readYaml(goJsonEncode(value), { numbers: "typed" });
  } catch (error) {
    if (!(error instanceof SlipwayError) || !error.message.startsWith(READER_PREFIX)) throw error;
    throw new SlipwayError("YAML_INVALID", error.message.slice(READER_PREFIX.length), { cause: error });
  }
}
