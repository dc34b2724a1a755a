import { chartFlags, dependencyUpdateFlag } from "./chart-flags.ts";
import type { Command } from "./command.ts";
import { renderFlags, valueFlags } from "./flags.ts";

/** What may be done by whom. */
export const rbacCommand: Command = {
  name: "rbac",
  summary: "print the least permissions that commands need",
  usage: "COMMAND[,COMMAND...] [[NAME] CHART]",
  takes: [1, 3],
  about: `Prints roles, and bindings where a flag names somebody, that allow just what the commands ask of the cluster: deploy,
plan, rollback, uninstall, test, unlock, drift, drift-correct, preview, status, history, list, get. With a chart, for the kinds that it renders with these
values; without, for those that charts usually have. Nothing is asked of a cluster.`,
  examples: [
    "slipway rbac deploy,test --namespace shop --service-account ci ./charts/shop -f production.yaml | kubectl apply -f -",
    "slipway rbac plan --namespace shop --user 'github:repo:OWNER/shop:pull_request'",
  ],
  flags: [
    {
      name: "service-account",
      type: "strings",
      placeholder: "[NAMESPACE/]NAME",
      description: "bind the roles to this service account; may be repeated",
    },
    { name: "user", type: "strings", placeholder: "NAME", description: "bind the roles to this user; may be repeated" },
    {
      name: "group",
      type: "strings",
      placeholder: "NAME",
      description: "bind the roles to this group; may be repeated",
    },
    {
      name: "role-name",
      type: "string",
      placeholder: "NAME",
      description: "the name of the roles and bindings (default slipway-COMMAND)",
    },
    {
      name: "all-namespaces",
      short: "A",
      type: "boolean",
      description: "for releases in any namespace, with --create-namespace, too",
    },
    {
      name: "kube-version",
      type: "string",
      placeholder: "VERSION",
      description: "the Kubernetes version to render for",
    },
    {
      name: "api-versions",
      short: "a",
      type: "list",
      placeholder: "GROUP/VERSION",
      description: "more API versions that the cluster serves",
    },
    ...valueFlags,
    ...renderFlags,
    ...chartFlags,
    dependencyUpdateFlag,
  ],
  load: async () => (await import("./commands/rbac.ts")).rbac,
};
