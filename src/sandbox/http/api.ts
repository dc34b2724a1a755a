import type { Cluster } from "../cluster.ts";
import type { Rule } from "./rules.ts";

/** What requests are answered from. */
export type Api = { cluster: Cluster; deny: Rule[] };
