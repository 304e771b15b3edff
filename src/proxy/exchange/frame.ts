import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import { late } from "../../late.ts";

/** The Fastify instance around the proxy's own answers. */
export interface Frame {
  /** Has a request answered by `write`, which never throws. Only the first call for a request counts. */
  answer(request: IncomingMessage, response: ServerResponse, write: () => void): void;
  /** Loads Fastify, so that the first answer does not wait for it. */
  load(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Fastify for the proxy's own answers. Forwarded requests never enter it.
 * The rest uses Fastify's `routing`, documented for custom servers. There are no routes: every request
 * already has its answer, so the not-found handler writes all, without parsing bodies, paths or methods. It writes on the
 * raw response: Fastify would send lower-case header names and Node's reason phrases.
 *
 * Fastify takes as long to load as everything else together, so the listeners open without it.
 */
export function createFrame(): Frame {
  const writers = new WeakMap<object, () => void>();
  const app = late(async () => {
    const { default: fastify } = await import("fastify");
    const made = fastify({ rewriteUrl: () => "/" });
    made.removeAllContentTypeParsers();
    made.addContentTypeParser("*", (_request, _payload, done) => done(null));
    made.setNotFoundHandler((request, reply) => {
      reply.hijack();
      writers.get(request.raw)?.();
    });
    await made.ready();
    return made;
  });
  let isAsked = false;

  function route(through: FastifyInstance, request: IncomingMessage, response: ServerResponse): void {
    // The answer depends on no method. Fastify's router knows but some, and looks for the bodies of others: it would
    // answer a QUERY without a type itself.
    if (request.method !== "GET") Object.assign(request, { method: "GET" });
    through.routing(request, response);
  }
  function load(): Promise<FastifyInstance> {
    isAsked = true;
    return app.load();
  }

  return {
    answer(request, response, write) {
      if (app.now !== undefined) {
        writers.set(request, write);
        route(app.now, request, response);
        return;
      }
      if (writers.has(request)) return;
      writers.set(request, write);
      load().then(
        (through) => route(through, request, response),
        (error: unknown) => {
          // The client gets its answer; what is wrong with the installation is the process's to tell.
          write();
          throw error;
        },
      );
    },
    load: async () => void (await load()),
    close: async () => {
      if (isAsked) await (await load()).close();
    },
  };
}
