import { parse } from "yaml";
import { ApiError, badRequest } from "../api/status.ts";
import { parseJson } from "../json.ts";
import { decodeProtobuf } from "../protobuf/decode.ts";
import { type HttpRequest, header } from "./request.ts";

/** The body as JSON, or as YAML where the content type says so. */
export function parseBody(request: HttpRequest, kind: string): unknown {
  const contentType = header(request, "content-type");
  if (contentType.includes("protobuf")) return protobufBody(request.body);
  const text = request.body.toString();
  try {
    return parseJson(text);
  } catch (error) {
    if (contentType.includes("yaml")) return parseYaml(text);
    const message = (error instanceof Error ? error.message : "").replace(/^Unexpected/, "unexpected");
    const shown = text === "" ? "<empty>" : text.slice(0, 200);
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${message} (${shown})`,
    );
  }
}

function protobufBody(body: Buffer): unknown {
  let decoded: unknown;
  try {
    decoded = decodeProtobuf(body);
  } catch (error) {
    throw badRequest(`the object provided is unrecognized: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (decoded !== undefined) return decoded;
  const message =
    "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml";
  throw new ApiError(415, "UnsupportedMediaType", message);
}

function parseYaml(text: string): unknown {
  try {
    // By way of JSON, so that anchors become trees and no key can be more than a name.
    return parseJson(JSON.stringify(parse(text, { maxAliasCount: 100, version: "1.1" })));
  } catch (error) {
    throw badRequest(`error decoding YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
}
