import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);
import{checkReleaseLabels,checkReleaseName,recordName,systemLabels}from"./chunk-DUO4QTLW.js";import"./chunk-RFOOS3DF.js";import"./chunk-3MCUX7IB.js";export{checkReleaseLabels,checkReleaseName,recordName,systemLabels};
