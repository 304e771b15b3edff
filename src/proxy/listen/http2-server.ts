import type { Socket } from "node:net";
import { Http2Connection } from "../../http2/http2-connection.ts";
import type { Scheme } from "../../model/decision.ts";
import { receive } from "../decide/receive.ts";
import { lingerOn } from "../exchange/reply.ts";
import type { Listening } from "./listening.ts";

/** Answers what a client asks by HTTP/2, from the next byte of its socket on. */
export function serveHttp2(context: Listening, scheme: Scheme, socket: Socket): void {
  const { limits } = context;
  const { headMs = limits.headMs, keepAliveMs, keepAliveRequests, http2Streams } = context.client();
  const record = context.connections.ofSocket(socket, () => connection.close());
  const connection = new Http2Connection(
    socket,
    {
      head: { bytes: limits.http2HeadBytes, lines: limits.http2Headers },
      streams: http2Streams,
      headMs,
      keepAliveMs: limits.keepAliveMs ?? keepAliveMs,
      stallMs: limits.writeIdleMs,
      keepAliveRequests: keepAliveMs === 0 ? 1 : keepAliveRequests,
    },
    {
      request: (request, response) => receive(context, scheme, record, request, response),
      fault: context.onFault,
      last() {
        lingerOn(socket, limits.lingerMs);
        socket.destroySoon();
      },
    },
  );
}
