import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);
function shownUrl(url){return`${url.protocol}//${url.host}${url.pathname}`}export{shownUrl};
