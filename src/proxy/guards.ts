import type { HeaderLine } from "../model/decision.ts";
import type { Guard } from "../model/guard.ts";
import type { ProxyContext } from "./context.ts";
import type { Exchange } from "./exchange.ts";
import { askLimits } from "./guards/limits.ts";
import { PASSED, type Verdict } from "./guards/verdict.ts";

/** A verdict, at once where nothing has to be waited for. */
export type Asked = Verdict | Promise<Verdict>;

/** Asks guards one after the other. The first that refuses is the verdict; else what all of them add is. */
export function askGuards(context: ProxyContext, exchange: Exchange, guards: readonly Guard[]): Asked {
  return askFrom(context, exchange, guards, PASSED);
}

function askFrom(context: ProxyContext, exchange: Exchange, guards: readonly Guard[], soFar: Verdict): Asked {
  let verdict = soFar;
  for (const [index, guard] of guards.entries()) {
    const asked = ask(context, exchange, guard);
    if (asked instanceof Promise)
      return asked.then((said) => {
        const after = both(verdict, said);
        return after.kind === "refused" ? after : askFrom(context, exchange, guards.slice(index + 1), after);
      });
    verdict = both(verdict, asked);
    if (verdict.kind === "refused") return verdict;
  }
  return verdict;
}

function ask(context: ProxyContext, exchange: Exchange, guard: Guard): Asked {
  switch (guard.kind) {
    case "limits":
      return askLimits(context, exchange, guard);
  }
}

function both(before: Verdict, next: Verdict): Verdict {
  if (next === PASSED || before.kind === "refused") return before;
  if (next.kind === "refused") return next;
  return {
    kind: "passed",
    requestHeaders: joined(before.requestHeaders, next.requestHeaders),
    responseHeaders: joined(before.responseHeaders, next.responseHeaders),
  };
}

/** Both lists of header lines, one behind the other. */
export function joined(
  one: readonly HeaderLine[] | undefined,
  other: readonly HeaderLine[] | undefined,
): readonly HeaderLine[] | undefined {
  if (one === undefined) return other;
  return other === undefined ? one : [...one, ...other];
}
