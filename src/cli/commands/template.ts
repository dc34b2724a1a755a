import { SlipwayError } from "../../base/error.ts";
import type { GoMap } from "../../base/go-value.ts";
import { resolveChart } from "../../chart/resolve-chart.ts";
import type { Chart } from "../../chart/types.ts";
import { offlineCapabilities } from "../../render/capabilities.ts";
import { renderChart } from "../../render/render-chart.ts";
import { shownDocuments, type TemplateOutputOptions, templateOutput } from "../../render/template-output.ts";
import type { Rendered } from "../../render/types.ts";
import { namesOfSources, readLayers } from "../../values/collect-values.ts";
import { mergeLayers, type ValueLayer } from "../../values/value-layers.ts";
import { chartSource } from "../chart-source.ts";
import { nameAndChart } from "../chosen-name.ts";
import type { ExitCode, Invocation } from "../command.ts";
import { helmVersion, postRendererProgram, readLabels, valueSources } from "../deploy-options.ts";
import { type FlagReader, flagReader, optional } from "../read-flags.ts";
import { shortRun } from "../short-run.ts";

/** `slipway template [NAME] CHART`: exactly what `helm template` prints. */
export async function template(invocation: Invocation): Promise<ExitCode> {
  const { positionals, flags, terminal } = invocation;
  const read = flagReader(flags);
  const { name, chart: path } = nameAndChart(positionals, read, terminal.env);
  const [chart, layers] = await Promise.all([
    chartSource(path, read, terminal).then((source) => resolveChart(source, { helm: helmVersion(read) })),
    readLayers(valueSources(read, terminal)),
  ]);
  await checkLabels(read);
  const source = {
    name,
    chart,
    layers,
    config: mergeLayers(layers),
    valuesFrom: namesOfSources(valueSources(read, terminal)),
  };
  const rendered = isOnServer(read)
    ? await renderOnServer(invocation, source, read)
    : await shortRun(chart, () => renderOffline(invocation, source, read));
  await print(rendered, name, read, terminal.out);
  return 0;
}

type Source = {
  name: string;
  chart: Chart;
  layers: readonly ValueLayer[];
  config: GoMap;
  valuesFrom: readonly string[];
};

function isOnServer(read: FlagReader): boolean {
  const mode = read.string("dry-run");
  if (!read.boolean("validate")) return mode === "server";
  if (mode === undefined || helmVersion(read) === "3") return true;
  throw new SlipwayError("INPUT_INVALID", "--validate and --dry-run can't be given together", {
    hint: "--validate means --dry-run=server: give that alone.",
  });
}

async function renderOffline(invocation: Invocation, source: Source, read: FlagReader): Promise<Rendered> {
  const { name, ...chartAndValues } = source;
  const helm = helmVersion(read);
  const program = postRendererProgram(read);
  const { signal } = invocation.terminal;
  const postRender = program && {
    run: (await import("../../render/post-render.ts")).programPostRenderer(program, signal),
    withCrds: read.boolean("include-crds"),
  };
  const namespace = await namespaceOf(invocation, read);
  return await renderChart({
    ...chartAndValues,
    release: { name, namespace, revision: 1, isUpgrade: read.boolean("is-upgrade") },
    capabilities: offlineCapabilities(helm, {
      ...optional("kubeVersion", read.string("kube-version")),
      apiVersions: read.strings("api-versions"),
    }),
    helm,
    skipSchemaValidation: read.boolean("skip-schema-validation"),
    enableDns: read.boolean("enable-dns"),
    ...optional("postRender", postRender),
  });
}

async function renderOnServer(invocation: Invocation, source: Source, read: FlagReader): Promise<Rendered> {
  const [{ openCluster }, { renderForCluster }, { checkInstall }, { warningsOnly }] = await Promise.all([
    import("../session.ts"),
    import("../../deploy/prepare.ts"),
    import("../../deploy/check-install.ts"),
    import("../warnings.ts"),
  ]);
  const { terminal } = invocation;
  const { kube, namespace, close } = await openCluster(invocation);
  try {
    const isUpgrade = read.boolean("is-upgrade");
    const session = { kube, signal: terminal.signal, emit: warningsOnly(terminal) };
    const options = {
      release: source.name,
      namespace,
      helm: helmVersion(read),
      skipSchemaValidation: read.boolean("skip-schema-validation"),
      enableDns: read.boolean("enable-dns"),
      sendsCrds: read.boolean("include-crds"),
      ...optional("postRenderer", postRendererProgram(read)),
    };
    const rendered = await renderForCluster(session, source, options, { revision: 1, isUpgrade });
    const owner = { release: source.name, namespace };
    await checkInstall(session, rendered, { namespace, ...(!isUpgrade && { owner }) });
    return rendered;
  } finally {
    await close();
  }
}

async function print(rendered: Rendered, release: string, read: FlagReader, out: { write(text: string): void }) {
  const options = outputOptions(read);
  const folder = read.string("output-dir");
  if (folder === undefined) return out.write(templateOutput(rendered, options));
  const { writeDocuments } = await import("../write-documents.ts");
  writeDocuments(rendered, { folder, ...(read.boolean("release-name") && { release }) }, options, out);
  // What is left to print is nothing, in which no template is found.
  out.write(shownDocuments("\n", options));
}

function outputOptions(read: FlagReader): TemplateOutputOptions {
  const helm = helmVersion(read);
  return {
    helm,
    // A post-renderer of Helm 3 got them with the rest.
    includeCrds: read.boolean("include-crds") && !(helm === "3" && read.string("post-renderer")),
    noHooks: read.boolean("no-hooks"),
    skipTests: read.boolean("skip-tests"),
    showOnly: read.strings("show-only"),
  };
}

async function checkLabels(read: FlagReader): Promise<void> {
  if (!read.has("labels")) return;
  const { checkReleaseLabels } = await import("../../release/name.ts");
  checkReleaseLabels(readLabels(read));
}

// As Helm does: a kubeconfig that is there names the namespace, although the cluster isn't asked anything.
async function namespaceOf({ terminal: { env } }: Invocation, read: FlagReader): Promise<string> {
  const given = read.string("namespace") ?? env["HELM_NAMESPACE"];
  if (given) return given;
  const { contextNamespace } = await import("../../kube/config/context-namespace.ts");
  const named = {
    ...optional("kubeconfig", read.string("kubeconfig")),
    ...optional("context", read.string("kube-context") ?? env["HELM_KUBECONTEXT"]),
  };
  return contextNamespace(named, env) ?? "default";
}
