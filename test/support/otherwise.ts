/** Differences from the cluster for each honoured annotation, for the documentation. */
export const OTHERWISE: ReadonlyMap<string, string> = new Map([
  ["affinity", "which pod a session stays with agrees with the cluster only where the names of endpoints do"],
  [
    "auth-tls-secret",
    "a Secret that cannot be used closes the host with 403, as there; nothing is resumed from a TLS session",
  ],
  [
    "backend-protocol",
    "gRPC: `grpc-timeout` is passed on and not enforced, and a client's own trailers are not forwarded; FastCGI: no `Proxy` header, and the echo service is asked by HTTP",
  ],
  [
    "canary",
    "as there it belongs to the Service port of the path that it matches, so every other path with that port has it as well",
  ],
  [
    "client-body-buffer-size",
    "bodies go to the backend as they come; `proxy-request-buffering` reads them first",
  ],
  [
    "cors-allow-origin",
    "a list that is refused allows every origin, as there; a 413 for an announced length has no CORS headers, as there: browsers report that as a CORS error",
  ],
  [
    "custom-http-errors",
    "an error backend is asked by HTTP/1.1; gRPC and FastCGI backends keep their own statuses",
  ],
  [
    "enable-access-log",
    '`"false"`: `-o text` leaves the request out; the dashboard and `-o json` have it (`logged: false`)',
  ],
  ["load-balance", "with `ewma` endpoints take turns, since latencies here say nothing of those there"],
  [
    "mirror-request-body",
    "off: the length is left out; the cluster announces one without sending the body. Bodies over 1 MiB are not copied",
  ],
  ["proxy-buffering", "`on` is not honoured: responses stream"],
  ["proxy-http-version", "`1.0` is not honoured"],
  [
    "proxy-next-upstream",
    "a body over 1 MiB is not sent again; the pods of a gRPC or FastCGI backend are asked once each, where nginx would go on",
  ],
  [
    "proxy-request-buffering",
    "`on` reads up to 1 MiB before the backend is asked; where nothing is said, bodies go on as they come",
  ],
  [
    "proxy-ssl-verify",
    "without `proxy-ssl-name` the name checked is `upstream_balancer`, as there, and so it fails",
  ],
  ["service-upstream", "one upstream, each of whose connections goes to the next pod"],
  [
    "ssl-passthrough",
    "a Service that speaks no TLS here (echo, a `--map` to http) gets the requests behind our certificate instead",
  ],
  [
    "upstream-hash-by",
    "which pod a key leads to agrees with the cluster only where the names of endpoints do",
  ],
]);
