import { askRecordedSets } from "./ask-sets.ts";

const FAILS = "these pods do not fail on demand";
const TLS_PODS = "the laboratory's pods spoke TLS on other ports";
const CLOSED = "a handshake that production refuses is answered";

/** Sets that are answered otherwise through sockets, by name, with the reason. */
const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ["headers", "a header that the pod names in Connection is passed on"],
  ["ing-retries", FAILS],
  ["hp-retries", FAILS],
  ["hp-ratelimit-local", "the recording waited for a second before one of its questions"],
  ["hp-dynamic-values", "%VERSION% and the TLS version are not known"],
  ["hp-headers", "the recording kept the last line of a repeated header"],
  ["hp-tls", "the answer to an upgrade says a type"],
  ["hp-upstream-tls", TLS_PODS],
  ["svc-upstream-protocol", TLS_PODS],
  ["svc-max-pending", "one of its questions is several at once"],
  ["opt-external-name", "the laboratory's ExternalNames led to addresses of its own"],
  ["ing-tls-versions", CLOSED],
  ["mix-tls-both", CLOSED],
]);

askRecordedSets("contour", DIFFERENCES);
