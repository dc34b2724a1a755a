import type { JsonObject } from "../../src/base/json-path.ts";

export type Request = {
  /** What stands in the address for each `{name}` of the route. */
  params: Record<string, string>;
  query: URLSearchParams;
  /** Empty where the request has none. */
  body: JsonObject;
};

/** A list is given whole: the server makes pages of it. */
export type Answer = { status: number; body?: unknown };

/** One operation of GitHub's REST API, its method and path spelt as GitHub's OpenAPI description spells them. */
export type Route = {
  at: `${"GET" | "POST" | "PATCH" | "PUT" | "DELETE"} /${string}`;
  answer(request: Request): Answer;
};

/** What every area of the API knows of the repository that the server has. */
export type World = {
  repository: string;
  /** The server's address, for links into the API. */
  apiUrl(): string;
  /** Numbers that no two things share. */
  nextId(): number;
  /** The next number of an issue or a pull request. */
  nextNumber(): number;
  /** A time that is later with each call. */
  now(): string;
};

export const notFound: Answer = { status: 404, body: { message: "Not Found", documentation_url: "", status: "404" } };

export function invalid(message: string): Answer {
  return { status: 422, body: { message: `Validation Failed: ${message}`, documentation_url: "" } };
}

/** The route that the request is for, and what its address says. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; params: Record<string, string> } | undefined {
  for (const route of routes) {
    const [routeMethod, template = ""] = route.at.split(" ");
    const params = routeMethod === method ? paramsOf(template, path) : undefined;
    if (params !== undefined) return { route, params };
  }
  return undefined;
}

function paramsOf(template: string, path: string): Record<string, string> | undefined {
  const [steps, given] = [template.split("/"), path.split("/")];
  if (steps.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, step] of steps.entries()) {
    const [, name] = /^\{(\w+)\}$/.exec(step) ?? [];
    if (name === undefined && step !== given[index]) return undefined;
    if (name !== undefined) params[name] = decodeURIComponent(given[index] ?? "");
  }
  return params;
}
