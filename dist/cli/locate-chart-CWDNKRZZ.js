import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);
import{locateChart,wantedVersion}from"./chunk-OXDF55BX.js";import"./chunk-ZAT423J7.js";import"./chunk-SOB6NAKR.js";import"./chunk-PZZLN3YT.js";import"./chunk-ARDKFNWO.js";import"./chunk-RFOOS3DF.js";import"./chunk-3MCUX7IB.js";export{locateChart,wantedVersion};
