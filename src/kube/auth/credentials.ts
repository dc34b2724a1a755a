import { readMaterial } from "../config/material.ts";
import type { Connection, Credentials } from "../connection.ts";

export type Authenticate = Connection["authenticate"];

export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

export const anonymous: Authenticate = fixed({});

/** Always the same. */
export function fixed(
  credentials: Omit<Credentials, "renewable" | "headers"> & Partial<Pick<Credentials, "headers">>,
): Authenticate {
  return async () => ({ headers: {}, ...credentials, renewable: false });
}

export function withToken(token: string): Authenticate {
  return fixed({ headers: bearer(token.trim()) });
}

/** A token whose file is written anew from time to time. */
export function withTokenFile(path: string): Authenticate {
  return async () => ({ headers: bearer(readMaterial(path, "token").trim()), renewable: true });
}
