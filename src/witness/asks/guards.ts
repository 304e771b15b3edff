import type { Addresses } from "../../model/addresses.ts";
import type { AddressGuard, PasswordGuard } from "../../model/guard.ts";
import type { Route } from "../../model/route.ts";
import { oncePer } from "../../once-per.ts";
import { hasAddress } from "../../request/address/address-list.ts";
import { guardsAmong, type RouteGuard } from "../../step/guard.ts";
import type { Step } from "../../step/step.ts";
import type { Asked, Variation } from "../variation.ts";
import { clientsOf } from "./clients.ts";

/** By list: most routes share one. */
const guardsOf = oncePer((steps: readonly Step[]): readonly RouteGuard[] => [...guardsAmong(steps)]);

/** Clients and users of which guards say something else. `others`: lists of addresses beside the guards' */
export function guardsAsked(routes: readonly Route[], others: readonly Addresses[]): readonly Asked[] {
  const guards = routes.flatMap(({ steps }) => guardsOf(steps));
  return [...clientsAsked(guards, others), ...usersAsked(guards)];
}

function clientsAsked(guards: readonly RouteGuard[], others: readonly Addresses[]): readonly Asked[] {
  const judges = guards.filter((guard) => guard.kind === "addresses");
  const lists = [
    ...judges.flatMap(({ deny, allow }) => [deny, allow]),
    ...guards.flatMap((guard) => (guard.kind === "limits" ? [guard.exempt] : [])),
    ...others,
  ].filter((list) => list !== undefined);
  if (lists.length === 0) return [];
  const values = clientsOf(lists);
  const admitting = ({ client = "" }: Variation) => judges.filter((judge) => admits(judge, client)).length;
  const [admitted] = values.toSorted((a, b) => admitting(b) - admitting(a));
  return [{ mode: "crossed", values, admitted: judges.length === 0 ? undefined : admitted }];
}

function admits({ deny, allow }: AddressGuard, client: string): boolean {
  if (deny !== undefined && hasAddress(deny, client)) return false;
  return allow === undefined || hasAddress(allow, client);
}

/** No credentials, a user of all lists, and one that a list lacks. Passwords are not compared. */
function usersAsked(guards: readonly RouteGuard[]): readonly Asked[] {
  const lists = guards.filter((guard): guard is PasswordGuard => guard.kind === "basic-auth");
  if (lists.length === 0) return [];
  const found = new Map<string, string>();
  for (const { users } of lists)
    for (const user of users.keys()) {
      const within = lists.map(({ users }) => (users.has(user) ? "1" : "0")).join("");
      if (!found.has(within)) found.set(within, user);
    }
  const counts = (within: string) => within.replaceAll("0", "").length;
  const values = [...found].sort(([a], [b]) => counts(b) - counts(a)).map(([, user]) => asUser(user));
  return [{ mode: "crossed", values, admitted: values[0] }];
}

/** One char per byte. */
function asUser(user: string): Variation {
  const credentials = Buffer.from(`${user}:password`, "latin1").toString("base64");
  return { shows: `as user ${user}`, headers: [["Authorization", `Basic ${credentials}`]] };
}
