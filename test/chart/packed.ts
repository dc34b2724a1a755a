import { tgz } from "./tar-fixture.ts";

/** A packed chart that has nothing but a name, a version and one template. */
export function packed(name: string, version: string, more = ""): Buffer {
  return tgz([
    { name: `${name}/Chart.yaml`, data: `apiVersion: v2\nname: ${name}\nversion: ${version}\n${more}` },
    { name: `${name}/templates/a.yaml`, data: `version: ${version}\n` },
  ]);
}
