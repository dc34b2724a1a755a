import { SlipwayError } from "../base/error.ts";
import type { Chart } from "./types.ts";

/** Throws where a chart, although it could be loaded, can't be deployed: a library, or one whose subcharts are missing. */
export function checkDeployable(chart: Chart): void {
  const { name, type } = chart.metadata;
  if (type !== undefined && type !== "" && type !== "application") {
    throw new SlipwayError("CHART_INVALID", `Cannot deploy chart "${name}": ${type} charts are not installable`, {
      hint: "A library chart is made to be a dependency of another chart.",
    });
  }
  checkDependencies(chart);
}

/** Throws where a chart asks for subcharts that are not there. */
export function checkDependencies({ metadata, dependencies, origin }: Chart): void {
  const present = new Set(dependencies.map((subchart) => subchart.metadata.name));
  const missing = (metadata.dependencies ?? [])
    .filter((dependency) => !present.has(dependency.name))
    .map((dependency) => dependency.name);
  if (missing.length === 0) return;
  const names = missing.join(", ");
  throw new SlipwayError(
    "CHART_INVALID",
    `Cannot render chart "${metadata.name}": dependencies found in Chart.yaml, but missing in charts/ directory: ${names}`,
    { hint: `Fetch them with \`slipway dependency build ${origin}\`.` },
  );
}
