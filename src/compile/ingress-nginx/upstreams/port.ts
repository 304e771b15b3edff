import type { Ingress, IngressBackend } from "../../../model/resource.ts";
import type { Backend } from "../../../model/route.ts";
import { upstreamNameOf } from "../../../request/variables/readers.ts";
import { type Ask, query } from "../../query.ts";
import { backendOf } from "../../route.ts";
import { backendAt, portKey } from "../../shared/service-port.ts";

/** A Service port with the controller's name for its upstream. */
export interface UpstreamPort {
  readonly backend: Backend;
  /** Two Service ports may have one name: `a-b` with `c`, and `a` with `b-c`. */
  readonly upstream: string;
}

/** By the key that `portKey` makes. */
const UPSTREAM_PORT = query<string, UpstreamPort>("upstream of a Service port", (key) => {
  const backend = backendAt(key);
  return { backend, upstream: upstreamNameOf(backend) };
});

export function upstreamPort(backend: Backend, ask: Ask): UpstreamPort {
  return ask.for(UPSTREAM_PORT, portKey(backend));
}

/** The Service port that an Ingress writes; `undefined` for no backend and for a `resource`. */
export function namedPort(
  ingress: Ingress,
  written: IngressBackend | undefined,
  ask: Ask,
): UpstreamPort | undefined {
  const backend = backendOf(ingress, written);
  return backend && upstreamPort(backend, ask);
}
