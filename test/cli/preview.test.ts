import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cluster, startCluster } from "../deploy/fixture.ts";
import { commandLine } from "./command-line.ts";

let cluster: Cluster;
let chart: string;
beforeAll(async () => {
  cluster = await startCluster();
  chart = cluster.chart({
    "map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: it}\ndata: {tag: {{ .Values.tag | quote }}}\n",
  });
});
afterAll(() => cluster.close());

const mistakes: [words: string[], message: RegExp][] = [
  [["up", "shop", "chart", "--repository", "o/r"], /The preview has no pull request .*--pr NUMBER/s],
  [["up", "shop", "chart", "--pr", "1"], /The preview has no repository .*--repository owner\/name/s],
  [["up", "shop", "chart", "--pr", "1", "--repository", "a b"], /"a b" can't be the name of a repository/],
  [["up", "shop", "chart", "--pr", "1", "--repository", "o/r", "--quota", "pods"], /"pods" is not a part of a quota/],
  [["up", "shop", "chart", "--pr", "1", "--repository", "o/r", "--copy-secret", "a"], /"a" names no Secret to copy/],
  [["up", "shop", "chart", "--pr", "1", "--repository", "o/r", "--namespace-labels", "a"], /"a" is no label/],
  [
    ["up", "shop", "chart", "--pr", "1", "--repository", "o/r", "--allow-traffic-from", "No!"],
    /"No!" can't be the name of a namespace/,
  ],
  [["down", "shop"], /The preview has no pull request/],
  [["sweep"], /The preview has no repository/],
];
test.each(mistakes)("slipway preview %j says what is wrong", async (words, message) => {
  const { code, err } = await commandLine(["preview", ...words]);
  expect(code).toBe(1);
  expect(err).toMatch(message);
});

test("a preview by hand: up, again, down", async () => {
  const place = ["--repository", "git.example/o/r", "--pr", "5"];
  const first = await cluster.slipway("preview", "up", "shop", chart, ...place, "--set", "tag=1", "-o", "json");
  expect(JSON.parse(first.out)).toMatchObject({
    preview: "up",
    namespace: "pr-5-shop",
    status: "deployed",
    revision: 1,
  });
  const second = await cluster.slipway("preview", "up", "shop", chart, ...place, "--set", "tag=2", "--ttl", "1ms");
  expect(second).toMatchObject({ code: 0, err: "" });
  expect(second.out).toMatch(/The preview is up in namespace pr-5-shop until 20\S+ \d\d:\d\d UTC\n/);
  const planned = await cluster.slipway("preview", "sweep", "--repository", "git.example/o/r", "--dry-run");
  expect(planned.out).toMatch(/pr-5-shop \(git.example\/o\/r#5 shop\) would be removed: its time passed at/);
  const down = await cluster.slipway("preview", "down", "shop", ...place);
  expect(down).toMatchObject({
    code: 0,
    out: expect.stringContaining("The preview is gone, with its namespace pr-5-shop"),
  });
  expect((await cluster.slipway("preview", "down", "shop", ...place)).out).toBe("There is no such preview.\n");
});

test.each([
  ["o/r", "github.com/o/r"],
  ["git.example/o/r", "git.example/o/r"],
  ["git.example:8443/group/sub/r", "git.example:8443/group/sub/r"],
  ["group/sub/r", "github.com/group/sub/r"],
  ["some.one/r", "github.com/some.one/r"],
])("the repository %s is %s", async (given, repository) => {
  const place = ["--repository", given, "--pr", "7", "-n", "named"];
  const up = await cluster.slipway("preview", "up", "shop", chart, ...place);
  expect(up).toMatchObject({ code: 0, err: "" });
  const namespace = await cluster.kube.get({ apiVersion: "v1", kind: "Namespace", name: "named" });
  expect(namespace?.metadata.annotations).toMatchObject({ "slipway.dev/preview-owner": `${repository}#7 shop` });
  expect((await cluster.slipway("preview", "down", "shop", ...place)).out).toContain("is gone");
});

test("two repositories with the same pull request share nothing, and a sweep of one leaves the other's", async () => {
  const up = (repository: string) =>
    cluster.slipway("preview", "up", "shop", chart, "--repository", repository, "--pr", "6", "-o", "json");
  const [one, other] = [JSON.parse((await up("o/one")).out), JSON.parse((await up("o/other")).out)];
  expect([one.namespace, other.namespace]).toEqual(["pr-6-shop", expect.stringMatching(/^pr-6-shop-[0-9a-f]{8}$/)]);
  const swept = await cluster.slipway("preview", "sweep", "--repository", "o/one", "--closed", "6", "-o", "json");
  expect(JSON.parse(swept.out)).toEqual([
    {
      namespace: "pr-6-shop",
      preview: "github.com/o/one#6 shop",
      outcome: "removed",
      why: "its pull request is closed",
    },
  ]);
  expect(await cluster.kube.get({ apiVersion: "v1", kind: "Namespace", name: other.namespace })).toBeDefined();
});
