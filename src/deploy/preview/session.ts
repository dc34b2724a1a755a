import type { ReleaseDriver } from "../../release/types.ts";
import type { Session } from "../options.ts";

/** A session before it is known in which namespace it will work. */
export type PreviewSession = Omit<Session, "driver"> & { driverIn(namespace: string): ReleaseDriver };

export function sessionIn({ driverIn, ...rest }: PreviewSession, namespace: string): Session {
  return { ...rest, driver: driverIn(namespace) };
}

export function namespaceRef(name: string) {
  return { apiVersion: "v1", kind: "Namespace", name };
}
