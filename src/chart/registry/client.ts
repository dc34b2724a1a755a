import type { ChartHome } from "../home.ts";
import type { Access } from "../remote/access.ts";
import { type Answer, createFetcher, type FetchRequest, type Network } from "../remote/fetcher.ts";
import { createAuthorizer } from "./authorizer.ts";
import { credentialFor } from "./credentials.ts";
import type { OciReference } from "./reference.ts";

export type Registry = {
  /** Asks for a path under `/v2/`, or for an address that the registry gave. */
  ask(request: RegistryRequest): Promise<Answer>;
};

export type RegistryRequest = Omit<FetchRequest, "url"> & { path: string | URL; scope: string };

export type RegistryOptions = { access: Access; home: ChartHome; network: Network };

/** A token may be over by the time that it is used. */
const mostLogins = 2;

/** A registry by the distribution API. Credentials are looked for only when it asks for them. */
export function openRegistry(host: string, { access, home, network }: RegistryOptions): Registry {
  const isPlainHttp = access.plainHttp === true;
  const address = host === "docker.io" ? "registry-1.docker.io" : host;
  const base = new URL(`${isPlainHttp ? "http" : "https"}://${address}/v2/`);
  const fetcher = createFetcher(access, network);
  let credential: ReturnType<typeof credentialFor> | undefined;
  const authorizer = createAuthorizer({
    fetcher,
    isPlainHttp,
    credential: () => {
      credential ??= credentialFor(host, access, home, network.env);
      return credential;
    },
  });

  return {
    async ask({ path, scope, ...request }) {
      const url = path instanceof URL ? path : new URL(path, base);
      const send = (): Promise<Answer> => {
        const own = url.origin === base.origin ? authorizer.headers(scope) : {};
        return fetcher({ ...request, url, headers: { ...request.headers, ...own } });
      };
      let answer = await send();
      for (let logins = 0; logins < mostLogins && answer.status === 401 && url.origin === base.origin; logins++) {
        if (!(await authorizer.learn(answer, scope))) break;
        answer = await send();
      }
      return answer;
    },
  };
}

export function pullScope({ repository }: OciReference): string {
  return `repository:${repository}:pull`;
}

export function pushScope({ repository }: OciReference): string {
  return `repository:${repository}:pull,push`;
}
