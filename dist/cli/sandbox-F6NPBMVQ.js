import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);
import{startSandbox}from"./chunk-BBBVVVKN.js";import"./chunk-N6UQK5NQ.js";import"./chunk-AKAI77C4.js";import"./chunk-LHIB3VWL.js";import"./chunk-RFOOS3DF.js";import"./chunk-3MCUX7IB.js";export{startSandbox};
