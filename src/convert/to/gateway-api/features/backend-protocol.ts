import { sayOfFastCgi } from "../../nginx/fastcgi.ts";
import type { IngressParts } from "../parts.ts";

/** How the pods are spoken to is said at their Service here. */
export function backendProtocolParts(parts: IngressParts): void {
  const name = "backend-protocol";
  parts.done(name);
  const { protocol } = parts.nginx.settings.transport;
  if (!parts.has(name) || protocol === "HTTP" || protocol === "AUTO_HTTP") return;
  if (protocol === "GRPC")
    parts.say(
      name,
      "the pods are spoken to by HTTP/1.1 until the Service's port says appProtocol: kubernetes.io/h2c",
      {},
      "Write appProtocol: kubernetes.io/h2c at the port of the Service.",
    );
  else if (protocol === "FCGI") sayOfFastCgi(parts);
  else
    parts.say(
      name,
      "the pods are spoken to without TLS until a BackendTLSPolicy says which certificate they have",
      {},
      "Write a BackendTLSPolicy with the CA of the pods' certificates, and their name.",
    );
}
