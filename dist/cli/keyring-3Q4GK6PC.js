import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);
import{defaultKeyring,readKeyring}from"./chunk-SURBGFYY.js";import"./chunk-RFOOS3DF.js";import"./chunk-3MCUX7IB.js";export{defaultKeyring,readKeyring};
