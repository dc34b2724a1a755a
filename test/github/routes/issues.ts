import { invalid, notFound, type Route, type World } from "../route.ts";
import { sampleOf } from "../sample.ts";
import { bot, type FakeUser, wholeUser } from "../user.ts";

export type FakeIssue = {
  number: number;
  title: string;
  body: string;
  state: "open" | "closed";
  labels: string[];
  user: FakeUser;
  author_association: string;
};

const longestBody = 65_536;
const list = "/repos/{owner}/{repo}/issues";
const one = `${list}/{issue_number}`;

/** Issues of the repository. */
export function issueArea(world: World) {
  const issues: FakeIssue[] = [];

  function add(issue: Partial<Omit<FakeIssue, "number">>): FakeIssue {
    const made: FakeIssue = {
      number: world.nextNumber(),
      title: "",
      body: "",
      state: "open",
      labels: [],
      user: bot,
      author_association: "NONE",
      ...issue,
    };
    issues.push(made);
    return made;
  }

  function whole({ user, labels, ...issue }: FakeIssue) {
    const html_url = `https://github.example/${world.repository}/issues/${issue.number}`;
    return { ...sampleOf("issue"), ...issue, html_url, user: wholeUser(user), labels };
  }

  const textOf = (value: unknown, usual: string) => (value === undefined ? usual : String(value));
  const isTooLong = (body: unknown) => String(body ?? "").length > longestBody;
  const routes: Route[] = [
    {
      at: `GET ${list}`,
      answer({ query }) {
        const state = query.get("state") ?? "open";
        const labels = (query.get("labels") ?? "").split(",").filter((label) => label !== "");
        const found = issues.filter(
          (issue) =>
            (state === "all" || issue.state === state) && labels.every((label) => issue.labels.includes(label)),
        );
        // The newest first, as GitHub lists them.
        return { status: 200, body: found.map(whole).reverse() };
      },
    },
    {
      at: `POST ${list}`,
      answer({ body }) {
        if (isTooLong(body["body"])) return invalid("body is too long");
        const labels = Array.isArray(body["labels"]) ? body["labels"].map(String) : [];
        const made = add({ title: textOf(body["title"], ""), body: textOf(body["body"], ""), labels });
        return { status: 201, body: whole(made) };
      },
    },
    {
      at: `PATCH ${one}`,
      answer({ params, body }) {
        const issue = issues.find(({ number }) => number === Number(params["issue_number"]));
        if (issue === undefined) return notFound;
        if (isTooLong(body["body"])) return invalid("body is too long");
        issue.title = textOf(body["title"], issue.title);
        issue.body = textOf(body["body"], issue.body);
        if (body["state"] !== undefined) issue.state = body["state"] === "closed" ? "closed" : "open";
        return { status: 200, body: whole(issue) };
      },
    },
  ];
  return { issues, add, routes };
}
