import { once } from "node:events";
import { connect } from "node:net";
import { brotliDecompressSync, createGunzip, gunzipSync } from "node:zlib";
import { describe, expect, test, vi } from "vitest";
import { acceptsBrotli, acceptsGzip } from "../../src/proxy/exchange/compress/accepts.ts";
import {
  type CompressionRequest,
  type CompressionResponse,
  codingOf,
  weakTag,
} from "../../src/proxy/exchange/compress/coding.ts";
import { serveManifests } from "./served.ts";
import { httpUpstream } from "./support.ts";

test.each([
  ["gzip", true],
  ["gzip, deflate, br", true],
  ["deflate, gzip", true],
  ["deflate,gzip;q=0.5", true],
  ["GZIP", true],
  ["gzip;q=1", true],
  ["gzip ;q=1.000", true],
  ["gzip;", true],
  ["gzip;q=0", false],
  ["gzip;q=0.000", false],
  ["gzip;q=0.0000", false],
  ["gzip;q=2", false],
  ["gzip;v=1", false],
  ["gzipped", false],
  ["x-gzip", false],
  ["*", false],
  ["identity", false],
  ["", false],
])("Accept-Encoding %j takes gzip: %j", (header, takes) => expect(acceptsGzip(header)).toBe(takes));

test.each([
  ["br", true],
  ["gzip, br", true],
  ["br;q=0.1", true],
  ["br;q=1.0, gzip", true],
  ["br ; q=0.05", true],
  ["br;q=0", false],
  ["br;q=0.000", false],
  ["br;q=0.", false],
  ["brotli", false],
  ["xbr", false],
  ["", false],
])("Accept-Encoding %j takes brotli: %j", (header, takes) => expect(acceptsBrotli(header)).toBe(takes));

const GZIP = { gzip: { level: 1, minLength: 256, types: ["text/html", "application/json"] } };
const BOTH = { ...GZIP, brotli: { level: 4, minLength: 20, types: ["text/html"] } };
const ASKED: CompressionRequest = { method: "GET", acceptEncoding: "gzip, br", userAgent: "", modern: true };
const PAGE: CompressionResponse = {
  status: 200,
  contentType: "text/html",
  contentEncoding: undefined,
  length: 1000,
};

describe("which responses are compressed", () => {
  test.each<[string, Partial<CompressionRequest>, Partial<CompressionResponse>, string | undefined]>([
    ["a page", {}, {}, "gzip"],
    ["one whose length is not known", {}, { length: -1 }, "gzip"],
    ["a short one", {}, { length: 255 }, undefined],
    ["one that is just long enough", {}, { length: 256 }, "gzip"],
    ["403", {}, { status: 403 }, "gzip"],
    ["404", {}, { status: 404 }, "gzip"],
    ["500", {}, { status: 500 }, undefined],
    ["206", {}, { status: 206 }, undefined],
    ["one that is compressed already", {}, { contentEncoding: "gzip" }, undefined],
    ["an empty Content-Encoding", {}, { contentEncoding: "" }, "gzip"],
    ["another type", {}, { contentType: "image/png" }, undefined],
    ["no type", {}, { contentType: undefined }, undefined],
    ["a charset", {}, { contentType: "Application/JSON; charset=utf-8" }, "gzip"],
    ["another parameter", {}, { contentType: "text/html; a=b" }, undefined],
    ["HEAD", { method: "HEAD" }, {}, undefined],
    ["HTTP/1.0", { modern: false }, {}, "identity"],
    ["a client that takes none", { acceptEncoding: "" }, {}, "identity"],
  ])("gzip, %s", (_, asked, answering, kind) => {
    expect(codingOf(GZIP, { ...ASKED, ...asked }, { ...PAGE, ...answering })?.kind).toBe(kind);
  });

  test.each<[string, Partial<CompressionRequest>, Partial<CompressionResponse>, string | undefined]>([
    ["brotli goes before gzip", {}, {}, "br"],
    ["a shorter one", {}, { length: 30 }, "br"],
    ["HTTP/1.0 as well", { modern: false }, {}, "br"],
    ["gzip where brotli is not taken", { acceptEncoding: "gzip" }, {}, "gzip"],
    ["gzip where brotli is not for the type", {}, { contentType: "application/json" }, "gzip"],
    ["neither", { acceptEncoding: "deflate" }, {}, "identity"],
  ])("both: %s", (_, asked, answering, kind) => {
    expect(codingOf(BOTH, { ...ASKED, ...asked }, { ...PAGE, ...answering })?.kind).toBe(kind);
  });

  test.each([
    ["Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)", "identity"],
    ["Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)", "gzip"],
    ["Mozilla/4.0 (compatible; MSIE 7.0)", "gzip"],
    ["", "gzip"],
  ])("gzip-disable msie6: %j", (userAgent, kind) => {
    const compression = { gzip: { ...GZIP.gzip, disabled: "msie6" as const } };
    expect(codingOf(compression, { ...ASKED, userAgent }, PAGE)?.kind).toBe(kind);
  });
});

test.each([
  ['"a"', 'W/"a"'],
  ['W/"a"', 'W/"a"'],
  ["a", undefined],
  ["", undefined],
])("the tag %j becomes %j", (tag, weak) => expect(weakTag(tag)).toBe(weak));

const configMap = (options: string) => `
apiVersion: v1
kind: ConfigMap
metadata: { name: ingress-nginx-controller, namespace: ingress-nginx }
data: { ${options} }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec:
  ingressClassName: nginx
  rules:
    - host: a.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
`;

/** Head and raw body of an answer that ends the connection. */
async function ask(port: number, headers: string, version = "1.1"): Promise<{ head: string; body: Buffer }> {
  const socket = connect(port, "127.0.0.1");
  socket.write(`GET / HTTP/${version}\r\nHost: a.test\r\nConnection: close\r\n${headers}\r\n`);
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(socket, "end");
  const all = Buffer.concat(chunks);
  const cut = all.indexOf("\r\n\r\n");
  const head = all.toString("latin1", 0, cut);
  const rest = all.subarray(cut + 4);
  return { head, body: /chunked/i.test(head) ? unchunked(rest) : rest };
}

function unchunked(bytes: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf("\r\n", at);
    const size = Number.parseInt(bytes.toString("latin1", at, end), 16);
    if (size === 0) break;
    pieces.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  return Buffer.concat(pieces);
}

const TEXT = "all work and no play ".repeat(20_000);

async function served(options: string): Promise<number> {
  const web = await httpUpstream((_, response) => {
    response.writeHead(200, {
      "Content-Type": "text/plain; charset=utf-8",
      "Content-Length": TEXT.length,
      "Accept-Ranges": "bytes",
      ETag: '"tag"',
    });
    response.end(TEXT);
  });
  return (await serveManifests(configMap(options), { web })).port;
}

test("gzip: the whole body comes through, the head says what holds of it", async () => {
  const port = await served('use-gzip: "true", gzip-level: "9"');
  const { head, body } = await ask(port, "Accept-Encoding: gzip\r\n");
  expect(gunzipSync(body).toString()).toBe(TEXT);
  expect(body.length).toBeLessThan(TEXT.length / 50);
  expect(head).toMatch(/^Content-Encoding: gzip\r?$/m);
  expect(head).toMatch(/^Vary: Accept-Encoding\r?$/m);
  expect(head).toMatch(/^ETag: W\/"tag"\r?$/m);
  expect(head).not.toMatch(/content-length|accept-ranges/i);
});

test("brotli, and by HTTP/1.0 with the end of the connection as its end", async () => {
  const port = await served('enable-brotli: "true", use-gzip: "true"');
  for (const version of ["1.1", "1.0"]) {
    const { head, body } = await ask(port, "Accept-Encoding: gzip, br\r\n", version);
    expect(head).toMatch(/^Content-Encoding: br\r?$/m);
    expect(brotliDecompressSync(body).toString()).toBe(TEXT);
  }
});

test("a client that takes nothing compressed gets it as it is, and the word that it depends", async () => {
  const { head, body } = await ask(await served('use-gzip: "true"'), "");
  expect(body.toString()).toBe(TEXT);
  expect(head).toMatch(/^Vary: Accept-Encoding\r?$/m);
  expect(head).toMatch(/^ETag: "tag"\r?$/m);
  expect(head).not.toMatch(/content-encoding/i);
});

test("pieces go out as they come", async () => {
  let more: (() => void) | undefined;
  const web = await httpUpstream((_, response) => {
    response.writeHead(200, { "Content-Type": "text/html" });
    response.write("first");
    more = () => response.end("second");
  });
  const { port } = await serveManifests(configMap('use-gzip: "true"'), { web });
  const socket = connect(port, "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\nAccept-Encoding: gzip\r\n\r\n");
  const gunzip = createGunzip();
  const pieces: string[] = [];
  gunzip.on("data", (piece: Buffer) => pieces.push(piece.toString()));
  let head = "";
  socket.on("data", (chunk: Buffer) => {
    const cut = head === "" ? chunk.indexOf("\r\n\r\n") + 4 : 0;
    if (head === "") head = chunk.toString("latin1", 0, cut);
    if (cut < chunk.length) gunzip.write(unchunked(chunk.subarray(cut)));
  });
  await vi.waitFor(() => expect(pieces).toEqual(["first"]));
  more?.();
  await vi.waitFor(() => expect(pieces.join(" ")).toBe("first second"));
});

test("pages of nginx's own are compressed where they are long enough", async () => {
  const { port } = await serveManifests(configMap('use-gzip: "true", gzip-min-length: "20"'), {});
  const socket = connect(port, "127.0.0.1");
  socket.write(
    "GET / HTTP/1.1\r\nHost: b.test\r\nConnection: close\r\nAccept-Encoding: gzip\r\nUser-Agent: curl\r\n\r\n",
  );
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(socket, "end");
  const all = Buffer.concat(chunks);
  const cut = all.indexOf("\r\n\r\n");
  expect(all.toString("latin1", 0, cut)).toMatch(/^Content-Encoding: gzip\r?$/m);
  expect(gunzipSync(all.subarray(cut + 4)).toString()).toContain("404 Not Found");
});
