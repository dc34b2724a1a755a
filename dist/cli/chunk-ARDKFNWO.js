import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);
import{createRequire}from"node:module";var load=createRequire(import.meta.url);function nodeCrypto(){return load("node:crypto")}function nodeNet(){return load("node:net")}function nodeZlib(){return load("node:zlib")}export{nodeCrypto,nodeNet,nodeZlib};
