import type { JsonObject } from "../../src/base/json-path.ts";
import type { KubeClient, KubeObject } from "../../src/kube/types.ts";
import type { SandboxOptions } from "../../src/sandbox/sandbox.ts";
import type { Fault } from "../github/faults.ts";
import type { Rewrite } from "./rewriting-proxy.ts";

/** How something hostile comes to the action. Every run is one for a pull request, and comments on it. */
export type InjectionRow = {
  /** Files of the chart, below its folder. */
  chart?: Record<string, string>;
  /** Other files of the workspace. */
  files?: Record<string, string>;
  inputs?: Record<string, string>;
  /** A deploy without any of it comes first. */
  isUpgrade?: true;
  /** Changes the event's payload. */
  event?: JsonObject;
  env?: Record<string, string>;
  seed?: KubeObject[];
  cluster?: SandboxOptions["intercept"];
  answers?: Rewrite;
  github?: (asked: { method: string; path: string }) => Fault | undefined;
  /** What somebody does to the cluster before it. */
  byHand?: (kube: KubeClient) => Promise<unknown>;
  /** What of it has to be told, so that the row tests anything; `undefined` where nothing may be. */
  told: RegExp | undefined;
};
