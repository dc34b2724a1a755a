import { numberAt, stringAt } from "../base/json-path.ts";
import type { GithubClient } from "./client.ts";

export type CommentPlace = {
  /** `owner/name`. */
  repository: string;
  /** Of the pull request, or the issue. */
  number: number;
  /** Begins the comment, and tells it from all others; nobody sees it. */
  marker: string;
};

/** Who may have written a comment that is ours to change. Whoever opens a pull request could write the marker, too. */
const trusted: ReadonlySet<string | undefined> = new Set(["OWNER", "MEMBER", "COLLABORATOR"]);

/** Writes the comment, or the one with the same marker anew: there is never a second one. Gives its address. */
export async function stickComment(client: GithubClient, place: CommentPlace, text: string): Promise<string> {
  const body = `${place.marker}\n${text}`;
  const [present] = await ownComments(client, place);
  if (present !== undefined) return await update(client, place, present, body);
  const created = await create(client, place, body);
  // Another run may have written one at the same time, or the answer to ours was lost: the oldest stays.
  const [first = created, ...others] = await ownComments(client, place);
  if (first === undefined) return "";
  for (const other of others) await client.request("DELETE", commentPath(place, other.id));
  return first.id === created?.id ? first.url : await update(client, place, first, body);
}

type Comment = { id: number; url: string };

async function create(client: GithubClient, place: CommentPlace, body: string): Promise<Comment | undefined> {
  try {
    return asComment(await client.request("POST", listPath(place), { body }));
  } catch (error) {
    const found = await ownComments(client, place);
    if (found.length === 0) throw error;
    return undefined;
  }
}

async function update(client: GithubClient, place: CommentPlace, { id }: Comment, body: string): Promise<string> {
  const answer = await client.request("PATCH", commentPath(place, id), { body });
  return stringAt(answer, "html_url") ?? "";
}

async function ownComments(client: GithubClient, place: CommentPlace): Promise<Comment[]> {
  const comments = await client.list(listPath(place));
  return comments
    .filter((comment) => stringAt(comment, "body")?.startsWith(place.marker) && isTrusted(comment))
    .flatMap((comment) => asComment(comment) ?? [])
    .sort((a, b) => a.id - b.id);
}

function isTrusted(comment: unknown): boolean {
  return stringAt(comment, "user", "type") === "Bot" || trusted.has(stringAt(comment, "author_association"));
}

function asComment(value: unknown): Comment | undefined {
  const id = numberAt(value, "id");
  return id === undefined ? undefined : { id, url: stringAt(value, "html_url") ?? "" };
}

function listPath({ repository, number }: CommentPlace): string {
  return `/repos/${repository}/issues/${number}/comments`;
}

function commentPath({ repository }: CommentPlace, id: number): string {
  return `/repos/${repository}/issues/comments/${id}`;
}
