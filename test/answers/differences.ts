import type { ControllerName } from "../../src/compile/controllers.ts";

const TRIES = "time-outs and tries again are the proxy's: functions know no clock and no pods";
const ANSWERS = "what a backend does, or fails to do, is for sockets to show";
const PROTOCOL = "whether a pod speaks the protocol is known once it is asked";

/** Sets that functions cannot answer as the controller did, by name, with the reason. */
export const DIFFERENCES: { readonly [Name in ControllerName]?: ReadonlyMap<string, string> } = {
  contour: new Map([
    ["ing-retries", TRIES],
    ["hp-retries", TRIES],
    ["svc-upstream-protocol", PROTOCOL],
    ["hp-upstream-tls", PROTOCOL],
    ["hp-ratelimit-local", "the recording waited for a second, and functions know no clock"],
    ["hp-tcpproxy-terminate", "bytes are joined as they come, and functions read them as a request"],
    ["opt-external-name", "ExternalNames have no pods, and a name is looked up when it is asked"],
  ]),
  "gateway-api": new Map([
    ["retry", ANSWERS],
    ["own-5xx", ANSWERS],
    ["backend-tls", "the pods' certificates are not among the objects"],
  ]),
  "traefik-nginx": new Map([
    ["service-ports", "only a socket shows which port of an ExternalName is asked"],
    ["refused", "that the pod refuses connections shows in a socket alone"],
  ]),
};
