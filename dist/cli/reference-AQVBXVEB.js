import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);
import{chartNameOf,formatReference,fromTag,isOci,ociPrefix,parseReference,toTag}from"./chunk-KLSY3WDG.js";import"./chunk-RFOOS3DF.js";import"./chunk-3MCUX7IB.js";export{chartNameOf,formatReference,fromTag,isOci,ociPrefix,parseReference,toTag};
