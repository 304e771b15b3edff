import { CORS_COMPANIONS, CORS_DEFAULTS } from "../../../compile/ingress-nginx/annotations/cors.ts";
import type { MadeFields } from "../made.ts";
import { maxAgeIn, methodsIn, NO_ORIGIN, uniqueItems } from "../nginx/cors-lists.ts";
import { sayOfFastCgi } from "../nginx/fastcgi.ts";
import { AFFINITY, EXTERNAL_AUTH } from "../nginx/groups.ts";
import { isAtHostOf, isOf } from "../nginx/lost.ts";
import { mirrorOf, sayOfEnvoyMirror } from "../nginx/mirrors.ts";
import { sessionDifference } from "../nginx/sessions.ts";
import type { ProxyParts } from "./parts.ts";

/** Groups of annotations, each with what it comes to. The last answer counts. */
export const PROXY_FEATURES: readonly ((parts: ProxyParts) => void)[] = [
  headers,
  cors,
  times,
  protocols,
  sessions,
  copies,
  lists,
  redirects,
  guards,
];

function headers(parts: ProxyParts): void {
  const set: MadeFields[] = [];
  const host = parts.text("upstream-vhost");
  if (host !== undefined && !host.includes("$")) {
    parts.done("upstream-vhost");
    set.push({ name: "Host", value: parts.of("upstream-vhost", host) });
    parts.say("upstream-vhost", "the backend also gets the client's Host, as X-Envoy-Original-Host", {
      requestHeaders: ["host", ":authority", "x-forwarded-host"],
    });
  }
  const prefix = parts.text("x-forwarded-prefix");
  if (prefix !== undefined && !prefix.includes("$")) {
    parts.done("x-forwarded-prefix");
    if (parts.has("rewrite-target"))
      set.push({ name: "X-Forwarded-Prefix", value: parts.of("x-forwarded-prefix", prefix) });
  }
  if (set.length > 0) parts.route.requestHeadersPolicy = { set };
  const lines = parts.nginx.settings.location.responseHeaders ?? [];
  if (lines.length === 0 || !parts.has("custom-headers")) return;
  parts.done("custom-headers");
  parts.route.responseHeadersPolicy = parts.of("custom-headers", {
    set: lines.map(([name, value]) => ({ name, value: value.replaceAll("%", "%%") })),
  });
  parts.say("custom-headers", "the headers are not on answers that Envoy makes itself", {
    aspects: ["response headers"],
  });
}

function cors(parts: ProxyParts): void {
  parts.done("enable-cors", ...CORS_COMPANIONS);
  const { annotations } = parts.nginx;
  if (annotations.boolean("enable-cors") !== true) return;
  const origins = uniqueItems(parts.text("cors-allow-origin") ?? "*").map(originAsExpression);
  const headers = uniqueItems(parts.text("cors-allow-headers") ?? CORS_DEFAULTS.headers);
  const exposed = uniqueItems(parts.text("cors-expose-headers"));
  parts.cors = parts.of("enable-cors", {
    allowOrigin: parts.of("cors-allow-origin", origins.length === 0 ? [NO_ORIGIN] : origins),
    allowMethods: parts.of("cors-allow-methods", methodsIn(annotations)),
    allowHeaders: headers.length === 0 ? undefined : parts.of("cors-allow-headers", headers),
    allowCredentials: parts.of(
      "cors-allow-credentials",
      annotations.boolean("cors-allow-credentials") ?? true,
    ),
    exposeHeaders: exposed.length === 0 ? undefined : parts.of("cors-expose-headers", exposed),
    maxAge: parts.of("cors-max-age", `${maxAgeIn(annotations, 0)}s`),
  }) as unknown as MadeFields;
  parts.say(
    "enable-cors",
    "it is for the whole host; preflights are answered 200 and only for allowed origins, other answers get fewer of the headers",
    (difference) => {
      if (!isAtHostOf(parts.ingress, difference)) return undefined;
      const { first, second } = difference;
      const isPreflight = [first, second].some(({ why: [reason] }) => reason?.code === "cors-preflight");
      return { aspects: isPreflight ? "answer" : undefined, responseHeaders: CORS_HEADERS };
    },
  );
}

const CORS_HEADERS = ["origin", "methods", "headers", "credentials"]
  .map((part) => `access-control-allow-${part}`)
  .concat("access-control-expose-headers", "access-control-max-age", "vary");

/** A star is one label. */
function originAsExpression(origin: string): string {
  if (origin === "*" || !origin.includes("*")) return origin;
  return origin.replace(/[\\.+?()|[\]{}^$]/g, "\\$&").replace("*", "[A-Za-z0-9-]+");
}

function times(parts: ProxyParts): void {
  const { annotations } = parts.nginx;
  parts.done("proxy-read-timeout", "proxy-send-timeout");
  const seconds = Math.max(
    annotations.integer("proxy-read-timeout") ?? 0,
    annotations.integer("proxy-send-timeout") ?? 0,
  );
  if (seconds <= 0) return;
  parts.route.timeoutPolicy = { response: parts.of("proxy-read-timeout", `${seconds}s`) };
  for (const name of ["proxy-read-timeout", "proxy-send-timeout"])
    parts.say(name, "it is the time for the whole answer, not between two parts of it", {});
}

function protocols(parts: ProxyParts): void {
  const name = "backend-protocol";
  const { protocol } = parts.nginx.settings.transport;
  if (!parts.has(name)) return;
  parts.done(name);
  if (protocol === "FCGI") {
    sayOfFastCgi(parts);
    return;
  }
  const spoken = { GRPC: "h2c", GRPCS: "h2", HTTPS: "tls", HTTP: undefined, AUTO_HTTP: undefined }[protocol];
  if (spoken !== undefined) parts.service.protocol = parts.of(name, spoken);
}

function sessions(parts: ProxyParts): void {
  if (parts.nginx.settings.balancing.affinity?.cookie === undefined) return;
  parts.done(...AFFINITY);
  parts.route.loadBalancerPolicy = parts.of("affinity", { strategy: "Cookie" }) as unknown as MadeFields;
  parts.say(
    "affinity",
    "the cookie is X-Contour-Session-Affinity, for a session of the browser",
    sessionDifference(parts),
  );
  for (const name of AFFINITY.slice(1))
    parts.say(name, "Contour's cookie does without it", sessionDifference(parts));
}

/** An HTTPProxy names Services of its own namespace alone. */
function copies(parts: ProxyParts): void {
  const to = mirrorOf(parts);
  if (to === undefined || to.namespace !== parts.ingress.metadata.namespace) return;
  const { name, port } = to;
  parts.mirror = parts.of("mirror-target", { name, port, mirror: true });
  sayOfEnvoyMirror(parts);
}

function lists(parts: ProxyParts): void {
  const names = ["allowlist-source-range", "whitelist-source-range", "denylist-source-range"];
  const { addresses } = parts.nginx.settings.location.guards ?? {};
  if (addresses === undefined || !names.some((name) => parts.has(name))) return;
  if (addresses.allow !== undefined && addresses.deny !== undefined) {
    parts.close(names, "an HTTPProxy has addresses that are let in, or that are not, and never both");
    return;
  }
  parts.done(...names);
  const list = (addresses.allow ?? addresses.deny)?.written ?? [];
  const field = addresses.allow === undefined ? "ipDenyPolicy" : "ipAllowPolicy";
  const [written = ""] = names.filter((name) => parts.has(name));
  parts.route[field] = parts.of(
    written,
    list.map((cidr) => ({ source: "Peer", cidr })),
  );
  for (const name of names)
    parts.say(
      name,
      "Contour looks at the address of the connection: behind a load balancer write source: Remote",
      (difference) =>
        isOf(parts.ingress, difference) ? { aspects: ["guards", "response headers"] } : undefined,
    );
}

function redirects(parts: ProxyParts): void {
  const found = parts.nginx.settings.location.redirect;
  if (found === undefined) return;
  const name = parts.has("temporal-redirect") ? "temporal-redirect" : "permanent-redirect";
  const [, scheme, hostname, port, path] =
    /^(https?):\/\/([a-z0-9][a-z0-9.-]*)(?::(\d{1,5}))?(\/[^$#]*)?$/i.exec(found.location) ?? [];
  if (scheme === undefined || hostname === undefined || ![301, 302, 303, 307, 308].includes(found.status))
    return;
  parts.done("permanent-redirect", "temporal-redirect", "permanent-redirect-code", "temporal-redirect-code");
  const policy = {
    scheme,
    hostname,
    port: port === undefined ? undefined : Number(port),
    path: path ?? "/",
    statusCode: parts.of(`${name}-code`, found.status),
  };
  parts.answer = { requestRedirectPolicy: parts.of(name, policy) };
  parts.say(name, "the query of a request goes along in the redirect", (difference) =>
    isOf(parts.ingress, difference) && difference.request.target.includes("?")
      ? { aspects: ["location"] }
      : undefined,
  );
}

function guards(parts: ProxyParts): void {
  const { password, external } = parts.nginx.settings.location.guards ?? {};
  if (password !== undefined)
    parts.close(
      ["auth-type", "auth-secret", "auth-secret-type", "auth-realm"],
      "Contour asks for no password itself",
    );
  if (external !== undefined) parts.close(EXTERNAL_AUTH, "Contour asks a service by gRPC alone");
}
