import { answer } from "../../src/cli/answer.ts";
import type { Decision } from "../../src/model/decision.ts";
import type { CompiledCase } from "./compiled-case.ts";
import { hostHeader, type RequestLine } from "./request-line.ts";
import { backendText } from "./rows.ts";

/** The ports that expectations are written with. */
export const WRITTEN_PORTS = { http: 31000, https: 32000 } as const;

function outcome(decision: Decision): string {
  if (decision.kind === "forward")
    return `forward ${backendText(decision.route.backend)} ${decision.upstreamPath}`;
  if (decision.kind === "redirect") return `redirect ${decision.status} ${decision.location}`;
  return `respond ${decision.status}`;
}

/** The outcome of a request as `ingress-dev explain` would have it, in the words of a request line. */
export function askFunctions({ table, resolver, options }: CompiledCase, request: RequestLine): string {
  const facts = {
    scheme: request.scheme,
    method: request.method,
    host: hostHeader(request, WRITTEN_PORTS),
    target: request.target,
    ports: WRITTEN_PORTS,
    exact: options.exact,
  };
  const text = outcome(answer(table, resolver, facts, request.bodySize ?? 0).decision);
  return Buffer.from(text, "latin1").toString("utf8");
}
