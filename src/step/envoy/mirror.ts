import type { Mirror } from "../../model/route/rewrites.ts";
import type { Backend } from "../../model/route.ts";
import { pathUpstream } from "../action/path-upstream.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";

/** A copy of requests to another Service, after what changes them (`request_mirror_policies`, Traefik's `mirroring`). */
export interface EnvoyMirrorStep {
  readonly kind: "envoy-mirror";
  readonly to: Backend;
  /** Of a hundred requests. */
  readonly percent: number;
  /** Where the copy's host differs from the client's: the value of `envoy-host`. */
  readonly host?: string | undefined;
  /** Its host gets `-shadow`, before a port. default: it does not */
  readonly shadow?: true | undefined;
  /** default: sent */
  readonly body?: Mirror["body"] | undefined;
}

export function copyByEnvoy(at: Arrival, step: EnvoyMirrorStep): Change | undefined {
  const { to, percent, host, shadow, body = "sent" } = step;
  const { request } = at;
  if (request.chance * 100 >= percent) return undefined;
  const path = pathUpstream(at);
  const named = host ?? request.authority ?? request.host;
  const made = shadow === true ? shadowOf(named) : named;
  return { mirrors: [{ scheme: "http", to, path, host: made, body, told: "as the backend" }] };
}

/** `app.test-shadow:8080` */
function shadowOf(host: string): string {
  return host.replace(/^(.*?)(:\d+)?$/s, "$1-shadow$2");
}
