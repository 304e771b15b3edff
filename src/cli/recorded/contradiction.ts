import type { RecordedRequest } from "../../har/recorded.ts";
import type { Outcome } from "../../match/outcome.ts";
import type { Decision } from "../../model/decision.ts";
import { backendInWords } from "../explain/route-in-words.ts";
import type { ReadLocation } from "./location.ts";
import { type Said, saidByDecision, saidByRecording } from "./said.ts";

/** nginx's own pages name it without a version, since the controller has `server_tokens off`. */
const NGINX_PAGE = "<center>nginx</center>";
/** A failed upstream's answer, which no prediction knows. */
const OF_FAILURES: ReadonlySet<number> = new Set([499, 502, 503, 504]);
/** What a limit answers, which depends on the requests before. */
const OF_LIMITS: ReadonlySet<number> = new Set([429, 503]);

/** What was recorded, where no outcome as predicted can have been answered so. `undefined`: it can. */
export function contradictionOf(
  request: RecordedRequest,
  { decision, asked }: Pick<Outcome, "decision" | "asked">,
  read: ReadLocation,
): { readonly recorded: Said; readonly now: Said } | undefined {
  const recorded = saidByRecording(request, read);
  const now = saidByDecision(decision, request, read);
  if (decision.kind === "forward" && mayBeRefused(recorded, asked)) return undefined;
  const agrees =
    request.known === undefined
      ? agreesWithAnswer(request, recorded, decision, now)
      : agreesWithKnown(request.known.decision, recorded, decision, now);
  return agrees ? undefined : { recorded, now };
}

/** Only asking tells what an authentication service says, and only counting what a limit does. */
function mayBeRefused({ status = 0, service }: Said, asked: Outcome["asked"]): boolean {
  if (service !== undefined) return false;
  return asked.some(
    ({ guard, verdict }) =>
      (verdict === "later" && (status === 401 || status === 403 || (status >= 300 && status < 400))) ||
      (guard.kind === "limits" && OF_LIMITS.has(status)),
  );
}

function agreesWithKnown(was: Decision["kind"], recorded: Said, decision: Decision, now: Said): boolean {
  if (was !== decision.kind) return false;
  if (decision.kind !== "forward")
    return recorded.status === now.status && recorded.location === now.location;
  return (
    recorded.path === now.path && (recorded.service === now.service || isChance(decision, recorded.service))
  );
}

/** Of another tool's recording only the answer is known. */
function agreesWithAnswer(request: RecordedRequest, recorded: Said, decision: Decision, now: Said): boolean {
  const { status = 0 } = recorded;
  if (status === 0) return true;
  if (decision.kind !== "forward")
    return status === now.status && (recorded.location === undefined || recorded.location === now.location);
  if (recorded.service !== undefined && recorded.service !== now.service)
    return isChance(decision, recorded.service);
  if (recorded.path !== undefined && recorded.path !== now.path) return false;
  const isOwnPage = request.answer?.text?.includes(NGINX_PAGE) === true && !OF_FAILURES.has(status);
  return !isOwnPage && !isToHttps(request, recorded);
}

/** A redirect to the same URL by https is the controller's, not the Service's. */
function isToHttps({ scheme, target }: RecordedRequest, { status = 0, location = "" }: Said): boolean {
  const isRedirect = status === 301 || status === 308;
  return isRedirect && scheme === "http" && location.startsWith("https://") && location.endsWith(target);
}

/** The draw between the shares of a route may fall otherwise. */
export function isChance(decision: Decision, service: string | undefined): boolean {
  if (decision.kind !== "forward" || decision.route.action.kind !== "forward") return false;
  const { shares } = decision.route.action;
  const total = shares.reduce((sum, { weight }) => sum + weight, 0);
  return shares.some(
    ({ backend, weight }) => weight > 0 && weight < total && backendInWords(backend) === service,
  );
}
