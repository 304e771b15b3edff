import type { Decision, RequestFacts } from "../../model/decision.ts";
import type { AnswerCause } from "../../model/plane.ts";
import { reason } from "../../model/reason.ts";
import type { ClientAuth } from "../../model/tls/server-tls.ts";
import type { ClientTls } from "../../model/tls.ts";
import { serverName } from "../../request/host.ts";

/** A path for an internal redirect in the same server. */
export interface InnerPath {
  readonly kind: "internal";
  readonly path: string;
}

const NO_TLS: ClientTls = { verify: "NONE", unknownIssuer: false };

/**
 * nginx's checks once it knows the server: a name other than the handshake's (421), and the client's
 * certificate (400, its status 495 and 496). None over http.
 *
 * Source: nginx ngx_http_request.c (ngx_http_set_virtual_server, ngx_http_process_request).
 */
export function judgeCertificate(auth: ClientAuth, request: RequestFacts): Decision | InnerPath | undefined {
  if (request.scheme !== "https") return undefined;
  const tls = request.tls ?? NO_TLS;
  return misdirected(auth, tls, request) ?? badCertificate(auth, tls);
}

/** A client with another SNI does not reach a server that verifies certificates. */
function misdirected({ asked, verify, named }: ClientAuth, tls: ClientTls, request: RequestFacts) {
  const name = serverName(request);
  if (!asked || verify === "off" || tls.servername === undefined || tls.servername === name) return undefined;
  const why = `the TLS handshake was for ${tls.servername}, and ${name} verifies the certificates of clients: ${named}`;
  return { kind: "respond", status: 421, why: [reason("misdirected", why)] } as const;
}

function badCertificate(auth: ClientAuth, tls: ClientTls): Decision | InnerPath | undefined {
  const { asked, verify, named } = auth;
  if (!asked || verify === "off") return undefined;
  if (tls.verify.startsWith("FAILED:") && !(verify === "optional_no_ca" && tls.unknownIssuer)) {
    const reason = tls.verify.slice("FAILED:".length);
    return refused(
      auth,
      "bad client certificate",
      `the client's certificate is not good (${reason}): ${named}`,
    );
  }
  if (verify === "on" && tls.certificate === undefined)
    return refused(
      auth,
      "no client certificate",
      `the client sent no certificate, and one is asked for: ${named}`,
    );
  return undefined;
}

function refused({ errorPage }: ClientAuth, cause: AnswerCause, why: string): Decision | InnerPath {
  const because = reason("client-certificate", why);
  if (errorPage === undefined) return { kind: "respond", status: 400, cause, why: [because] };
  if (errorPage.startsWith("/")) return { kind: "internal", path: errorPage };
  if (errorPage.startsWith("@")) {
    const nowhere = `auth-tls-error-page: nginx has no location ${errorPage}`;
    return { kind: "respond", status: 500, why: [reason("auth-tls-error-page", nowhere), because] };
  }
  return {
    kind: "redirect",
    status: 302,
    location: errorPage,
    why: [reason("auth-tls-error-page", `auth-tls-error-page: ${why}`)],
  };
}

/**
 * `if ($ssl_client_s_dn !~ …) { return 403 … }` (nginx.tmpl, SERVER); without TLS the subject is empty too.
 */
export function certificateSubject(
  { matchCn, named }: ClientAuth,
  { tls }: RequestFacts,
): Decision | undefined {
  const subject = tls?.certificate?.subject ?? "";
  const found = matchCn?.exec(subject);
  if (found === undefined || (found !== null && found !== "too-complex")) return undefined;
  const who =
    subject === "" ? "there is no client certificate" : `the client's certificate is for ${subject}`;
  const why = `${who}, which auth-tls-match-cn ${matchCn?.source} does not allow: ${named}`;
  return {
    kind: "respond",
    status: 403,
    text: "client certificate unauthorized",
    why: [reason("auth-tls-match-cn", why)],
  };
}
