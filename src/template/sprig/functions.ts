import type { FunctionTable } from "../function.ts";
import { aesFunctions } from "./aes.ts";
import { certificateFunctions } from "./certificates.ts";
import { dateFunctions } from "./dates.ts";
import { defaultFunctions } from "./defaults.ts";
import { dictFunctions } from "./dicts.ts";
import { encodingFunctions } from "./encoding.ts";
import { hashFunctions } from "./hashes.ts";
import { jsonFunctions } from "./json.ts";
import { listFunctions } from "./lists.ts";
import { mathFunctions } from "./math.ts";
import { passwordFunctions } from "./passwords.ts";
import { pathFunctions } from "./paths.ts";
import { keyFunctions } from "./private-keys.ts";
import { randomFunctions } from "./random.ts";
import { regexFunctions } from "./regex.ts";
import { stringFunctions } from "./strings.ts";
import { typeFunctions } from "./types.ts";
import { urlFunctions } from "./urls.ts";
import { versionFunctions } from "./versions.ts";

/** Every function of sprig that Helm has: all but `env` and `expandenv`. */
export const sprigFunctions: FunctionTable = {
  ...stringFunctions,
  ...encodingFunctions,
  ...listFunctions,
  ...dictFunctions,
  ...mathFunctions,
  ...defaultFunctions,
  ...typeFunctions,
  ...jsonFunctions,
  ...dateFunctions,
  ...regexFunctions,
  ...pathFunctions,
  ...urlFunctions,
  ...versionFunctions,
  ...hashFunctions,
  ...passwordFunctions,
  ...aesFunctions,
  ...randomFunctions,
  ...keyFunctions,
  ...certificateFunctions,
};
