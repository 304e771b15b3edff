import type { Ingress, IngressBackend } from "../../model/resource.ts";
import type { Backend } from "../../model/route.ts";
import { type Ask, query } from "../query.ts";
import { backendOf } from "../route.ts";

/** A Service port, the same object for all Ingresses that name it. */
export interface WrittenPort {
  readonly key: string;
  readonly backend: Backend;
}

/** By the key that `portKey` makes. */
export const WRITTEN_PORT = query<string, WrittenPort>("Service port", (key) => ({
  key,
  backend: backendAt(key),
}));

/** Names hold no line feed. */
export function portKey({ namespace, service, port }: Backend): string {
  const written = "number" in port ? `number\n${port.number}` : `name\n${port.name}`;
  return `${written}\n${service}\n${namespace}`;
}

/** What `portKey` made the key of. */
export function backendAt(key: string): Backend {
  const [kind, port = "", service = "", namespace = ""] = key.split("\n");
  return { namespace, service, port: kind === "number" ? { number: Number(port) } : { name: port } };
}

/** The Service port that an Ingress writes; `undefined` for no backend and for a `resource`. */
export function writtenPort(
  ingress: Ingress,
  written: IngressBackend | undefined,
  ask: Ask,
): WrittenPort | undefined {
  const backend = backendOf(ingress, written);
  return backend && ask.for(WRITTEN_PORT, portKey(backend));
}
