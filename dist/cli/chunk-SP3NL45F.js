import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);
var patchTypes={json:"application/json-patch+json",merge:"application/merge-patch+json",strategic:"application/strategic-merge-patch+json",apply:"application/apply-patch+yaml"};export{patchTypes};
