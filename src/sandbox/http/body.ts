import { parse } from "yaml";
import { ApiError, badRequest } from "../api/status.ts";
import { parseJson } from "../json.ts";
import { type HttpRequest, header } from "./request.ts";

/** The body as JSON, or as YAML where the content type says so. */
export function parseBody(request: HttpRequest, kind: string): unknown {
  const contentType = header(request, "content-type");
  if (contentType.includes("protobuf")) {
    const message =
      "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml";
    throw new ApiError(415, "UnsupportedMediaType", message);
  }
  try {
    return parseJson(request.body);
  } catch (error) {
    if (contentType.includes("yaml")) return parseYaml(request.body);
    const message = error instanceof Error ? error.message : "";
    const shown = request.body === "" ? "<empty>" : request.body.slice(0, 200);
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${message} (${shown})`,
    );
  }
}

function parseYaml(text: string): unknown {
  try {
    // By way of JSON, so that anchors become trees and no key can be more than a name.
    return parseJson(JSON.stringify(parse(text, { maxAliasCount: 100, version: "1.1" })));
  } catch (error) {
    throw badRequest(`error decoding YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
}
