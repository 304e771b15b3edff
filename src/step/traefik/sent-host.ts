import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";
import { withNginxVariables } from "./nginx-variables.ts";

/** `upstream-vhost`: the Host header for the Service. */
export interface SentHostStep {
  readonly kind: "sent-host";
  readonly host: string;
}

export function sendHost(at: Arrival, { host }: SentHostStep): Change {
  return { requestHeaders: [["Host", withNginxVariables(host, at, "ingress")]] };
}
