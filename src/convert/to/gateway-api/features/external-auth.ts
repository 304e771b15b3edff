import { EXTERNAL_AUTH } from "../../nginx/groups.ts";
import { isOf } from "../../nginx/lost.ts";
import { serviceGrant } from "../grants.ts";
import type { IngressParts } from "../parts.ts";
import { closed } from "./security.ts";

/** Converted, or said by themselves. */
const OF_THEIR_OWN: readonly string[] = ["auth-url", "auth-signin", "auth-response-headers"];

const SECURITY_POLICY = { group: "gateway.envoyproxy.io", kind: "SecurityPolicy" };

/** A Service by its name in the cluster: `http://auth.tools.svc.cluster.local:8080/verify`. */
const SERVICE_URL = /^http:\/\/([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.cluster\.local)?(?::(\d+))?(\/[^?#$]*)?$/;

/** `auth-url` as `extAuth` of a SecurityPolicy. */
export function externalAuthParts(parts: IngressParts): void {
  const { external } = parts.nginx.settings.location.guards ?? {};
  if (external === undefined) return;
  parts.done(...EXTERNAL_AUTH);
  const [, service, namespace = "", port = "80", path = "/"] = SERVICE_URL.exec(external.url.source) ?? [];
  if (service === undefined) {
    closed(
      parts,
      "auth-url",
      "only a Service of the cluster is asked, by its whole name and without variables",
    );
    return;
  }
  if (
    !parts.snapshot.services.some(
      ({ metadata }) => metadata.name === service && metadata.namespace === namespace,
    )
  )
    parts.presumed.push({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: service, namespace },
      spec: { ports: [{ port: Number(port) }] },
    });
  const isOther = namespace !== parts.namespace;
  if (isOther) parts.objects.push(serviceGrant(parts, { namespace, name: service }, SECURITY_POLICY, "auth"));
  const { responseHeaders } = external;
  parts.security.extAuth = parts.of("auth-url", {
    http: {
      backendRefs: [{ name: service, namespace: isOther ? namespace : undefined, port: Number(port) }],
      path: path === "/" ? undefined : path,
      headersToBackend:
        responseHeaders.length === 0 ? undefined : parts.of("auth-response-headers", responseHeaders),
    },
  });
  const explains = (difference: Parameters<typeof isOf>[1]) =>
    isOf(parts.ingress, difference)
      ? {
          aspects: isAnswered(difference)
            ? ("answer" as const)
            : (["guards", "request headers", "response headers"] as const),
        }
      : undefined;
  parts.say(
    "auth-url",
    `the service is asked at ${path === "/" ? "" : path} and the path of the request, and its whole answer goes to the client where it is not 200`,
    explains,
    "Let the service answer below that path.",
  );
  parts.say(
    "auth-signin",
    "the client gets the service's own answer in place of a redirect to sign in",
    explains,
    "Let the service redirect.",
  );
  for (const name of EXTERNAL_AUTH.filter((each) => !OF_THEIR_OWN.includes(each)))
    parts.say(name, "Envoy asks the service without it", explains);
}

/** By the service, or by the way to sign in. */
function isAnswered({ first: { why } }: Parameters<typeof isOf>[1]): boolean {
  return why[0]?.code === "auth-signin" || why[0]?.code === "auth-service";
}
