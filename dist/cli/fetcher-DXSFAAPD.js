import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);
import{createFetcher}from"./chunk-DHPUPHEF.js";import"./chunk-T4SOTCNC.js";import"./chunk-65DCJBXU.js";import"./chunk-FLZQHEDS.js";import"./chunk-RFOOS3DF.js";import"./chunk-3MCUX7IB.js";export{createFetcher};
