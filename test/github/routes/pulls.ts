import { notFound, type Route, type World } from "../route.ts";
import { sampleOf } from "../sample.ts";

export type FakePull = { number: number; state: "open" | "closed"; sha: string };

/** Pull requests of the repository, as a test says they are. */
export function pullArea(_world: World) {
  const pulls = new Map<number, FakePull>();

  function whole({ number, state, sha }: FakePull) {
    const { head, ...rest } = sampleOf("pull-request") as { head: object };
    return { ...rest, number, state, head: { ...head, sha } };
  }

  const routes: Route[] = [
    {
      at: "GET /repos/{owner}/{repo}/pulls/{pull_number}",
      answer({ params }) {
        const pull = pulls.get(Number(params["pull_number"]));
        return pull === undefined ? notFound : { status: 200, body: whole(pull) };
      },
    },
  ];
  return { pulls, routes };
}
