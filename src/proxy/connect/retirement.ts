import type { Upstream } from "../../model/upstream.ts";

/** Whether nothing new is to be sent to an upstream. */
export function isRetired({ connection }: Upstream): boolean {
  return connection.kind === "stream" && connection.retired?.aborted === true;
}

/** Calls back when an upstream retires, which most never do. */
export function whenRetired({ connection }: Upstream, then: () => void): void {
  if (connection.kind !== "stream") return;
  connection.retired?.addEventListener("abort", then, { once: true });
}
