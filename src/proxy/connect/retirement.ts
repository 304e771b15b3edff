import type { Upstream } from "../../model/upstream.ts";

/** True if the upstream gets no new requests. */
export function isRetired({ connection }: Upstream): boolean {
  return connection.kind === "stream" && connection.retired?.aborted === true;
}

export function whenRetired({ connection }: Upstream, then: () => void): void {
  if (connection.kind !== "stream") return;
  connection.retired?.addEventListener("abort", then, { once: true });
}
