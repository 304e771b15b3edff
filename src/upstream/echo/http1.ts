import type { ClientRequest } from "../../http1/client-request.ts";
import type { ClientResponse } from "../../http1/client-response.ts";
import type { AnswerDirectly } from "../../model/upstream/direct.ts";

/** Has a request on a connection answered as one without. A client's leaving cancels the answer. */
export function answerHttp1(answer: AnswerDirectly, request: ClientRequest, response: ClientResponse): void {
  const { method, url: target, httpVersion: version, rawHeaders: headers } = request;
  const head = { method, target, version, headers, keepAlive: response.shouldKeepAlive };
  const asked = answer(head, {
    answered({ status, text, headers, body }) {
      const { page } = response;
      page.writeHead(status, text, [...headers]);
      if (body.length === 0) page.end();
      else page.end(body);
    },
    failed: () => response.destroy(),
  });
  response.once("close", () => asked.stop());
  request.message.on("data", (chunk: Buffer) => asked.body(chunk)).on("end", () => asked.end());
}
