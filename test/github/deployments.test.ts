import { afterEach, beforeEach, expect, test } from "vitest";
import { type GithubClient, githubClient } from "../../src/github/client.ts";
import {
  createDeployment,
  type Environment,
  retireDeployments,
  setDeploymentStatus,
} from "../../src/github/deployments.ts";
import { readPullRequest } from "../../src/github/pull-requests.ts";
import { FakeGithub } from "./fake-github.ts";
import { forbidden } from "./faults.ts";

let github: FakeGithub;
let client: GithubClient;
beforeEach(async () => {
  github = new FakeGithub();
  await github.start();
  github.mostPerPage = 100;
  client = githubClient({ url: github.url, token: "token" }, { env: {} });
});
afterEach(() => github.close());

const repository = "o/r";
const preview: Environment = { repository, name: "pr-7-shop", isTransient: true };
const production: Environment = { repository, name: "production", isTransient: false };

async function deployTo(environment: Environment, commit = "0123abc"): Promise<number> {
  const id = await createDeployment(client, environment, { commit, description: "by octocat" });
  await setDeploymentStatus(client, repository, id, { state: "in_progress" });
  await setDeploymentStatus(client, repository, id, { state: "success", environmentUrl: "https://a.example" });
  return id;
}

const states = () => github.deployments.map(({ statuses }) => statuses.map(({ state }) => state).join(" "));

test("a deployment tells what it is of, and how it goes", async () => {
  const id = await deployTo(preview, "abcdef0");
  expect(github.deployments).toMatchObject([
    { id, ref: "abcdef0", environment: "pr-7-shop", isTransient: true, description: "by octocat" },
  ]);
  expect(github.deployments[0]?.statuses.at(-1)).toMatchObject({
    state: "success",
    environment_url: "https://a.example",
  });
  expect(github.asked[0]?.body).toMatchObject({ required_contexts: [], auto_merge: false });
});

test("what GitHub would refuse for its length is cut", async () => {
  const id = await createDeployment(
    client,
    { ...preview, name: "n".repeat(300) },
    { commit: "a", description: "é".repeat(200) },
  );
  await setDeploymentStatus(client, repository, id, { state: "failure", description: "x".repeat(200) });
  const [deployment] = github.deployments;
  expect([...(deployment?.description ?? "")]).toHaveLength(140);
  expect(deployment?.environment).toHaveLength(255);
  expect(deployment?.statuses[0]?.description).toHaveLength(140);
});

test("earlier deployments of a transient environment are retired, once", async () => {
  await deployTo(preview);
  await deployTo({ ...preview, name: "pr-8-shop" });
  const second = await deployTo(preview);
  await retireDeployments(client, preview, { except: second });
  const third = await deployTo(preview);
  github.asked.length = 0;
  await retireDeployments(client, preview, { except: third });
  expect(states()).toEqual([
    "in_progress success inactive",
    "in_progress success",
    "in_progress success inactive",
    "in_progress success",
  ]);
  // The list, two looks, one status: it stops where the rest is known to be retired.
  expect(github.asked).toHaveLength(4);
  await retireDeployments(client, preview);
  expect(states().filter((state) => state.endsWith("inactive"))).toHaveLength(3);
});

test("those of an environment that stays are retired by GitHub", async () => {
  await deployTo(production);
  await deployTo(production);
  expect(states()).toEqual(["in_progress success inactive", "in_progress success"]);
});

test("a deployment that failed stays failed", async () => {
  const id = await createDeployment(client, preview, { commit: "a", description: "" });
  await setDeploymentStatus(client, repository, id, { state: "failure" });
  await retireDeployments(client, preview);
  expect(states()).toEqual(["failure"]);
});

test("what GitHub refuses is told", async () => {
  github.fault = () => forbidden;
  await expect(deployTo(preview)).rejects.toMatchObject({ code: "GITHUB_REQUEST_FAILED" });
});

test("a pull request is as it is now", async () => {
  github.pulls.set(7, { number: 7, state: "closed", sha: "abc" });
  expect(await readPullRequest(client, { repository, number: 7 })).toEqual({ isOpen: false, commit: "abc" });
  await expect(readPullRequest(client, { repository, number: 8 })).rejects.toThrow("with 404");
});
