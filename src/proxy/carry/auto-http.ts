import type { Scheme } from "../../model/decision.ts";
import type { BackendProtocol } from "../../model/route/transport.ts";

/** `backend-protocol: AUTO_HTTP` for one request: `proxy_pass $scheme://…` (template.go, buildProxyPass). */
export function settledProtocol(protocol: BackendProtocol, scheme: Scheme): BackendProtocol {
  if (protocol !== "AUTO_HTTP") return protocol;
  return scheme === "https" ? "HTTPS" : "HTTP";
}
