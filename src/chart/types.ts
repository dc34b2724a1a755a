import type { GoMap } from "../base/go-value.ts";

/** `name` is the path inside the chart with forward slashes; `data` the bytes as they are on disk; large ones are read there when they are asked for. */
export type ChartFile = { name: string; data: Uint8Array };

export type Dependency = {
  name: string;
  version?: string;
  repository?: string;
  condition?: string;
  tags?: string[];
  enabled?: boolean;
  "import-values"?: unknown[];
  alias?: string;
};

export type Maintainer = { name?: string; email?: string; url?: string };

/** Chart.yaml, with Helm's field names. */
export type ChartMetadata = {
  apiVersion: string;
  name: string;
  version: string;
  kubeVersion?: string;
  description?: string;
  type?: string;
  keywords?: string[];
  home?: string;
  sources?: string[];
  dependencies?: Dependency[];
  maintainers?: Maintainer[];
  icon?: string;
  appVersion?: string;
  deprecated?: boolean;
  annotations?: Record<string, string>;
  condition?: string;
  tags?: string;
};

/** Chart.lock or requirements.lock. */
export type ChartLock = { generated?: string; digest?: string; dependencies: Dependency[] };

/** A chart in memory, its subcharts inside. Loading changes nothing; `values` are the defaults as written. */
export type Chart = {
  metadata: ChartMetadata;
  lock?: ChartLock;
  /** Under `templates/`. */
  templates: ChartFile[];
  /** Everything that `.Files` can see. */
  files: ChartFile[];
  /** All files as read, for packaging. */
  raw: ChartFile[];
  values: GoMap;
  /** values.schema.json, as read. */
  schema?: Uint8Array;
  /** The subcharts in `charts/`, in Helm's order of loading. */
  dependencies: Chart[];
  /** Where it was loaded from, for messages and for `where`. */
  origin: string;
};
