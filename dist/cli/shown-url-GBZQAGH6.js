import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);
import{shownUrl}from"./chunk-FLZQHEDS.js";import"./chunk-3MCUX7IB.js";export{shownUrl};
