import type { Socket } from "node:net";
import { type SecureContext, TLSSocket } from "node:tls";
import { contain } from "../../contain.ts";
import { reason } from "../../model/reason.ts";
import type { TlsTerms } from "../../model/tls/server-tls.ts";
import type { ClientTls, TlsDecision } from "../../model/tls.ts";
import {
  entryPointBy,
  proxiedOf,
  rememberEntryPoint,
  rememberProxied,
  rememberTls,
} from "../exchange/client-connections.ts";
import { readHello } from "./client-hello.ts";
import { serveHttp1 } from "./http-server.ts";
import { serveHttp2 } from "./http2-server.ts";
import type { Listening } from "./listening.ts";
import { type Passed, passResolution, passThrough } from "./pass-through.ts";
import { clientTls } from "./peer.ts";
import { takeProxyLine } from "./proxy-line.ts";
import { refuse } from "./refuse.ts";

/** The TLS context for an SNI, or for a client without one. */
export type SecureContexts = (
  servername: string | undefined,
  terms: TlsTerms | undefined,
) => SecureContext | Promise<SecureContext>;

export interface TlsOptions {
  readonly contexts: SecureContexts;
  /** The handling of a connection by its SNI. */
  readonly decide: (
    servername: string | undefined,
    entryPoint: string | undefined,
    nextShare: Listening["nextShare"],
  ) => TlsDecision;
}

const PLAIN_HTTP = reason("not-tls", "this port speaks https, and the client spoke plain HTTP");
const NO_TLS = reason("not-tls", "this port speaks https, and the client spoke no TLS");

/**
 * Accepts TLS, with HTTP/2 or HTTP/1.1 by ALPN; plain HTTP gets one answer, as from nginx.
 *
 * The first message is read before TLS begins, so that everything can follow its SNI: certificate, ciphers, client
 * certificate, and whether TLS ends here. Node's `SNICallback` can change only the certificate.
 */
export function acceptHttps(context: Listening, options: TlsOptions): (socket: Socket) => void {
  return (socket) =>
    takeProxyLine(context, socket, () =>
      readHello(socket, context.limits.headMs, (hello, bytes) => {
        if (hello.kind === "hello") {
          accept(context, options, socket, hello.servername);
          return;
        }
        const isPlain = /^[A-Z]+ /.test(bytes.toString("latin1", 0, 32));
        const { plainOnTls = 400 } = context.plane();
        refuse(context, socket, {
          status: isPlain ? plainOnTls : 400,
          cause: isPlain ? "plain HTTP on the https port" : undefined,
          why: context.exact ? undefined : [isPlain ? PLAIN_HTTP : NO_TLS],
        });
      }),
    );
}

function offered(context: Listening, terms: TlsTerms | undefined): string[] {
  return context.http2Offer() === "on" && terms?.http2 !== "off" ? ["h2", "http/1.1"] : ["http/1.1"];
}

/** A record with one fatal alert, 112 (RFC 8446 section 6, RFC 6066 section 3). */
const UNRECOGNIZED_NAME = Buffer.from([21, 3, 3, 0, 2, 2, 112]);

function accept(
  context: Listening,
  { contexts, decide }: TlsOptions,
  socket: Socket,
  servername: string | undefined,
): void {
  const decision = decide(servername, entryPointBy(socket), context.nextShare);
  if (decision.kind === "reject") {
    if (decision.by === "reset") socket.resetAndDestroy();
    else socket.end(UNRECOGNIZED_NAME);
    return;
  }
  if (decision.kind === "pass") {
    const resolution = passResolution(context, decision);
    if (resolution !== undefined) {
      passThrough(context, socket, { ...decision, how: "passed" }, resolution);
      return;
    }
  }
  const end = decision.kind === "pass" ? decision.otherwise : decision;
  // A name without certificate ends the connection, never the process (CVE-2026-21637).
  Promise.resolve()
    .then(() => contexts(servername, end.terms))
    .then(
      (secureContext) => handshake(context, socket, end, secureContext),
      () => socket.destroy(),
    )
    .catch((fault: unknown) => {
      context.onFault(fault);
      socket.destroy();
    });
}

function handshake(
  context: Listening,
  socket: Socket,
  { servername, terms, joined }: Extract<TlsDecision, { kind: "end" }>,
  secureContext: SecureContext,
): void {
  const secured = new TLSSocket(socket, {
    isServer: true,
    secureContext,
    ...(joined === undefined ? { ALPNProtocols: offered(context, terms) } : {}),
    requestCert: terms?.clients !== undefined,
    rejectUnauthorized: terms?.clients?.required === true,
  });
  contain(secured, (fault) => {
    context.onFault(fault);
    secured.destroy();
  });
  const timer = setTimeout(() => secured.destroy(), context.limits.headMs);
  secured.once("close", () => {
    clearTimeout(timer);
    socket.destroy();
  });
  secured.on("error", () => secured.destroy());
  // Only this event reports TLS errors after the handshake.
  secured.on("_tlsError", () => secured.destroy());
  secured.once("secure", () => {
    clearTimeout(timer);
    if (secured.destroyed) return;
    if (joined !== undefined) {
      const pass: Passed = { ...joined, servername: servername ?? "", how: "ended" };
      passThrough(context, secured, pass, context.resolve(joined.backend, "HTTP"));
      return;
    }
    const proxied = proxiedOf(socket);
    if (proxied !== undefined) rememberProxied(secured, proxied);
    const entryPoint = entryPointBy(socket);
    if (entryPoint !== undefined) rememberEntryPoint(secured, entryPoint);
    const client = clientTls(secured, servername, terms?.clients?.depth);
    // OpenSSL refuses only clients without a certificate.
    if (isRefused(terms?.clients?.required, client)) {
      secured.destroy();
      return;
    }
    rememberTls(secured, client);
    if (secured.alpnProtocol === "h2") serveHttp2(context, "https", secured);
    else serveHttp1(context, "https", secured);
  });
}

type RequiredOfClients = NonNullable<NonNullable<TlsTerms["clients"]>["required"]>;

function isRefused(required: RequiredOfClients | undefined, { verify }: ClientTls): boolean {
  if (required === undefined) return false;
  if (verify === "NONE") return required !== "good if shown";
  return verify !== "SUCCESS" && required !== "any";
}
