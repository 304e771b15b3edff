import type { Outcome } from "../../match/outcome.ts";
import type { Ports } from "../../model/decision.ts";
import type { LiveAnswer } from "../live-answer.ts";
import type { Judgement } from "./judge.ts";
import { productionForm } from "./location.ts";
import { pageOf } from "./own-page.ts";
import { type KnownServices, type Who, whoAnswered } from "./who.ts";

type Answered = Extract<LiveAnswer, { kind: "answered" }>;

/**
 * Compares the answers of two controllers. The prediction only says what may excuse a difference: chance, a limit, the
 * client's address. `ports`: of each, standing in for 80 and 443. Pure; never throws.
 */
export function judgePair(
  outcomes: readonly [Outcome, ...Outcome[]],
  [first, second]: readonly [LiveAnswer, LiveAnswer],
  {
    known,
    ports,
  }: { readonly known: KnownServices; readonly ports: readonly [Partial<Ports>, Partial<Ports>] },
): Judgement {
  if (first.kind === "silent" || second.kind === "silent") return ofSilence(first, second);
  const found = compared(first, second, known, ports, outcomes[0].decision.kind === "forward");
  if (found.kind !== "different") return found;
  return excuseOf(outcomes, first, second) ?? found;
}

function ofSilence(first: LiveAnswer, second: LiveAnswer): Judgement {
  if (first.kind === second.kind) return { kind: "undecided", why: "neither controller answers them" };
  const { why } = first.kind === "silent" ? first : second.kind === "silent" ? second : { why: "" };
  return { kind: "different", what: "no-answer", note: `${why}.` };
}

function compared(
  first: Answered,
  second: Answered,
  known: KnownServices,
  [firstPorts, secondPorts]: readonly [Partial<Ports>, Partial<Ports>],
  isForward: boolean,
): Judgement {
  const [a, b] = [whoAnswered(first, known), whoAnswered(second, known)];
  if (isTold(a) && isTold(b)) {
    const isSame = a.services.some((service) => b.services.includes(service));
    return isSame
      ? { kind: "same", service: "told" }
      : { kind: "different", what: "service", service: b.services.join(" or "), note: `Told by ${b.by}.` };
  }
  if (first.status !== second.status) return { kind: "different", what: "status" };
  const [from, to] = [locationOf(first, firstPorts), locationOf(second, secondPorts)];
  if (from !== to) return { kind: "different", what: "location" };
  const [page, other] = [pageOf(first), pageOf(second)];
  const isOwn = page === "controller" || page === "default backend";
  const isOtherOwn = other === "controller" || other === "default backend";
  if (isOwn !== isOtherOwn) {
    if (isOwn ? b.kind !== "untold" : a.kind !== "untold")
      return {
        kind: "different",
        what: "controller",
        note: "One page is the controller's own, the other a backend's.",
      };
    if (isForward)
      return {
        kind: "undecided",
        why: `the status ${first.status} is the same, and only one page is the controller's own`,
      };
  }
  return { kind: "same", service: isForward ? "not told" : "none" };
}

function isTold(who: Who): who is Extract<Who, { kind: "service" }> {
  return who.kind === "service" && who.proof === "sure";
}

function locationOf({ location }: Answered, ports: Partial<Ports>): string | undefined {
  return location === undefined ? undefined : productionForm(location, ports);
}

function excuseOf(
  [{ asked }, ...others]: readonly [Outcome, ...Outcome[]],
  first: Answered,
  second: Answered,
): Judgement | undefined {
  if (others.length > 0) return { kind: "undecided", why: "chance decides which Service answers" };
  const statuses = [first.status, second.status];
  for (const { guard } of asked) {
    if (
      guard.kind === "limits" &&
      statuses.some((status) => status === guard.status.rate || status === guard.status.connections)
    )
      return { kind: "undecided", why: "a rate limit may have refused them (lower --rate)" };
    if (guard.kind === "addresses" && statuses.includes(403))
      return {
        kind: "undecided",
        why: "the client's address decides, and each controller may see another one",
      };
  }
  return undefined;
}
