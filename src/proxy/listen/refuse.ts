import type { Socket } from "node:net";
import type { AnswerFacts, Plane } from "../../model/plane.ts";
import { lingerOn } from "../exchange/reply.ts";
import type { Listening } from "./listening.ts";

/** Answers with a page on a connection without a readable request, and ends it. */
export function refuse(context: Listening, socket: Socket, facts: AnswerFacts): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  lingerOn(socket, context.limits.lingerMs);
  socket.write(rawAnswer(context.plane(), facts, new Date(context.now())), "latin1");
  socket.destroySoon();
}

function rawAnswer(plane: Plane, facts: AnswerFacts, now: Date): string {
  const { status } = facts;
  const { body, contentType, headers = [] } = plane.answer(facts);
  return [
    `HTTP/1.1 ${status} ${plane.phrase(status)}`,
    `Date: ${now.toUTCString()}`,
    ...(contentType === "" ? [] : [`Content-Type: ${contentType}`]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(plane.everywhere ?? []).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
    "",
    body,
  ].join("\r\n");
}
