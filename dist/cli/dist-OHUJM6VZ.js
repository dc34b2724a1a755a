import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);
import{require_dist}from"./chunk-PZDHK4KP.js";import"./chunk-3MCUX7IB.js";export default require_dist();
