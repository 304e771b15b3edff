import { answer } from "../../src/cli/explain/answer.ts";
import { decisionInWords } from "../../src/cli/explain/print-explain.ts";
import { headerOf } from "../../src/request/header-of.ts";
import type { CompiledCase } from "./compiled-case.ts";
import { hostHeader, type RequestLine } from "./request-line.ts";

/** The ports in expectations. */
const WRITTEN_PORTS = { http: 31000, https: 32000 } as const;

/** The outcome by the functions of `explain`, in the words of a request line. */
export function askFunctions({ table, resolver, options }: CompiledCase, request: RequestLine): string {
  const facts = {
    scheme: request.scheme,
    method: request.method,
    host: hostHeader(request, WRITTEN_PORTS),
    target: request.target,
    ports: WRITTEN_PORTS,
    exact: options.exact,
    header: (name: string) => headerOf(request.headers.flat(), name),
    remoteAddress: "127.0.0.1",
    chance: 0.999_999,
    noEndpoints: resolver.noEndpoints,
  };
  const { decision } = answer(table, resolver, facts, request.bodySize ?? 0);
  if (request.guard !== undefined && decision.guards?.some(({ kind }) => kind === request.guard))
    return request.expected;
  const text = decisionInWords(decision);
  return Buffer.from(text, "latin1").toString("utf8");
}
