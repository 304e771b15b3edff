import { afterAll, beforeAll, expect, test } from "vitest";
import type { Certificates } from "../../certs/certificates.ts";
import type { CaseOptions } from "./case-file.ts";
import { type CompiledCase, compileCase, type ManifestText } from "./compiled-case.ts";
import type { RequestLine } from "./request-line.ts";
import { problemDifferences, routeRows } from "./rows.ts";
import { askFunctions } from "./through-functions.ts";
import { type ServedCase, serveCase } from "./through-sockets.ts";

/** A `.case` file or an example. */
export interface Expectations {
  readonly manifests: readonly ManifestText[];
  readonly options: CaseOptions;
  readonly routes?: readonly string[] | undefined;
  readonly problems: readonly string[];
  readonly requests: readonly RequestLine[];
}

/** Declares the tests of one case by functions: problems, routes, and each request as `explain` tells it. */
export function compareFunctions(expectations: Expectations): void {
  const { manifests, options, routes, problems, requests } = expectations;
  let compiled: CompiledCase;
  beforeAll(() => {
    compiled = compileCase(manifests, options);
  });
  afterAll(() => compiled?.close());

  test("its problems", () => expect(problemDifferences(problems, compiled.problems)).toEqual([]));
  if (routes !== undefined) test("its routes", () => expect(routeRows(compiled.table)).toEqual(routes));
  test.each(requests)("$text, by the functions", async (request) =>
    expect(await askFunctions(compiled, request)).toBe(request.expected));
}

/** Declares the tests of one case through sockets: each request, https also over HTTP/2. */
export function compareSockets(expectations: Expectations, certificates: Certificates): void {
  const { manifests, options, requests } = expectations;
  let compiled: CompiledCase;
  let served: ServedCase;
  beforeAll(async () => {
    compiled = compileCase(manifests, options);
    served = await serveCase(compiled, certificates.secureContext);
  });
  afterAll(async () => {
    await served?.close();
    await compiled?.close();
  });

  test.each(requests)("$text, through sockets", async (request) =>
    expect(await served.ask(request, "HTTP/1.1")).toBe(request.expected));
  test.each(requests.filter(({ scheme }) => scheme === "https"))("$text, by HTTP/2", async (request) =>
    expect(await served.ask(request, "HTTP/2")).toBe(request.expected));
}
