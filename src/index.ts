export { SlipwayError } from "./base/error.ts";
