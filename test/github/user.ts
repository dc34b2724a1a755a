export type FakeUser = { login: string; type: string };

/** A user with all that GitHub tells of one. */
export function wholeUser({ login, type }: FakeUser) {
  const api = `https://api.github.example/users/${encodeURIComponent(login)}`;
  return {
    login,
    type,
    id: 1,
    node_id: "MDQ6VXNlcjE=",
    avatar_url: "https://avatars.github.example/1",
    gravatar_id: "",
    url: api,
    html_url: `https://github.example/${encodeURIComponent(login)}`,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    site_admin: false,
  };
}

/** Who a workflow's token is. */
export const bot: FakeUser = { login: "github-actions[bot]", type: "Bot" };
