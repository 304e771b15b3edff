import { judgeAddress } from "../../match/access.ts";
import type { SingleGuard } from "../../match/outcome/ask-guards.ts";
import { judgeDigest } from "../../match/outcome/digest.ts";
import { judgePassword } from "../../match/outcome/password.ts";
import type { PendingVerdict } from "../../match/outcome/verdict.ts";
import type { RequestFacts } from "../../model/decision.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { Deciding } from "./deciding.ts";
import { askHealth } from "./guards/ask-health.ts";
import { digestResponse } from "./guards/digest-response.ts";
import { askService } from "./guards/external-auth.ts";
import { askLimits } from "./guards/limits.ts";

/** Asks one guard of a location. `address`: the client's, by the decision. */
export function askGuard(
  context: Deciding,
  exchange: Exchange,
  facts: RequestFacts,
  guard: SingleGuard,
  address: string,
): PendingVerdict {
  switch (guard.kind) {
    case "limits":
      return askLimits(context.zones, exchange, guard, address);
    case "addresses":
      return judgeAddress(guard, guard.whose === undefined ? address : facts.remoteAddress);
    case "basic-auth":
      return judgePassword(guard, facts.header("authorization"), context.passwords);
    case "digest-auth": {
      const { issue, use } = context.nonces;
      return judgeDigest(guard, facts.header("authorization"), facts, {
        response: digestResponse,
        issue,
        use,
      });
    }
    case "external-auth":
      return askService(context, exchange, facts, guard);
    case "health":
      return askHealth(context, guard);
  }
}
