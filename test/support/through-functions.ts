import { decisionInWords } from "../../src/cli/explain/route-in-words.ts";
import { requestFacts } from "../../src/cli/predict/request-facts.ts";
import { workOut } from "../../src/cli/predict/work-out.ts";
import type { ClientCounts } from "../../src/match/outcome/limits.ts";
import type { Guard } from "../../src/model/guard.ts";
import { clientCounts } from "./client-counts.ts";
import type { CompiledCase } from "./compiled-case.ts";
import { hostHeader, type RequestLine } from "./request-line.ts";

/** The ports in expectations. */
const WRITTEN_PORTS = { http: 31000, https: 32000 } as const;

/** The requests of a case are counted together. */
const counts = new WeakMap<CompiledCase, ClientCounts>();

/**
 * The outcome of a request as `ingress-dev explain` would have it, in the words of a request line. A guard that asks
 * another server cannot be judged by functions: that it is asked has to do.
 */
export async function askFunctions(compiled: CompiledCase, request: RequestLine): Promise<string> {
  const { table, resolver, options } = compiled;
  const counted = counts.get(compiled) ?? clientCounts();
  counts.set(compiled, counted);
  const { scheme, method, target, bodySize } = request;
  const own = request.headers.filter(([name]) => name.toLowerCase() !== "host");
  const headers = [["Host", hostHeader(request, WRITTEN_PORTS)] as const, ...own];
  const facts = requestFacts({ scheme, method, target, headers, bodySize }, table.plane, {
    ports: WRITTEN_PORTS,
    exact: options.exact,
    remoteAddress: "127.0.0.1",
    chance: 0.999_999,
    noEndpoints: resolver.noEndpoints,
  });
  const { decision, asked } = await workOut(table, resolver, facts, counted);
  if (request.guard !== undefined && !decision.guards?.some((guard) => isOf(guard, request.guard)))
    return `no guard ${request.guard} is asked`;
  const isOpen = asked.some(({ verdict }) => verdict === "later");
  if (request.guard !== undefined && isOpen) return request.expected;
  return Buffer.from(decisionInWords(decision), "latin1").toString("utf8");
}

function isOf(guard: Guard, kind: string | undefined): boolean {
  return (
    guard.kind === kind || (guard.kind === "any-of" && guard.guards.some((within) => isOf(within, kind)))
  );
}
