import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);
import{warningsOnly}from"./chunk-P3Z4ILAX.js";import"./chunk-T2J5COF5.js";import"./chunk-3MCUX7IB.js";export{warningsOnly};
