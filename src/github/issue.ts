import { isJsonObject, numberAt, stringAt } from "../base/json-path.ts";
import type { GithubClient } from "./client.ts";

/** What an issue says. The marker begins its text, tells it from all others and is seen by nobody. */
export type IssueText = { marker: string; title: string; text: string };

/** What became of an issue; `address` is its page. */
export type IssueChange = { done: "opened" | "reopened" | "updated" | "unchanged" | "closed"; address: string };

/** The issues of one repository that are kept by markers: at most one for each. Fails with GITHUB_REQUEST_FAILED. */
export type IssueKeeper = {
  /** Opens the marker's issue, or writes it anew, also one that was closed. */
  keep(issue: IssueText): Promise<IssueChange>;
  /** Closes it with a last word in front; nothing where none is open. */
  close(issue: IssueText): Promise<IssueChange | undefined>;
};

type Issue = { number: number; isOpen: boolean; title: string; body: string; address: string };

/** Who may have written an issue that is ours to change: anybody could write the marker. */
const trusted: ReadonlySet<string | undefined> = new Set(["OWNER", "MEMBER", "COLLABORATOR"]);

/** `label` marks the issues, so that those that are closed are found again; GitHub makes it where it is missing. */
export function issueKeeper(client: GithubClient, repository: string, label: string): IssueKeeper {
  const path = `/repos/${repository}/issues`;
  let known: Promise<Issue[]> | undefined;

  /** Those that are open, and of those with the label also the closed ones; oldest first. */
  async function list(): Promise<Issue[]> {
    const [open, labelled] = await Promise.all([
      client.list(`${path}?state=open`),
      client.list(`${path}?state=all&labels=${encodeURIComponent(label)}`),
    ]);
    const issues = [...open, ...labelled].filter(isOurs).flatMap((value) => asIssue(value) ?? []);
    return [...new Map(issues.map((issue) => [issue.number, issue])).values()].sort((a, b) => a.number - b.number);
  }

  async function find(marker: string, isFresh = false): Promise<Issue[]> {
    if (isFresh || known === undefined) known = list();
    return (await known).filter(({ body }) => body.startsWith(marker));
  }

  async function patch({ number, address }: Issue, body: Record<string, unknown>): Promise<string> {
    const answer = await client.request("PATCH", `${path}/${number}`, body);
    return stringAt(answer, "html_url") ?? address;
  }

  /** Another run may have opened one at the same time, or the answer to ours was lost: the oldest stays. */
  async function open({ marker, title, text }: IssueText): Promise<IssueChange> {
    const body = `${marker}\n${text}`;
    let failure: unknown;
    const created = await client.request("POST", path, { title, body, labels: [label] }).catch((error: unknown) => {
      failure = error;
    });
    const [first = asIssue(created), ...others] = (await find(marker, true)).filter(({ isOpen }) => isOpen);
    if (first === undefined) throw failure;
    for (const other of others) await patch(other, { state: "closed", state_reason: "not_planned" });
    if (first.body !== body) await patch(first, { title, body });
    return { done: "opened", address: first.address };
  }

  return {
    async keep(issue) {
      const { marker, title, text } = issue;
      const body = `${marker}\n${text}`;
      const present = await find(marker);
      const kept = present.find(({ isOpen }) => isOpen) ?? present.at(-1);
      if (kept === undefined) return await open(issue);
      const isSame = kept.isOpen && kept.title === title && withoutRun(kept.body) === withoutRun(body);
      if (isSame) return { done: "unchanged", address: kept.address };
      const address = await patch(kept, { title, body, ...(kept.isOpen ? {} : { state: "open" }) });
      return { done: kept.isOpen ? "updated" : "reopened", address };
    },

    async close({ marker, title, text }) {
      const present = (await find(marker)).filter(({ isOpen }) => isOpen);
      const body = `${marker}\n${text}`;
      let address: string | undefined;
      for (const issue of present) {
        const closed = await patch(issue, { title, body, state: "closed", state_reason: "completed" });
        address ??= closed;
      }
      return address === undefined ? undefined : { done: "closed", address };
    },
  };
}

// That another run told it is no news.
function withoutRun(body: string): string {
  return body.replace(/\/actions\/runs\/\d+/g, "");
}

function isOurs(value: unknown): boolean {
  const isPullRequest = isJsonObject(value) && Object.hasOwn(value, "pull_request");
  const isTrusted = stringAt(value, "user", "type") === "Bot" || trusted.has(stringAt(value, "author_association"));
  return !isPullRequest && isTrusted;
}

function asIssue(value: unknown): Issue | undefined {
  const number = numberAt(value, "number");
  if (number === undefined) return undefined;
  return {
    number,
    isOpen: stringAt(value, "state") === "open",
    title: stringAt(value, "title") ?? "",
    body: stringAt(value, "body") ?? "",
    address: stringAt(value, "html_url") ?? "",
  };
}
