import { explain } from "../../match/explain.ts";
import type { Ports, RequestFacts } from "../../model/decision.ts";
import type { HitEvent } from "../../model/event.ts";
import type { RouteTable } from "../../model/route.ts";
import { requestHeaders } from "../../proxy/forwarded-headers.ts";
import { explainText } from "../print-explain.ts";

/**
 * Why a request that came in was answered as it was: what Enter shows in the dashboard. The present table is asked, so a
 * hit from before a reload says what would become of it now; what the proxy found out then (`503`, `502`) comes first.
 */
export function explainHit(
  hit: HitEvent,
  table: RouteTable,
  ports: Ports,
  exact: boolean,
  noEndpoints: RequestFacts["noEndpoints"],
): readonly string[] {
  const { scheme, method, host, path } = hit;
  const facts: RequestFacts = {
    ...{ scheme, method, host, target: path, ports, exact, noEndpoints },
    // A hit does not keep the headers of its request, nor the draw of its lot.
    header: () => undefined,
    remoteAddress: "127.0.0.1",
    chance: 0.999_999,
  };
  const { decision, rejected, production } = explain(table, facts);
  const atTheTime = hit.why.filter((sentence) => !decision.why.includes(sentence));
  const answer = { facts, decision, rejected, production, upstream: hit.upstream };
  return [...atTheTime, ...explainText(answer, requestHeaders(facts))];
}
