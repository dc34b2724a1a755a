import { invalid, notFound, type Route, type World } from "../route.ts";
import { bot, type FakeUser, wholeUser } from "../user.ts";

export type FakeComment = {
  id: number;
  /** Of the issue or pull request. */
  number: number;
  body: string;
  html_url: string;
  user: FakeUser;
  author_association: string;
  created_at: string;
  updated_at: string;
};

const longestBody = 65_536;
const list = "/repos/{owner}/{repo}/issues/{issue_number}/comments";
const one = "/repos/{owner}/{repo}/issues/comments/{comment_id}";

/** Comments on issues and pull requests. */
export function commentArea(world: World) {
  const comments: FakeComment[] = [];

  function add(
    body: string,
    { user = bot, author_association = "NONE" }: Partial<Pick<FakeComment, "user" | "author_association">> = {},
    number = 7,
  ): FakeComment {
    const id = world.nextId();
    const at = world.now();
    const html_url = `https://github.example/${world.repository}/pull/${number}#issuecomment-${id}`;
    const comment = { id, number, body, html_url, user, author_association, created_at: at, updated_at: at };
    comments.push(comment);
    return comment;
  }

  function whole({ number, user, ...comment }: FakeComment) {
    const api = `${world.apiUrl()}/repos/${world.repository}/issues`;
    return {
      ...comment,
      node_id: `IC_${comment.id}`,
      url: `${api}/comments/${comment.id}`,
      issue_url: `${api}/${number}`,
      user: wholeUser(user),
      performed_via_github_app: null,
    };
  }

  const isTooLong = (body: unknown) => String(body).length > longestBody;
  const find = (id: string | undefined) => comments.find((comment) => comment.id === Number(id));

  const routes: Route[] = [
    {
      at: `GET ${list}`,
      answer: ({ params }) => ({
        status: 200,
        body: comments.filter(({ number }) => number === Number(params["issue_number"])).map(whole),
      }),
    },
    {
      at: `POST ${list}`,
      answer: ({ params, body }) =>
        isTooLong(body["body"])
          ? invalid("body is too long")
          : { status: 201, body: whole(add(String(body["body"]), {}, Number(params["issue_number"]))) },
    },
    {
      at: `PATCH ${one}`,
      answer({ params, body }) {
        const comment = find(params["comment_id"]);
        if (comment === undefined) return notFound;
        if (isTooLong(body["body"])) return invalid("body is too long");
        Object.assign(comment, { body: String(body["body"]), updated_at: world.now() });
        return { status: 200, body: whole(comment) };
      },
    },
    {
      at: `DELETE ${one}`,
      answer({ params }) {
        const comment = find(params["comment_id"]);
        if (comment === undefined) return notFound;
        comments.splice(comments.indexOf(comment), 1);
        return { status: 204 };
      },
    },
  ];
  return { comments, add, routes };
}
