import type { Outcome } from "../../match/outcome.ts";
import type { ForwardDecision, Ports } from "../../model/decision.ts";
import type { LiveAnswer } from "../live-answer.ts";
import { isSameLocation } from "./location.ts";
import { type PageOf, pageOf } from "./own-page.ts";
import { type KnownServices, type Who, whoAnswered } from "./who.ts";

type Answered = Extract<LiveAnswer, { kind: "answered" }>;

export interface JudgeOptions {
  readonly known: KnownServices;
  /** Stand in for 80 and 443. */
  readonly ports: Partial<Ports>;
  /** Pages of the controller are nginx's. */
  readonly pages: "nginx's" | "unknown";
  /** The controller sees this computer's address as it is predicted with. */
  readonly client: "given" | "assumed";
}

/** Whether an answer is the predicted one. */
export type Judgement =
  | { readonly kind: "same"; readonly service: "told" | "not told" | "none" }
  /** `why`: a clause. */
  | { readonly kind: "undecided"; readonly why: string }
  | {
      readonly kind: "different";
      readonly what: "no-answer" | "controller" | "service" | "status" | "location";
      readonly service?: string | undefined;
      /** A sentence on what tells. */
      readonly note?: string | undefined;
    };

const ADDRESS_UNKNOWN =
  "the client's address decides (--client-address ADDRESS names the one that the controller sees)";

/**
 * Compares an answer with what was predicted. `outcomes`: more than one where chance decides. Pure; never throws.
 */
export function judge(
  outcomes: readonly [Outcome, ...Outcome[]],
  answer: LiveAnswer,
  options: JudgeOptions,
): Judgement {
  const [first] = outcomes;
  if (options.client === "assumed" && isByAddress(first)) return { kind: "undecided", why: ADDRESS_UNKNOWN };
  if (answer.kind === "silent") return { kind: "different", what: "no-answer", note: `${answer.why}.` };
  const verdicts = outcomes.map((outcome) => judgeOne(outcome, answer, options));
  const best = verdicts.find(({ kind }) => kind === "same") ?? verdicts[0];
  if (best === undefined || best.kind !== "different") return best ?? { kind: "undecided", why: "" };
  return maybeGuarded(first, answer) ?? best;
}

/** `/nginx_status` is for the controller's pod alone. */
function isByAddress({ asked, decision }: Outcome): boolean {
  return (
    asked.some(({ guard }) => guard.kind === "addresses") ||
    decision.why.some(({ code }) => code === "nginx-status")
  );
}

/** A guard whose verdict only the running controller knows may be the reason of the answer. */
function maybeGuarded({ asked, decision }: Outcome, { status }: Answered): Judgement | undefined {
  for (const { guard, verdict } of asked) {
    if (guard.kind === "limits" && (status === guard.status.rate || status === guard.status.connections))
      return { kind: "undecided", why: "a rate limit may have refused them (lower --rate)" };
    const isRefusal = status >= 300 && status !== 404;
    if (guard.kind === "external-auth" && verdict === "later" && isRefusal)
      return { kind: "undecided", why: "an authentication service decides" };
    if (verdict === "later" && status === 401) return { kind: "undecided", why: "a password decides" };
  }
  if ((decision.oneOf ?? []).length > 0)
    return { kind: "undecided", why: "production draws among several routes" };
  return undefined;
}

function judgeOne({ decision }: Outcome, answer: Answered, options: JudgeOptions): Judgement {
  const who = whoAnswered(answer, options.known);
  if (decision.kind === "forward") return judgeForward(decision, answer, who, options);
  if (who.kind === "service" && who.proof === "sure") return another(who);
  if (answer.status !== decision.status) return { kind: "different", what: "status", service: saidBy(who) };
  if (decision.kind === "redirect") {
    const isSame = isSameLocation(inBytes(decision.location), answer.location, options.ports);
    return isSame ? { kind: "same", service: "none" } : { kind: "different", what: "location" };
  }
  if (who.kind === "some backend") return { kind: "different", what: "service", note: "A backend answered." };
  const page = pageOf(answer);
  if (options.pages === "nginx's" && decision.text === undefined && page === "foreign")
    return {
      kind: "undecided",
      why: "the status is right, but the page is not the controller's: a backend may have it from somewhere else",
    };
  return { kind: "same", service: "none" };
}

function judgeForward(
  { backend, errorPage }: ForwardDecision,
  answer: Answered,
  who: Who,
  { pages }: JudgeOptions,
): Judgement {
  const wanted = `${backend.namespace}/${backend.service}`;
  if (who.kind === "service") {
    if (who.services.includes(wanted)) return { kind: "same", service: "told" };
    if (who.proof === "sure") return another(who);
    return {
      kind: "undecided",
      why: "the answer names another service, which may be the application's own word",
    };
  }
  if (who.kind === "some backend") return { kind: "same", service: "not told" };
  const { status } = answer;
  const page = pageOf(answer);
  if (status < 300) return { kind: "same", service: "not told" };
  // The Service of an error page answers with the status that it stands for, and no Service is asked before it.
  if (page === "controller" || page === "default backend")
    return { kind: "different", what: "controller", note: ownPageInWords(page, status) };
  if (pages === "nginx's" && page === "foreign") return { kind: "same", service: "not told" };
  if (errorPage !== undefined && status === errorPage && page === "foreign")
    return { kind: "same", service: "not told" };
  return { kind: "undecided", why: `the status ${status} may be the backend's or the controller's own` };
}

function ownPageInWords(page: PageOf, status: number): string {
  if (page === "default backend") return "The page is the controller's default backend's.";
  if (status === 502 || status === 504)
    return "The page is the controller's own: it reaches no pod of the Service.";
  if (status === 503) return "The page is the controller's own: the Service has no endpoints.";
  return "The page is the controller's own, not a backend's.";
}

function another(who: Extract<Who, { kind: "service" }>): Judgement {
  return { kind: "different", what: "service", service: saidBy(who), note: `Told by ${who.by}.` };
}

function saidBy(who: Who): string | undefined {
  return who.kind === "service" && who.proof === "sure" ? who.services.join(" or ") : undefined;
}

/** One char per byte, as an answer's headers are. */
function inBytes(text: string): string {
  return /^[\x00-\xff]*$/.test(text) ? text : Buffer.from(text, "utf8").toString("latin1");
}
