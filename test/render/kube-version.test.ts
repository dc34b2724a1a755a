import { expect, test } from "vitest";
import { offlineCapabilities } from "../../src/render/capabilities.ts";
import { comparableKubeVersion, parseKubeVersion } from "../../src/render/kube-version.ts";

test.each([
  ["1.31", "v1.31", "v1.31", "1", "31"],
  ["v1.31.2", "v1.31.2", "v1.31.2", "1", "31"],
  ["v1.33.4-gke.1245000", "v1.33.4-gke.1245000", "v1.33.4", "1", "33"],
  ["1.33+", "v1.33+", "v1.33", "1", "33"],
])("%s", (text, helm4, helm3, major, minor) => {
  expect(parseKubeVersion(text, "4")).toEqual({ version: helm4, major, minor });
  expect(parseKubeVersion(text, "3")).toEqual({ version: helm3, major, minor });
  expect(comparableKubeVersion(parseKubeVersion(text, "4"))).toBe(helm3);
});

test.each(["", "1", "latest", "v01.2"])("%j is none", (text) => {
  expect(() => parseKubeVersion(text, "4")).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
});

test("without a cluster, named API versions come on top of Helm's own", () => {
  const { apiVersions } = offlineCapabilities("4", { apiVersions: ["example.com/v1"] });
  expect(apiVersions).toContain("apps/v1");
  expect(apiVersions.at(-1)).toBe("example.com/v1");
});
