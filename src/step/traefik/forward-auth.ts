import type { HeaderLine } from "../../model/decision.ts";
import type { ExternalAuthGuard, ForwardSettings } from "../../model/guard.ts";
import type { Reason } from "../../model/reason.ts";
import { portOrUsual } from "../../request/host.ts";
import type { Arrival } from "../arrival.ts";
import { authTargetOf } from "../external-auth.ts";
import { withNginxVariables } from "./nginx/nginx-variables.ts";
import { targetNow, uriOf } from "./target.ts";

/** `forwardAuth` */
export interface ForwardAuth extends ForwardSettings {
  readonly kind: "forward-auth";
  readonly address: string;
  /** `authSigninURL` */
  readonly signin?: string | undefined;
  /** `preserveRequestMethod`, or a method of its own (`auth-method`) */
  readonly method: "GET" | "kept" | { readonly name: string };
  /** Address and sign-in page have variables of nginx. default: none */
  readonly variables?: "nginx" | undefined;
  /** `trustForwardHeader` */
  readonly trust: "client" | "nobody";
  /** `Middleware default/auth` */
  readonly named: string;
  readonly why: Reason;
}

const URL_PARTS = /^(https?):\/\/([^/?#]+)([^#]*)/i;

/** The question for one request (pkg/middlewares/auth/forward.go, writeHeader). */
export function questionOf(at: Arrival, auth: ForwardAuth): ExternalAuthGuard {
  const { request } = at;
  const { named, why } = auth;
  const filled = (text: string) => (auth.variables === undefined ? text : withNginxVariables(text, at));
  const address = filled(auth.address);
  const signin = auth.signin && filled(auth.signin);
  const [, scheme, authority = "", rest = ""] = URL_PARTS.exec(address) ?? [];
  const method = methodOf(auth, request.method);
  const host = request.authority ?? request.host;
  const headers: readonly HeaderLine[] = [
    ["Host", authority],
    ["Content-Length", ""],
    ["X-Forwarded-Method", request.method],
    ["X-Forwarded-Proto", request.scheme],
    ["X-Forwarded-Host", host],
    ["X-Forwarded-Uri", uriOf(targetNow(at))],
    ["X-Forwarded-For", request.remoteAddress],
    ...headersOfProxy(at, auth),
  ];
  return {
    kind: "external-auth",
    settings: {
      named,
      url: literal(address),
      host: literal(authority),
      responseHeaders: auth.responseHeaders,
      setHeaders: [],
      cookie: "always",
      asker: "auth_request",
    },
    target: authTargetOf(at, scheme?.toLowerCase(), authority, address),
    method,
    path: rest.startsWith("/") ? rest : `/${rest}`,
    headers,
    signin,
    forward: auth,
    why,
  };
}

/** What the proxy has set already goes along (writeHeader), but where the headers are listed. */
function headersOfProxy({ request, table }: Arrival, auth: ForwardAuth): readonly HeaderLine[] {
  if (auth.variables !== undefined || auth.requestHeaders.length > 0) return [];
  const port = portOrUsual(request.authority ?? request.host, request.scheme);
  const forwarded: readonly HeaderLine[] = [["X-Forwarded-Port", port]];
  return auth.trust === "nobody"
    ? forwarded
    : [...forwarded, ["X-Forwarded-Server", table.plane.ownName ?? ""], ["X-Real-Ip", request.remoteAddress]];
}

function methodOf({ method }: ForwardAuth, sent: string): string {
  if (typeof method === "object") return method.name;
  return method === "kept" ? sent : "GET";
}

function literal(source: string) {
  return { source, parts: [source] };
}
