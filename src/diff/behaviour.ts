import type { Outcome } from "../match/outcome.ts";
import type { Decision, ForwardDecision, HeaderLine } from "../model/decision.ts";
import type { Backend, Route } from "../model/route.ts";
import { type GuardInWords, guardsInWords } from "./behaviour/guards-in-words.ts";
import { type SettingsInWords, settingsInWords } from "./behaviour/settings.ts";

/** A certificate's stand-in where the connection is reset. */
export const RESET_TLS = "TLS is refused: the connection is reset";

/** What a client or the backend notices of one request. What is not known is absent. */
export interface Behaviour {
  /** `no answer`: of a running controller. */
  readonly kind: Decision["kind"] | "no answer";
  /** Absent for a forwarded request, whose backend chooses. */
  readonly status?: number | undefined;
  readonly location?: string | undefined;
  /** `default/cart:80` */
  readonly service?: string | undefined;
  /** Path and query for the backend; one char per byte. */
  readonly path?: string | undefined;
  /** Set on the way to the backend, and back. Sorted by name. */
  readonly requestHeaders?: readonly HeaderLine[] | undefined;
  readonly responseHeaders?: readonly HeaderLine[] | undefined;
  /** Who is let in, in order. */
  readonly guards?: readonly GuardInWords[] | undefined;
  /** The other share of the route: `20 of 100 to default/cart-next:80`, or `none`. */
  readonly canary?: string | undefined;
  /** The Secret of the host's certificate, for https. `none`: the controller's own; `RESET_TLS`: no connection */
  readonly certificate?: string | undefined;
  /** Effects of the transport. */
  readonly settings?: SettingsInWords | undefined;
}

/** Names that a reader knows. */
export interface Naming {
  /** `default/cart:80` */
  readonly service: (backend: Backend) => string;
  /** The Secret of a host's certificate. */
  readonly certificate: (outcome: Outcome) => string | undefined;
  /** The Service that TLS goes on to unopened: it alone sees the request. default: TLS ends here */
  readonly passed?: ((outcome: Outcome) => string | undefined) | undefined;
  /** `decided`: only what is said of a request; the defaults of transports differ between controllers. */
  readonly settings: "compared" | "decided";
}

const NOTHING: readonly never[] = [];

/** Made for every request, so one object without spreading. */
export function behaviourOf(outcome: Outcome, naming: Naming): Behaviour {
  const { decision, facts } = outcome;
  const passed = facts.scheme === "https" ? naming.passed?.(outcome) : undefined;
  if (passed !== undefined)
    return { kind: "forward", service: passed, certificate: naming.certificate(outcome) };
  const forward = decision.kind === "forward" ? decision : undefined;
  return {
    kind: decision.kind,
    status: decision.kind === "forward" ? undefined : decision.status,
    location: decision.kind === "redirect" ? productionLocation(decision) : undefined,
    service: forward && naming.service(forward.backend),
    path: forward?.upstreamPath,
    requestHeaders: forward && headersOnward(forward),
    responseHeaders: sorted(decision.responseHeaders, challengeOf(outcome)),
    guards: guardsInWords(decision.guards),
    canary: forward && canaryInWords(forward.route, naming.service),
    certificate: facts.scheme === "https" ? (naming.certificate(outcome) ?? "none") : undefined,
    settings: settingsInWords(outcome, naming.service, naming.settings),
  };
}

function headersOnward({ besides, requestHeaders, params }: ForwardDecision): readonly HeaderLine[] {
  const own =
    besides === undefined
      ? requestHeaders
      : [...(besides.before ?? []), ...(requestHeaders ?? []), ...(besides.behind ?? [])];
  return sorted(own, params);
}

function productionLocation({ location, production }: Extract<Decision, { kind: "redirect" }>): string {
  return production ?? location;
}

/** A session cookie's key is drawn, so it is a setting and no header here. */
function challengeOf({ decision }: Outcome): readonly HeaderLine[] | undefined {
  return decision.kind === "forward" ? undefined : decision.headers;
}

function sorted(
  lines: readonly HeaderLine[] = NOTHING,
  more: readonly HeaderLine[] = NOTHING,
): readonly HeaderLine[] {
  if (lines.length + more.length < 2) return lines.length === 0 ? more : lines;
  return [...lines, ...more].sort(([a], [b]) => compareNames(a, b));
}

function compareNames(a: string, b: string): number {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}

function canaryInWords({ action }: Route, nameOf: Naming["service"]): string {
  if (action.kind !== "forward" || action.shares.length < 2) return "none";
  const { shares, choose } = action;
  const whole = shares.reduce((sum, { weight }) => sum + weight, 0);
  const others = shares.slice(1).map(({ backend, weight }) => `${weight} of ${whole} to ${nameOf(backend)}`);
  const { header = "", value = "", pattern, cookie = "" } = choose ?? {};
  const source = pattern === "broken" ? "no expression" : pattern?.source;
  const rules = [
    header === "" ? "" : `by header ${header}`,
    value === "" ? "" : `of value ${value}`,
    source === undefined ? "" : `like ${source}`,
    cookie === "" ? "" : `by cookie ${cookie}`,
  ].filter((rule) => rule !== "");
  return [...others, ...rules].join(", ");
}
