import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);
var ConnectionError=class extends Error{sent;constructor(message,options){super(message,{cause:options.cause}),this.name="ConnectionError",this.sent=options.sent}};export{ConnectionError};
