import type { InnerPath } from "../../match/before/client-certificate.ts";
import { type Explanation, explain } from "../../match/explain.ts";
import type { ClientCounts } from "../../match/outcome/limits.ts";
import { type Known, type Outcome, outcome } from "../../match/outcome.ts";
import type { Decision, RequestFacts } from "../../model/decision.ts";
import type { HostStep } from "../../model/route/host-step.ts";
import type { RouteTable } from "../../model/route.ts";
import { settledProtocol } from "../../proxy/carry/auto-http.ts";
import { digestResponse } from "../../proxy/decide/guards/digest-response.ts";
import { createBcrypt } from "../../proxy/decide/passwords/bcrypt.ts";
import { verify } from "../../proxy/decide/passwords/verify.ts";
import type { Arrival } from "../../step/arrival.ts";
import type { Change } from "../../step/change.ts";
import type { Step } from "../../step/step.ts";
import type { Resolver } from "../../upstream/resolve.ts";

/** A step that had an effect on a request. */
export type TakenStep =
  | { readonly of: "host"; readonly step: HostStep; readonly result: Decision | InnerPath }
  | { readonly of: "route"; readonly step: Step; readonly change: Change; readonly at: Arrival };

/** `taken`: steps in their order. default: not known */
export type Explained = Outcome & Explanation & { readonly taken?: readonly TakenStep[] };

type Resolve = Pick<Resolver, "resolve">;

/**
 * The proxy's answer, computed without opening anything. Passwords are compared as in the proxy. `counts`: of the requests
 * before this one; default: there were none.
 */
export async function workOut(
  table: RouteTable,
  resolver: Resolve,
  facts: RequestFacts,
  counts?: ClientCounts,
): Promise<Explained> {
  const known = knownOffline(resolver, facts, await compared(table, facts), counts);
  const taken: TakenStep[] = [];
  const found = outcome(table, facts, known, {
    before: (step, result) => taken.push({ of: "host", step, result }),
    step: (step, change, at) => taken.push({ of: "route", step, change, at }),
  });
  return { ...found, ...explain(table, found), taken };
}

/** What is known without opening anything. default of `password`: not compared, so a right one */
export function knownOffline(
  resolver: Resolve,
  facts: RequestFacts,
  password: Known["password"] = () => "later",
  counts?: ClientCounts,
): Known {
  return {
    endpoint: ({ backend, route, choice }) =>
      resolver.resolve(backend, settledProtocol(route.transport.protocol, facts.scheme), { choice }),
    password,
    // No nonce has been issued.
    digest: { response: digestResponse, issue: () => "…", use: () => "stale" },
    counts,
  };
}

async function compared(table: RouteTable, facts: RequestFacts): Promise<Known["password"]> {
  const asked: (readonly [hash: string, password: string])[] = [];
  outcome(table, facts, {
    endpoint: () => ({ kind: "none", why: "" }),
    password: (hash, password) => {
      asked.push([hash, password]);
      return "later";
    },
    digest: { response: digestResponse, issue: () => "", use: () => "stale" },
  });
  const bcrypt = createBcrypt();
  const right = new Map<string, boolean>();
  for (const [hash, password] of asked) right.set(hash, await verify(hash, password, bcrypt));
  bcrypt.close();
  return (hash) => right.get(hash) ?? "later";
}
