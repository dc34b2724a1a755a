import { randomUUID } from "node:crypto";
import { textAt } from "../json.ts";
import { type Answer, ok } from "./answer.ts";
import type { Api } from "./api.ts";
import { parseBody } from "./body.ts";
import { isDryRun, type ResourceRequest } from "./request.ts";
import { isDenied, user } from "./rules.ts";

/** Answers the kinds that are questions and are never stored; undefined for the others. */
export function reviewAnswer(api: Api, request: ResourceRequest): Answer | undefined {
  if (request.verb !== "create") return undefined;
  const plural = request.subresource === "" ? request.type.plural : `${request.type.plural}/${request.subresource}`;
  const status = Object.hasOwn(reviews, plural) ? reviews[plural] : undefined;
  if (status === undefined) return undefined;
  const body = parseBody(request, request.type.kind);
  const object = typeof body === "object" && body !== null ? body : {};
  if (isDryRun(request)) return ok(object, 201);
  return ok({ ...object, metadata: {}, status: status(body, api) }, 201);
}

const everything = [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }];

const reviews: Record<string, (body: unknown, api: Api) => unknown> = {
  selfsubjectaccessreviews: accessStatus,
  localsubjectaccessreviews: accessStatus,
  subjectaccessreviews: accessStatus,
  // Rules that deny can't be told as rules that allow: each request has to be asked about.
  selfsubjectrulesreviews: (_body, { deny }) => ({
    resourceRules: deny.length === 0 ? everything : [],
    nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
    incomplete: deny.length > 0,
  }),
  selfsubjectreviews: () => ({ userInfo: { username: user, groups: ["system:masters", "system:authenticated"] } }),
  tokenreviews: () => ({ authenticated: true, user: { username: user, uid: user, groups: ["system:authenticated"] } }),
  "serviceaccounts/token": (_body, { cluster }) => ({
    token: randomUUID(),
    expirationTimestamp: new Date(cluster.scheduler.now() + 3_600_000).toISOString(),
  }),
};

function accessStatus(body: unknown, { deny }: Api): unknown {
  const asked = (field: string) => textAt(body, "spec", "resourceAttributes", field);
  const subresource = asked("subresource");
  const resource = subresource === "" ? asked("resource") : `${asked("resource")}/${subresource}`;
  const denied = isDenied(deny, { verb: asked("verb"), resource, namespace: asked("namespace") });
  return denied ? { allowed: false, reason: "denied by the sandbox's rules" } : { allowed: true };
}
