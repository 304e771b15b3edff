import type { Backend } from "../../../model/route.ts";
import { upstreamNameOf } from "../../../request/variables/readers.ts";
import { query } from "../../query.ts";

/** A Service port, the same object for all Ingresses that name it. */
export interface UpstreamPort {
  readonly backend: Backend;
  /** Two Service ports may have one name: `a-b` with `c`, and `a` with `b-c`. */
  readonly upstream: string;
}

/** By `portKey`. */
export const PORT = query<string, UpstreamPort>("Service port", (key) => {
  const [kind, port = "", service = "", namespace = ""] = key.split("\n");
  const backend: Backend = {
    namespace,
    service,
    port: kind === "number" ? { number: Number(port) } : { name: port },
  };
  return { backend, upstream: upstreamNameOf(backend) };
});

/** Names hold no line feed. */
export function portKey({ namespace, service, port }: Backend): string {
  const written = "number" in port ? `number\n${port.number}` : `name\n${port.name}`;
  return `${written}\n${service}\n${namespace}`;
}
