import { askRecordedSets } from "./ask-sets.ts";

const HTTP2_PODS = "the laboratory's pods of GRPCRoutes spoke HTTP/2, and these do not";

/** Sets that are answered otherwise through sockets, by name, with the reason. */
const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ["headers", "a header that the pod names in Connection is passed on"],
  ["grpc", HTTP2_PODS],
  ["grpc-and-http", HTTP2_PODS],
  ["grpc-http-tie", HTTP2_PODS],
  ["grpc-web", HTTP2_PODS],
  ["retry", "these pods do not fail on demand"],
  ["backend-tls", "the pods' certificates are not among the objects"],
  ["sp-ip-allow", "the laboratory's client had another address"],
]);

askRecordedSets("gateway-api", DIFFERENCES, { joint: "," });
