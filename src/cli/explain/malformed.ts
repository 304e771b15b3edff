import { aboutConnection, framingOf } from "../../http1/framing.ts";
import type { Decision, RequestFacts } from "../../model/decision.ts";
import type { Plane } from "../../model/plane.ts";
import { type Reason, reason } from "../../model/reason.ts";
import { validHost } from "../../proxy/decide/host.ts";
import { refusedMethod } from "../../proxy/decide/method.ts";
import type { Answer } from "./answer.ts";

type Header = readonly [name: string, value: string];

/** The answer that the proxy gives before it looks at any route (src/proxy/receive.ts); `undefined`: none. */
export function malformed(facts: RequestFacts, headers: readonly Header[], plane: Plane): Answer | undefined {
  const refused = (status: number, why: Reason): Answer => {
    const decision: Decision = { kind: "respond", status, why: [why] };
    return { facts, decision, rejected: [] };
  };
  const { repeated, longest } = plane.readHeaders(headers.flat());
  const { lineBytes, headTooLarge } = plane.limits;
  const method = refusedMethod(facts.method);
  if (method?.status === 400) return refused(method.status, method.why);
  if (repeated !== "") return refused(400, reason("repeated-header", `there are two ${repeated} headers`));
  if (longest > lineBytes)
    return refused(
      headTooLarge,
      reason("headers-too-large", `a header line is longer than ${lineBytes} bytes`),
    );
  if (facts.host === "") return refused(400, reason("no-host-header", "there is no Host header"));
  if (!validHost(facts.host)) return refused(400, reason("bad-host", "the Host header names no host"));
  const { refusal } = framing(headers);
  if (refusal !== undefined) return refused(refusal.status, refusal.why);
  return method && refused(method.status, method.why);
}

/** How large the body is that headers announce, in bytes; 0 where they say nothing of it. */
export function announced(headers: readonly Header[]): number {
  const { body } = framing(headers);
  return body === "chunked" ? 0 : body;
}

function framing(headers: readonly Header[]) {
  return framingOf({ major: 1, minor: 1 }, aboutConnection(headers.flat()));
}
