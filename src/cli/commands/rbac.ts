import { SlipwayError } from "../../base/error.ts";
import { nearestName } from "../../base/nearest-name.ts";
import { resolveChart } from "../../chart/resolve-chart.ts";
import { type AccessCommand, accessCommands, rbacRules } from "../../deploy/rbac.ts";
import { type BuiltIn, chartKinds, type Kinds, usualKinds } from "../../deploy/rbac-chart.ts";
import { isNamespaceName, namespaceNameHint } from "../../kube/namespace-name.ts";
import { offlineCapabilities } from "../../render/capabilities.ts";
import { createResources } from "../../sandbox/api/resources.ts";
import { readLayers } from "../../values/collect-values.ts";
import { chartSource } from "../chart-source.ts";
import type { ExitCode, Invocation } from "../command.ts";
import { helmVersion, valueSources } from "../deploy-options.ts";
import { type RbacSubjectRef, rbacText } from "../rbac-text.ts";
import { type FlagReader, flagReader, optional } from "../read-flags.ts";

/** `slipway rbac COMMAND[,COMMAND...] [[NAME] CHART]`. */
export async function rbac(invocation: Invocation): Promise<ExitCode> {
  const { positionals, flags, terminal } = invocation;
  const [words = "", ...nameAndChart] = positionals;
  const read = flagReader(flags);
  const commands = readCommands(words);
  const namespace = checkedNamespace(read.string("namespace") ?? terminal.env["HELM_NAMESPACE"] ?? "default");
  const everywhere = read.boolean("all-namespaces") || commands.includes("preview");
  const path = nameAndChart.at(-1);
  const release = nameAndChart.length > 1 ? (nameAndChart[0] ?? "") : "release-name";
  const builtIn = builtInKinds();
  const kinds =
    path === undefined
      ? usualKinds(builtIn)
      : await kindsOf(invocation, { path, release, namespace, commands, builtIn });
  const records = /^configmaps?$/.test(terminal.env["HELM_DRIVER"] ?? "") ? "configmaps" : "secrets";
  const roles = rbacRules({ ...kinds, commands, namespace, everywhere, records });
  const place = everywhere ? "in all namespaces" : `in namespace ${namespace}`;
  const chart = path === undefined ? "the kinds that charts usually have" : `what ${path} renders`;
  const guesses = [...kinds.guessed].map(
    (kind) => `The name of ${kind} in the API is guessed: compare it with kubectl api-resources.`,
  );
  const head = [`What slipway ${commands.join(", ")} needs ${place}, for ${chart}.`, ...guesses];
  terminal.out.write(
    rbacText({
      roles,
      name: read.string("role-name") ?? `slipway-${commands.join("-")}`,
      subjects: subjectsOf(read, namespace),
      namespace: everywhere ? undefined : namespace,
      head: head.map((line) => line.replace(/[^\x20-\x7e]+/g, " ")),
    }),
  );
  return 0;
}

function readCommands(words: string): AccessCommand[] {
  const names: readonly string[] = accessCommands;
  return [...new Set(words.split(","))].map((word) => {
    if (names.includes(word)) return word as AccessCommand;
    const nearest = nearestName(word, names);
    throw new SlipwayError("INPUT_INVALID", `"${word.slice(0, 200)}" is no command that has permissions of its own`, {
      hint: nearest ? `Did you mean ${nearest}?` : `They are ${names.join(", ")}.`,
    });
  });
}

function checkedNamespace(name: string): string {
  if (isNamespaceName(name)) return name;
  throw new SlipwayError("INPUT_INVALID", `"${name}" can't be the name of a namespace`, { hint: namespaceNameHint });
}

function builtInKinds(): BuiltIn {
  const resources = createResources();
  return (apiVersion, kind) => resources.findKind(apiVersion, kind);
}

type ChartOf = {
  path: string;
  release: string;
  namespace: string;
  commands: readonly AccessCommand[];
  builtIn: BuiltIn;
};

async function kindsOf({ flags, terminal }: Invocation, of: ChartOf): Promise<Kinds> {
  const read = flagReader(flags);
  const helm = helmVersion(read);
  const [chart, layers] = await Promise.all([
    chartSource(of.path, read, terminal).then((source) => resolveChart(source, { helm })),
    readLayers(valueSources(read, terminal)),
  ]);
  const capabilities = offlineCapabilities(helm, {
    ...optional("kubeVersion", read.string("kube-version")),
    apiVersions: read.strings("api-versions"),
  });
  return await chartKinds({ ...of, chart, layers, helm, capabilities }, of.builtIn);
}

function subjectsOf(read: FlagReader, namespace: string): RbacSubjectRef[] {
  const accounts = read.strings("service-account").map((text): RbacSubjectRef => {
    const [first = "", second] = text.split("/");
    if (first !== "" && second !== "")
      return second === undefined
        ? { kind: "ServiceAccount", name: first, namespace }
        : { kind: "ServiceAccount", name: second, namespace: first };
    throw new SlipwayError("INPUT_INVALID", `--service-account can't be "${text.slice(0, 200)}"`, {
      hint: "Write NAME, or NAMESPACE/NAME.",
    });
  });
  const others = (kind: "User" | "Group", flag: string) =>
    read.strings(flag).map((name): RbacSubjectRef => ({ kind, name }));
  return [...accounts, ...others("User", "user"), ...others("Group", "group")];
}
