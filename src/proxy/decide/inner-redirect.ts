import type { ForwardDecision } from "../../model/decision.ts";
import { reason } from "../../model/reason.ts";
import { innerTarget } from "../../request/inner-target.ts";
import { carry } from "../carry/carry.ts";
import { rewriteResponse } from "../carry/delivery/response-rewrites.ts";
import type { LocalReply } from "../exchange/answering.ts";
import { carriedOf } from "../exchange/carried.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { Deciding } from "./deciding.ts";
import { planRequest } from "./plan.ts";

/** NGX_HTTP_MAX_URI_CHANGES: internal redirects of one request before 500. */
const MOST_TIMES = 10;

const UNSAFE = reason("bad-path", "nginx takes this path for unsafe");

/**
 * `X-Accel-Redirect` (ngx_http_upstream_process_headers): drops the answer, and sends the request to another
 * path of the host as GET or HEAD, with its body. All guards of that path apply, but nobody is counted twice
 * (`limit_req_status` in ngx_http_limit_req_module.c).
 */
export function goInside(
  context: Deciding,
  exchange: Exchange,
  from: ForwardDecision,
  value: string,
  raw: readonly (Buffer | string)[],
): void {
  const { backend, guards, responseRewrites } = from;
  const before = exchange.inner;
  const text = `the Service ${backend.namespace}/${backend.service} answered X-Accel-Redirect: ${value}`;
  const why = [reason("accel-redirect", text)];
  const over = before?.times === MOST_TIMES;
  const { facts } = exchange;
  if (facts === undefined || over || value.startsWith("@")) {
    const said = over ? `that is more than ${MOST_TIMES} times` : "there is no location of this name";
    const reasons = [reason("accel-redirect", said), ...why, ...from.why];
    answerWith(context, exchange, { status: 500, why: reasons, errorPage: "not looked for" });
    return;
  }
  const carried = carriedOf(raw);
  if (responseRewrites !== undefined) rewriteResponse(carried, responseRewrites, (path) => path);
  const to = innerTarget(value);
  const counted = before?.counted === true || guards?.some(({ kind }) => kind === "limits") === true;
  const times = (before?.times ?? 0) + 1;
  exchange.redirectedInside({ times, carried: [...(before?.carried ?? []), ...carried], counted });
  if (to === undefined) {
    answerWith(context, exchange, { status: 404, why: [UNSAFE, ...why, ...from.why] });
    return;
  }
  const inside = { ...facts, inner: { ...to, why, counted } };
  planRequest(context, { kind: "admitted", exchange, facts: inside }, (plan) => {
    if (plan.kind === "answer") context.answer(exchange, plan.answer);
    else carry(context, exchange, plan.decision, plan.upstream);
  });
}

function answerWith(context: Deciding, exchange: Exchange, reply: LocalReply): void {
  exchange.answeredBecause(reply.why);
  context.answer(exchange, reply);
}
