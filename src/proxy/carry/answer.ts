import { errorPage } from "../../match/error-page.ts";
import type { Decision } from "../../model/decision.ts";
import type { Answer, ProxyContext } from "../exchange/context.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { Frame } from "../exchange/frame.ts";
import { closeAfter } from "../exchange/reply.ts";
import { carry } from "./carry.ts";
import { choose } from "./choose.ts";

/** Answers a request: by what stands in for its error at its location, or by one of nginx's own pages. */
export function answer(frame: Frame, context: ProxyContext, exchange: Exchange, said: Answer): void {
  const page = pageOf(exchange, said);
  if (page === undefined) {
    frame.answer(context, exchange, said);
    return;
  }
  exchange.decision = page;
  exchange.why = page.why;
  if (exchange.plane.closing.has(said.status)) closeAfter(context, exchange);
  // A body that was too large is not sent to anybody (ngx_http_discard_request_body).
  exchange.spent = said.status === 413;
  const challenge = said.headers?.filter(([name]) => name.toLowerCase() === "www-authenticate") ?? [];
  if (page.kind === "forward") {
    const resolution = choose(context, exchange, page);
    if (resolution.kind === "upstream") {
      exchange.addedHeaders = [...(exchange.addedHeaders ?? []), ...challenge];
      carry(context, exchange, page, resolution.upstream);
      return;
    }
  }
  const status = page.kind === "respond" ? page.status : 404;
  frame.answer(context, exchange, { status, why: page.why, headers: challenge });
}

function pageOf({ decision, facts }: Exchange, said: Answer): Decision | undefined {
  const route = decision?.route;
  if (route?.settings.errors === undefined || facts === undefined) return undefined;
  return errorPage(route, facts, said.status, said.madeBy ?? "location", said.why);
}
