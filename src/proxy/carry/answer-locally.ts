import type { Decision } from "../../model/decision.ts";
import { fallbackFor } from "../../step/action/fallback.ts";
import { pageFor, withoutPage } from "../../step/error-pages.ts";
import type { LocalReply } from "../exchange/answering.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { Frame } from "../exchange/frame.ts";
import { sendLocalReply } from "../exchange/local-reply.ts";
import { closeAfter } from "../exchange/reply.ts";
import { carry } from "./carry.ts";
import type { Carrying } from "./carrying.ts";
import { chooseUpstream } from "./choose-upstream.ts";

/** Answers a request by its location's error backend, or by the proxy's own page. */
export function answerLocally(frame: Frame, context: Carrying, exchange: Exchange, said: LocalReply): void {
  const page = pageOf(exchange, said);
  if (page === undefined) {
    sendLocalReply(frame, context, exchange, said);
    return;
  }
  exchange.decided(page);
  exchange.answeredBecause(page.why);
  if (exchange.plane.closing.has(said.status)) closeAfter(context, exchange);
  // A body that was too large is not sent to anybody (ngx_http_discard_request_body).
  if (said.status === 413) exchange.dropBody();
  const challenge = said.headers?.filter(([name]) => name.toLowerCase() === "www-authenticate") ?? [];
  if (page.kind === "forward") {
    const resolution = chooseUpstream(context, exchange, page);
    if (resolution.kind === "upstream") {
      if (page.anew === undefined) exchange.addHeaders(challenge);
      carry(context, exchange, page, resolution.upstream);
      return;
    }
  }
  const own = page.kind === "forward" ? withoutPage(page) : page;
  const location = page.kind === "redirect" ? page.location : undefined;
  const { status, text, body } = { text: undefined, body: undefined, ...own };
  sendLocalReply(frame, context, exchange, {
    status,
    text,
    body,
    location,
    why: page.why,
    headers: challenge,
  });
}

function pageOf({ decision, facts }: Exchange, said: LocalReply): Decision | undefined {
  const route = decision?.route;
  if (route === undefined || facts === undefined) return undefined;
  const fallback = decision && fallbackFor(decision, said.status);
  return fallback ?? pageFor(route, facts, said.status, said.madeBy ?? "location", said.why);
}
