import { type ClientHttp2Session, connect } from "node:http2";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createEchoService, type EchoPod, type EchoService } from "../../src/upstream/echo.ts";

const POD: EchoPod = { namespace: "shop", service: "cart", pod: "cart-0", port: 50051 };

let echo: EchoService;
let client: ClientHttp2Session;

beforeEach(async () => {
  echo = createEchoService();
  const connection = await echo.open(POD, "grpc");
  client = connect("http://echo.invalid", { createConnection: () => connection });
});

afterEach(async () => {
  client.destroy();
  await echo.close();
});

interface Answered {
  readonly head: Record<string, unknown>;
  readonly trailers: Record<string, unknown>;
  readonly body: Buffer;
}

function ask(headers: Record<string, string>, body: string): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const stream = client.request({ host: "grpc.test", ":method": "POST", ...headers });
    let head = {};
    let trailers = {};
    const chunks: Buffer[] = [];
    stream.on("response", (found) => {
      head = found;
    });
    stream.on("trailers", (found) => {
      trailers = found;
    });
    stream.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", reject);
    stream.on("end", () => resolve({ head, trailers, body: Buffer.concat(chunks) }));
    stream.end(body);
  });
}

test("a plain request is answered with what was received, as over HTTP/1.1", async () => {
  const { head, body, trailers } = await ask({ ":path": "/a?b=1", "x-team": "a" }, "hello");
  expect(head).toMatchObject({
    ":status": 200,
    "content-type": "application/json",
    "x-ingress-dev-upstream": "echo",
  });
  expect(JSON.parse(String(body))).toMatchObject({
    namespace: "shop",
    service: "cart",
    pod: "cart-0",
    port: 50051,
    method: "POST",
    path: "/a",
    query: "b=1",
    host: "grpc.test",
    proto: "HTTP/2.0",
    headers: { host: "grpc.test", "x-team": "a" },
    body: "hello",
    bodyBytes: 5,
  });
  expect(trailers).toEqual({});
  expect((await ask({ ":path": "/?ingress-dev-status=503" }, "")).head[":status"]).toBe(503);
});

test("a gRPC call is answered with one message and grpc-status 0: any type reads it as empty", async () => {
  const { head, body, trailers } = await ask(
    { ":path": "/shop.Cart/Add", "content-type": "application/grpc+proto" },
    "\0\0\0\0\0",
  );
  expect(head).toMatchObject({ ":status": 200, "content-type": "application/grpc+proto" });
  expect(trailers["grpc-status"]).toBe("0");
  expect(body[0]).toBe(0);
  expect(body.readUInt32BE(1)).toBe(body.length - 5);
  // Field 536870911, of bytes (wire type 2).
  expect([...body.subarray(5, 10)]).toEqual([0xfa, 0xff, 0xff, 0xff, 0x0f]);
  const json = body.subarray(body.indexOf("{"));
  expect(JSON.parse(String(json))).toMatchObject({ path: "/shop.Cart/Add", bodyBytes: 5 });
});

test("it can be asked to wait, and closing the service ends what waits", async () => {
  const waiting = ask({ ":path": "/?ingress-dev-delay=60000" }, "");
  await ask({ ":path": "/" }, "");
  await echo.close();
  // Node also ends the body of a stream without an answer.
  expect((await waiting).head).toEqual({});
});
