import { describe, expect, test } from "vitest";
import { checkReleaseLabels, checkReleaseName, recordName } from "../../src/release/name.ts";

describe("checkReleaseName", () => {
  test.each(["shop", "a", "0", "shop-web.v2", "a".repeat(53)])("accepts %s", (name) => {
    expect(() => checkReleaseName(name)).not.toThrow();
  });

  test.each([
    ["", "has no name"],
    ["Shop", "is not valid"],
    ["-shop", "is not valid"],
    ["shop-", "is not valid"],
    ["a..b", "is not valid"],
    ["a/../b", "is not valid"],
    ["shop\n", "is not valid"],
    ["a".repeat(54), "has 54 characters"],
  ])("refuses %j", (name, reason) => {
    expect(() => checkReleaseName(name)).toThrow(reason);
  });
});

test("labels by which records are found can't be set", () => {
  expect(() => checkReleaseLabels({ team: "shop" })).not.toThrow();
  expect(() => checkReleaseLabels({ team: "shop", owner: "me", status: "x" })).toThrow("owner, status");
});

test("a record is named as Helm names it", () => {
  expect(recordName("shop", 12)).toBe("sh.helm.release.v1.shop.v12");
});
