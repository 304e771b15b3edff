import { SENT_EMPTY } from "../../model/empty-value.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";
import { withNginxVariables } from "./nginx/nginx-variables.ts";

/** `upstream-vhost`: the Host header for the Service. */
export interface SentHostStep {
  readonly kind: "sent-host";
  readonly host: string;
}

export function sendHost(at: Arrival, { host }: SentHostStep): Change {
  const sent = withNginxVariables(host, at, "ingress");
  return { requestHeaders: [["Host", HOST.test(sent) ? sent : SENT_EMPTY]] };
}

/** net/http sends no other (httpguts.ValidHostHeader). */
const HOST = /^[A-Za-z0-9!$%&'()*+,\-.:;=@[\]_~]+$/;
