import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, TLSSocket } from "node:tls";
import type { Ports } from "../../src/model/decision.ts";
import { PATIENCE_MS } from "../support/raw-client.ts";
import type { Ask } from "./given.ts";

/** An answer as received. */
export interface WireAnswer {
  /** 0: no answer. */
  readonly status: number;
  readonly reason: string;
  /** In order. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  /** Subject and names of the certificate in openssl's words; `undefined` without TLS. */
  readonly cert: string | undefined;
  readonly error: string | undefined;
}

/** Asks one question on its own connection, as in the recordings. */
export function ask(question: Ask, ports: Ports, cookies: readonly string[]): Promise<WireAnswer> {
  return new Promise((resolve) => {
    const socket = open(question, ports);
    const chunks: Buffer[] = [];
    let cert: string | undefined;
    const settle = (error?: Error) => {
      socket.destroy();
      resolve({ ...parsed(Buffer.concat(chunks).toString("latin1")), cert, error: error?.message });
    };
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error("timed out")));
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", settle);
    socket.on("end", () => settle());
    socket.once("secureConnect", () => {
      if (socket instanceof TLSSocket) cert = describeCertificate(socket);
    });
    socket.write(bytesOf(question, cookies), "latin1");
  });
}

function open({ tls, sni, host = "", tlsVersion }: Ask, ports: Ports): Socket {
  const version = tlsVersion === undefined ? undefined : (`TLSv${tlsVersion}` as const);
  if (tls !== true) return connectTcp({ host: "127.0.0.1", port: ports.http });
  return connectTls({
    host: "127.0.0.1",
    port: ports.https,
    rejectUnauthorized: false,
    servername: sni ?? host.replace(/:\d+$/, ""),
    ...(version === undefined ? {} : { minVersion: version, maxVersion: version }),
  });
}

function bytesOf(question: Ask, cookies: readonly string[]): string {
  if (question.raw !== undefined) return question.raw;
  const { host = "", path = "/", method = "GET", headers = {}, bodySize } = question;
  const body = question.body ?? (bodySize === undefined ? undefined : "x".repeat(bodySize));
  const pairs = Array.isArray(headers) ? headers : Object.entries(headers);
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}`,
    ...pairs.map(([name, value]) => `${name}: ${value}`),
    ...(cookies.length === 0 ? [] : [`Cookie: ${cookies.join("; ")}`]),
    ...(body === undefined ? [] : [`Content-Length: ${body.length}`]),
    "Connection: close",
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body ?? ""}`;
}

function parsed(text: string): Omit<WireAnswer, "cert" | "error"> {
  const cut = text.indexOf("\r\n\r\n");
  const [first = "", ...lines] = text.slice(0, cut < 0 ? undefined : cut).split("\r\n");
  const found = /^HTTP\/1\.[01] (\d{3}) ?(.*)$/.exec(first);
  const headers = lines.map((line): readonly [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const rest = cut < 0 ? "" : text.slice(cut + 4);
  const chunked = headers.some(([name, value]) => /^transfer-encoding$/i.test(name) && value === "chunked");
  return {
    status: Number(found?.[1] ?? 0),
    reason: found?.[2] ?? "",
    // HTTP/0.9 has no head.
    body: found === null ? text : chunked ? dechunked(rest) : rest,
    headers: found === null ? [] : headers,
  };
}

function dechunked(text: string): string {
  let body = "";
  for (let rest = text; ; ) {
    const end = rest.indexOf("\r\n");
    const size = Number.parseInt(rest.slice(0, Math.max(end, 0)), 16);
    if (!(size > 0)) return body;
    body += rest.slice(end + 2, end + 2 + size);
    rest = rest.slice(end + 4 + size);
  }
}

export function describeCertificate(socket: TLSSocket): string {
  const { subject, subjectaltname } = socket.getPeerCertificate();
  const named = subject?.O === undefined ? `CN = ${subject?.CN}` : `O = ${subject.O}, CN = ${subject.CN}`;
  return `subject=${named} X509v3 Subject Alternative Name: ${subjectaltname}`;
}
