import { expect, test } from "vitest";
import type { RouteCompression } from "../../src/model/client-options/compression.ts";
import { traefikCodingOf } from "../../src/proxy/exchange/compress/traefik-coding.ts";

const USUAL: RouteCompression = {
  encodings: ["gzip", "br", "zstd"],
  minLength: 100,
  included: [],
  excluded: ["application/grpc"],
};
const JSON_TYPE = "application/json; charset=utf-8";

test.each<
  readonly [
    why: string,
    options: Partial<RouteCompression>,
    asked: string | undefined,
    answer: Partial<Parameters<typeof traefikCodingOf>[2]>,
    coding: string | undefined,
  ]
>([
  ["the first of equal ones in the list", {}, "zstd, br, gzip", {}, "gzip"],
  ["what the client likes best", {}, "br;q=0.9, gzip;q=0.5", {}, "br"],
  ["another list", { encodings: ["br", "gzip"] }, "gzip, br", {}, "br"],
  ["none that is not listed", { encodings: ["br"] }, "gzip", {}, undefined],
  ["none with weight 0", {}, "gzip;q=0", {}, undefined],
  ["none without the header", {}, undefined, {}, undefined],
  ["Vary alone without the header, where there is a usual one", { usual: "gzip" }, undefined, {}, "identity"],
  ["the first of the list for a star", {}, "*", {}, "gzip"],
  ["the usual one for a star", { usual: "br" }, "*", {}, "br"],
  ["Vary alone for what is short", {}, "gzip", { length: 99 }, "identity"],
  ["what has no length", {}, "gzip", { length: -1 }, "gzip"],
  ["Vary alone for what is coded", {}, "gzip", { contentEncoding: "identity" }, "identity"],
  ["listed types", { included: ["application/json"] }, "gzip", {}, "gzip"],
  ["Vary alone for other types", { included: ["text/html"] }, "gzip", {}, "identity"],
  ["Vary alone for excluded types", { excluded: ["application/json"] }, "gzip", {}, "identity"],
  ["Vary alone where only zstd would do", {}, "zstd", {}, "identity"],
  ["the next one that the client likes in place of zstd", {}, "zstd, br;q=0.9, gzip;q=0.5", {}, "br"],
  ["none in place of zstd that is not listed", { encodings: ["zstd", "br"] }, "zstd, gzip", {}, "identity"],
  ["another than zstd for a star", { usual: "zstd" }, "*", {}, "gzip"],
])("compress takes %s", (_, options, acceptEncoding, answer, coding) => {
  const answering = {
    status: 200,
    contentType: JSON_TYPE,
    contentEncoding: undefined,
    length: 500,
    ...answer,
  };
  const found = traefikCodingOf({ ...USUAL, ...options }, { method: "GET", acceptEncoding }, answering);
  expect(found?.kind).toBe(coding);
});

test("the answer to a HEAD stays as it is", () => {
  const answering = { status: 200, contentType: JSON_TYPE, contentEncoding: undefined, length: 500 };
  expect(traefikCodingOf(USUAL, { method: "HEAD", acceptEncoding: "gzip" }, answering)).toBeUndefined();
});
