import { type IncomingMessage, METHODS, type ServerResponse } from "node:http";
import fastify from "fastify";
import type { Incoming, Outgoing } from "./exchange.ts";

/** The Fastify instance around the proxy's own answers. */
export interface Frame {
  /** Has a request answered by `write`, which never throws. */
  answer(request: Incoming, response: Outgoing, write: () => void): void;
  ready(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Fastify for the proxy's own answers. Forwarded requests never enter it (`bench/proxy.ts` shows the saving).
 * The rest uses Fastify's `routing`, documented for custom servers. There are no routes: every request
 * already has its answer, so the not-found handler writes all, without parsing bodies, paths or methods. It writes on the
 * raw response: Fastify would send lower-case header names and Node's reason phrases.
 */
export function createFrame(): Frame {
  const writers = new WeakMap<object, () => void>();
  const app = fastify({ rewriteUrl: () => "/" });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
  app.setNotFoundHandler((request, reply) => {
    reply.hijack();
    writers.get(request.raw)?.();
  });
  return {
    answer(request, response, write) {
      writers.set(request, write);
      // Fastify's router knows no other methods, and the answer does not depend on the method.
      if (!METHODS.includes(request.method ?? "")) Object.assign(request, { method: "GET" });
      // Fastify's types distinguish HTTP/1 and HTTP/2, but it treats both alike.
      app.routing(request as IncomingMessage, response as ServerResponse);
    },
    ready: async () => void (await app.ready()),
    close: () => app.close(),
  };
}
