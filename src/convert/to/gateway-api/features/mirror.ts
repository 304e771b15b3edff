import { append } from "../../../../append.ts";
import { absentService, mirrorOf, sayOfEnvoyMirror } from "../../nginx/mirrors.ts";
import { serviceGrant } from "../grants.ts";
import type { IngressParts } from "../parts.ts";

/** `mirror-target` of a Service as the filter RequestMirror. */
export function mirrorParts(parts: IngressParts): void {
  const to = mirrorOf(parts);
  if (to === undefined) return;
  const { name, namespace, port } = to;
  const isOther = namespace !== parts.namespace;
  if (isOther)
    parts.objects.push(
      serviceGrant(parts, to, { group: "gateway.networking.k8s.io", kind: "HTTPRoute" }, "mirror"),
    );
  append(parts.presumed, absentService(parts.snapshot, to));
  const backendRef = { name, namespace: isOther ? namespace : undefined, port };
  parts.filter("mirror-target", { type: "RequestMirror", requestMirror: { backendRef } });
  sayOfEnvoyMirror(parts);
}
