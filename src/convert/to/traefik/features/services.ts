import type { MadeFields } from "../../made.ts";
import { sayOfFastCgi } from "../../nginx/fastcgi.ts";
import { AFFINITY } from "../../nginx/groups.ts";
import { sessionDifference } from "../../nginx/sessions.ts";
import { type TraefikParts, traefikObject } from "../parts.ts";

/** How Services are asked: bodies, protocols, sessions, pages of errors. */
export function serviceFeatures(parts: TraefikParts): void {
  const { settings } = parts.nginx;
  if (parts.has("proxy-body-size")) {
    parts.done("proxy-body-size");
    const { bodyLimit } = settings.transport;
    if (bodyLimit > 0)
      parts.chain.push(
        parts.middleware("body-size", {
          buffering: { maxRequestBodyBytes: parts.of("proxy-body-size", bodyLimit) },
        }),
      );
  }
  protocolFeature(parts);
  sessionFeature(parts);
  const pages = settings.location.errorPages;
  const backend = pages?.defaultBackend;
  if (pages === undefined || backend === undefined || !parts.has("custom-http-errors")) return;
  parts.done("custom-http-errors", "default-backend");
  const errors = {
    status: parts.of("custom-http-errors", pages.codes.map(String)),
    service: {
      name: backend.service,
      port: "number" in backend.port ? backend.port.number : backend.port.name,
    },
    query: "/",
  };
  parts.chain.unshift(parts.middleware("errors", { errors }));
  parts.say(
    "custom-http-errors",
    "the Service of error pages is asked for / without the query, by GET, and is told nothing of the error",
    { aspects: ["settings", "kind", "status", "service", "path"], requestHeaders: ERROR_HEADERS },
  );
  parts.say("default-backend", "it answers errors alone: a Service without pods is answered 503", {
    aspects: "answer",
  });
}

const ERROR_HEADERS = [
  "x-code",
  "x-format",
  "x-namespace",
  "x-ingress-name",
  "x-service-name",
  "x-service-port",
];

/** `scheme` of the Service, and a ServersTransport for what TLS has to know. */
function protocolFeature(parts: TraefikParts): void {
  const { protocol, tls } = parts.nginx.settings.transport;
  sayOfFastCgi(parts);
  const scheme = SCHEMES.get(protocol);
  if (scheme === undefined) return;
  parts.done("backend-protocol");
  parts.service.scheme = parts.of("backend-protocol", scheme);
  if (scheme !== "https") return;
  const secret = (parts.text("proxy-ssl-secret") ?? "").split("/").at(-1) ?? "";
  const isVerified = secret !== "" && parts.text("proxy-ssl-verify") === "on";
  parts.done("proxy-ssl-secret", "proxy-ssl-verify");
  const spec: MadeFields = {
    serverName:
      tls?.name === undefined || !parts.has("proxy-ssl-name")
        ? undefined
        : parts.of("proxy-ssl-name", tls.name),
    insecureSkipVerify: isVerified ? undefined : true,
    // The Secret has both, as nginx reads it.
    rootCAs: isVerified ? [{ secret }] : undefined,
    certificatesSecrets: secret === "" ? undefined : [parts.of("proxy-ssl-secret", secret)],
  };
  const name = `${parts.ingress.metadata.name}-tls`;
  parts.objects.push(traefikObject("ServersTransport", parts.ingress, name, spec));
  parts.service.serversTransport = name;
  parts.done("proxy-ssl-name", "proxy-ssl-server-name");
}

const SCHEMES: ReadonlyMap<string, string> = new Map([
  ["HTTPS", "https"],
  ["GRPC", "h2c"],
  ["GRPCS", "https"],
]);

function sessionFeature(parts: TraefikParts): void {
  if (parts.text("affinity") !== "cookie") return;
  const { annotations } = parts.nginx;
  parts.done(...AFFINITY);
  const text = (name: string) => (parts.has(name) ? parts.of(name, parts.text(name) ?? "") : undefined);
  const maxAge = annotations.integer("session-cookie-max-age");
  const sameSite = parts.text("session-cookie-samesite")?.toLowerCase();
  parts.service.sticky = parts.of("affinity", {
    cookie: {
      name: text("session-cookie-name") ?? "INGRESSCOOKIE",
      path: text("session-cookie-path") ?? "/",
      domain: text("session-cookie-domain"),
      maxAge: maxAge === undefined ? undefined : Math.min(maxAge, MOST_SECONDS),
      httpOnly: true,
      secure: annotations.boolean("session-cookie-secure") === true ? true : undefined,
      sameSite: sameSite === undefined ? undefined : parts.of("session-cookie-samesite", sameSite),
    },
  });
  parts.say(
    "affinity",
    "the session cookie has another value: every session begins anew",
    sessionDifference(parts),
  );
  for (const name of NO_PART_OF_STICKY)
    parts.say(name, "Traefik's cookie does without it", sessionDifference(parts));
}

/** A larger number is written as a fraction, which the API server takes for none. */
const MOST_SECONDS = 2_147_483_647;

const NO_PART_OF_STICKY: readonly (typeof AFFINITY)[number][] = [
  "affinity-mode",
  "affinity-canary-behavior",
  "session-cookie-expires",
  "session-cookie-conditional-samesite-none",
  "session-cookie-change-on-failure",
];
