import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);
import{oneLine}from"./chunk-T2J5COF5.js";function warningsOnly(terminal){return event=>{event.type==="warning"&&terminal.err.write(`Warning: ${oneLine(event.message,2e3)}
`)}}export{warningsOnly};
