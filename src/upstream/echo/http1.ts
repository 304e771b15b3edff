import type { IncomingMessage, ServerResponse } from "node:http";
import type { AnswerDirectly } from "../../model/direct.ts";

/** Has a request on a connection answered as one without. A client's leaving cancels the answer. */
export function answerHttp1(
  answer: AnswerDirectly,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { method = "", url: target = "", httpVersion: version, rawHeaders: headers } = request;
  const head = { method, target, version, headers, keepAlive: response.shouldKeepAlive };
  const asked = answer(head, {
    answered({ status, text, headers, body }) {
      response.writeHead(status, text, [...headers]);
      if (body.length === 0) response.end();
      else response.end(body);
    },
    failed: () => response.destroy(),
  });
  response.once("close", () => asked.stop());
  request.on("data", (chunk: Buffer) => asked.body(chunk)).on("end", () => asked.end());
}
