import { GoObject } from "../base/go-value.ts";
import type { EngineFunction } from "./call.ts";

/** A function that is a value, for `call`. */
export class GoFunc extends GoObject {
  readonly goType: string;
  readonly goKind = "func";
  readonly fn: EngineFunction;

  constructor(goType: string, fn: EngineFunction) {
    super();
    this.goType = goType;
    this.fn = fn;
  }
}
