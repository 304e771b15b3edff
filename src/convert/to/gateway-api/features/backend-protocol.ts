import { append } from "../../../../append.ts";
import { sayOfFastCgi } from "../../nginx/fastcgi.ts";
import { backendTlsPolicyObjects } from "../backend-tls.ts";
import type { IngressParts } from "../parts.ts";

/** How the pods are spoken to is said at their Service here. */
export function backendProtocolParts(parts: IngressParts): void {
  const name = "backend-protocol";
  parts.done(name);
  const { protocol } = parts.nginx.settings.transport;
  if (!parts.has(name) || protocol === "HTTP" || protocol === "AUTO_HTTP") return;
  // Of gRPC its routes are made.
  if (protocol === "GRPC") return;
  if (protocol === "FCGI") sayOfFastCgi(parts);
  else {
    const policies = backendTlsPolicyObjects(parts);
    if (policies !== undefined) append(parts.objects, policies);
    else
      parts.say(
        name,
        "the pods are spoken to without TLS until a BackendTLSPolicy says which certificate they have",
        {},
        "Write a BackendTLSPolicy with the CA of the pods' certificates, and their name.",
      );
  }
}
