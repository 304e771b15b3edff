import { type IncomingMessage, METHODS, ServerResponse } from "node:http";
import fastify, { type FastifyReply } from "fastify";
import { reason } from "../../model/reason.ts";
import { whyHeader } from "../../plane/why.ts";
import { causeOf } from "../connect/connect.ts";
import { carriedByPage } from "./carried.ts";
import { compressedPage } from "./compress/compress.ts";
import type { Answer, ProxyContext } from "./context.ts";
import { addedByAuth, type Exchange, type Incoming } from "./exchange.ts";
import { closeAfter, connectionAfter, discardBody } from "./reply.ts";

/** The Fastify instance around the proxy. */
export interface Frame {
  /** Answers a request in its plane's words. */
  answer(context: ProxyContext, exchange: Exchange, answer: Answer): void;
  ready(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Fastify for the proxy's own answers. Forwarded requests never enter it (`bench/proxy.ts` shows the saving).
 * The rest uses Fastify's `routing`, documented for custom servers. There are no routes: every request
 * already has its answer, so the not-found handler sends all, without parsing bodies, paths or methods.
 */
export function createFrame(): Frame {
  const answers = new WeakMap<object, () => [ProxyContext, Exchange, Answer]>();
  const app = fastify({ rewriteUrl: () => "/" });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
  app.setNotFoundHandler((request, reply) => {
    const found = answers.get(request.raw);
    if (found === undefined) return reply.code(500).send();
    return send(reply, ...found());
  });
  // Fastify would report an exception as JSON.
  app.setErrorHandler((fault, request, reply) => {
    const [context, exchange] = answers.get(request.raw)?.() ?? [];
    if (context === undefined || exchange === undefined) return reply.code(500).send();
    context.onFault(fault);
    const { response } = exchange;
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    return send(
      reply,
      context,
      { ...exchange, decision: undefined },
      { status: 500, why: [reason("internal", causeOf(fault))] },
    );
  });
  return {
    answer(context, exchange, answer) {
      answers.set(exchange.request, () => [context, exchange, answer]);
      // Fastify's router knows no other methods, and the answer does not depend on the method.
      if (!METHODS.includes(exchange.method)) Object.assign(exchange.request, { method: "GET" });
      // Fastify's types distinguish HTTP/1 and HTTP/2, but it treats both alike.
      app.routing(exchange.request as IncomingMessage, exchange.response as ServerResponse);
    },
    ready: async () => void (await app.ready()),
    close: () => app.close(),
  };
}

function send(reply: FastifyReply, context: ProxyContext, exchange: Exchange, answer: Answer): FastifyReply {
  const { request, plane } = exchange;
  const { status, cause, text, why, location, headers = [] } = answer;
  const server = exchange.decision?.responseHeaders?.find(([name]) => name === "Server")?.[1];
  const page = plane.answer({
    ...{ status, cause, text },
    server: server || undefined,
    accept: header(request, "accept"),
    userAgent: header(request, "user-agent"),
    why: context.exact ? undefined : why,
  });
  const sent = { status, contentType: page.contentType, body: Buffer.from(page.body) };
  const { body, headers: coding } = compressedPage(context, exchange, sent);
  exchange.status = status;
  exchange.bytes = exchange.method === "HEAD" ? 0 : body.length;
  // On the raw response: Fastify would write lower-case header names and Node's reason phrases.
  const { response } = exchange;
  if (body.length > 0) response.setHeader("Content-Type", page.contentType);
  for (const [name, value] of exchange.decision?.responseHeaders ?? [])
    if (value !== "") response.setHeader(name, value);
  for (const [name, value] of [...carriedByPage(exchange), ...coding, ...headers])
    response.appendHeader(name, value);
  for (const [name, value] of addedByAuth(exchange, status)) response.appendHeader(name, value);
  for (const [name, value] of exchange.addedHeaders ?? []) response.appendHeader(name, value);
  if (location !== undefined) response.setHeader("Location", safeLocation(location));
  if (!context.exact && why.length > 0) response.setHeader("X-Ingress-Dev-Why", whyHeader(why));
  if (request.httpVersionMajor < 2) {
    response.statusMessage = plane.phrase(status);
    if (plane.closing.has(status) || exchange.headers.expect !== "") closeAfter(context, exchange);
    response.setHeader("Connection", connectionAfter(context, exchange, "framed"));
  }
  discardBody(context, exchange);
  context.tell(exchange);
  if (body.length > 0 && response instanceof ServerResponse) {
    response.setHeader("Content-Length", body.length);
    // All headers are set in nginx's case; Fastify would repeat the length in lower case.
    const { writeHead } = response;
    Object.assign(response, { writeHead: (code: number) => writeHead.call(response, code) });
  }
  // For an empty body Fastify keeps the Content-Length of a 204, which nginx also sends.
  return reply.code(status).send(body.length === 0 ? undefined : body);
}

function header(request: Incoming, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}

/** A line break would end the header; other control characters do not belong there either. */
function safeLocation(location: string): string {
  return location.replace(/[\x00-\x1f\x7f]|[^\x00-\xff]/g, encodeURIComponent);
}
