import { askRecordedSets } from "./ask-sets.ts";

const HTTP2_PODS = "the laboratory's pods of GRPCRoutes spoke HTTP/2, and these do not";
const NO_LISTENER = "nobody listens in production, and here an empty listener answers 404";

/** Sets that are answered otherwise through sockets, by name, with the reason. */
const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ["headers", "a header that the pod names in Connection is passed on"],
  ["listener-conflict", NO_LISTENER],
  ["class-unknown", NO_LISTENER],
  ["gateway-address", NO_LISTENER],
  [
    "tls-hosts",
    "a name without a certificate of its own gets the fake one, and the listener's first in production",
  ],
  ["grpc", HTTP2_PODS],
  ["grpc-and-http", HTTP2_PODS],
  ["grpc-http-tie", HTTP2_PODS],
  ["grpc-web", HTTP2_PODS],
  ["retry", "these pods do not fail on demand"],
  ["backend-tls", "the pods' certificates are not among the objects"],
  ["btp-override", "a page for a status does not stand for the proxy's own answers here"],
  ["sp-ip-allow", "the laboratory's client had another address"],
]);

askRecordedSets("gateway-api", DIFFERENCES, ",");
