import type { X509Certificate } from "node:crypto";
import { type IncomingMessage, request as openRequest } from "node:http";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { HeaderLine } from "../model/decision.ts";
import type { SampleRequest } from "../model/sample-request.ts";
import { headerIn } from "../request/header-line.ts";
import type { LiveAnswer, ShownCertificate } from "./live-answer.ts";
import { serverNameOf } from "./server-name.ts";

/** More of a body tells nothing new. unit: bytes */
const MOST_BODY = 64 * 1024;
/** More than any controller sends. unit: bytes */
const MOST_HEAD = 64 * 1024;

export interface ExchangeOptions {
  readonly address: string;
  readonly port: number;
  /** For the whole exchange. unit: ms */
  readonly timeoutMs: number;
  /** Sent as `User-Agent`. */
  readonly userAgent: string;
  readonly signal: AbortSignal;
}

/** Names the reason why a request is never sent; `undefined` for one that may be. */
export function whyNotSent({
  method,
  target,
  headers,
  bodySize,
  client,
  chance,
}: SampleRequest): string | undefined {
  if (method !== "GET" && method !== "HEAD") return "their method is neither GET nor HEAD";
  const named = (name: string) => headerIn(headers, name);
  if (
    bodySize !== undefined ||
    named("content-length") !== undefined ||
    named("transfer-encoding") !== undefined
  )
    return "they have a body";
  if (named("upgrade") !== undefined || named("expect") !== undefined)
    return "they ask for an upgrade, or for permission to send a body";
  if (client !== undefined) return "they come from another client's address";
  if (chance !== undefined) return "they depend on chance";
  if (
    named("host") === undefined ||
    headers.some(([name, value]) => !isHeader(name, value)) ||
    /[^\x21-\xff]/.test(target)
  )
    return "an HTTP client cannot send them";
  return undefined;
}

function isHeader(name: string, value: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}

/**
 * Sends one GET or HEAD on a connection of its own, the target byte for byte, and follows no redirect. Never rejects.
 * `undefined`: the signal came first.
 */
export async function exchange(
  asked: SampleRequest,
  options: ExchangeOptions,
): Promise<LiveAnswer | undefined> {
  if (options.signal.aborted) return undefined;
  return new Promise((resolve) => {
    let during: "connection" | "TLS" | "answer" = "connection";
    let certificate: ShownCertificate | undefined;
    const socket = opened(asked, options);
    const settle = (answer: LiveAnswer | undefined) => {
      clearTimeout(timer);
      options.signal.removeEventListener("abort", stop);
      resolve(answer);
      // After the answer, so that what the end of the connection says is not taken for it.
      socket.destroy();
    };
    const silent = (why: string) => settle({ kind: "silent", during, why, certificate });
    const stop = () => settle(undefined);
    let onTime = () => silent(`nothing came within ${options.timeoutMs / 1_000} s`);
    const timer = setTimeout(() => onTime(), options.timeoutMs);
    options.signal.addEventListener("abort", stop);
    socket.once("connect", () => {
      during = asked.scheme === "https" ? "TLS" : "answer";
    });
    socket.once("secureConnect", () => {
      during = "answer";
      certificate = certificateOf(socket as TLSSocket, serverNameOf(headerIn(asked.headers, "host") ?? ""));
    });
    socket.on("error", (error) => silent(inWords(error)));
    const take = (response: IncomingMessage, body: string) =>
      settle({
        kind: "answered",
        status: response.statusCode ?? 0,
        location: response.headers.location,
        headers: headerLines(response.rawHeaders),
        body,
        certificate,
      });
    const request = openRequest({
      createConnection: () => socket,
      method: asked.method,
      path: asked.target,
      headers: flat([...asked.headers, ["User-Agent", options.userAgent]]),
      maxHeaderSize: MOST_HEAD,
    });
    request.on("error", (error) => silent(inWords(error)));
    request.on("upgrade", (response) => take(response, ""));
    request.on("response", (response) => {
      let body = "";
      // A stream of events never ends: what came until then is its answer.
      onTime = () => take(response, body);
      response.on("data", (chunk: Buffer) => {
        body += chunk.toString("latin1", 0, MOST_BODY - body.length);
        if (body.length >= MOST_BODY) take(response, body);
      });
      response.on("end", () => take(response, body));
      response.on("error", (error) =>
        silent(`after the status ${response.statusCode} the body broke off: ${inWords(error)}`),
      );
    });
    request.end();
  });
}

function opened(asked: SampleRequest, { address, port }: ExchangeOptions): Socket {
  const at = { host: address, port };
  if (asked.scheme === "http") return connectTcp(at);
  const servername = serverNameOf(headerIn(asked.headers, "host") ?? "");
  // The certificate is compared, not trusted.
  return connectTls({
    ...at,
    servername: servername ?? "",
    rejectUnauthorized: false,
    ALPNProtocols: ["http/1.1"],
  });
}

function certificateOf(socket: TLSSocket, servername: string | undefined): ShownCertificate | undefined {
  try {
    const shown: X509Certificate | undefined = socket.getPeerX509Certificate();
    if (shown === undefined) return undefined;
    const names = [...(shown.subjectAltName ?? "").matchAll(/(?:DNS|IP Address):([^,]*)/g)].map(
      ([, name = ""]) => name,
    );
    return {
      subject: commonName(shown.subject) ?? names[0] ?? "",
      issuer: commonName(shown.issuer) ?? "",
      names,
      fingerprint: shown.fingerprint256,
      covers: servername !== undefined && shown.checkHost(servername) !== undefined,
    };
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message : String(error) };
  }
}

function commonName(subject: string | undefined): string | undefined {
  return /^CN=(.*)$/m.exec(subject ?? "")?.[1];
}

function flat(lines: readonly HeaderLine[]): string[] {
  return lines.flat();
}

function headerLines(raw: readonly string[]): readonly HeaderLine[] {
  return Array.from(
    { length: raw.length / 2 },
    (_, at) => [raw[2 * at] ?? "", raw[2 * at + 1] ?? ""] as const,
  );
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was ended without an answer",
  EPIPE: "the connection was ended without an answer",
  EHOSTUNREACH: "there is no way to the address",
  ENETUNREACH: "there is no way to the address",
  ETIMEDOUT: "the address does not answer",
  HPE_HEADER_OVERFLOW: `the answer's head is larger than ${MOST_HEAD / 1_024} KiB`,
  ERR_SSL_WRONG_VERSION_NUMBER: "what answers does not speak TLS",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "what answers does not speak TLS",
};

/** A clause for an error of a connection. */
export function inWords(error: NodeJS.ErrnoException): string {
  const { code = "", message } = error;
  const known = WORDS[code];
  if (known !== undefined) return known;
  if (code.startsWith("HPE_")) return `the answer is no HTTP (${message})`;
  if (code === "EPROTO" && /wrong version|packet length/.test(message))
    return "what answers does not speak TLS";
  if (/SSL|TLS|EPROTO/.test(code))
    return `TLS failed: ${/SSL routines:[^:]*:([^:]*)/.exec(message)?.[1] ?? message}`;
  return message;
}
