import { GATEWAY_GROUP } from "../facts.ts";
import type { AuthorityFault } from "../listeners/authorities.ts";
import { isCoveredBy } from "../listeners/hostnames.ts";
import { type GatewayListener, kindsFor } from "../listeners.ts";
import { asSentence, byType, condition, type StatusCondition } from "./condition.ts";

const INVALID = "Listener is invalid, see other Conditions for details.";
const NO_TLS = "Listener must have TLS set when protocol is HTTPS.";
const PROTOCOLS: ReadonlySet<string> = new Set(["HTTP", "HTTPS", "TLS", "TCP", "UDP"]);

/** The conditions of a listener, in the order of their types. */
export function listenerConditions(
  listener: GatewayListener,
  siblings: readonly GatewayListener[],
): readonly StatusCondition[] {
  const refs = references(listener);
  const refused = refusal(listener);
  const isAccepted = refused.length === 0 && refs.accepted && listener.tls !== "none";
  const conditions = [
    ...refused,
    ...(refused.length === 0 && listener.owner.kind === "ListenerSet" ? [NO_CONFLICTS] : []),
    refs.condition,
    programmed(listener),
    ...(isAccepted ? [ACCEPTED] : []),
    ...overlap(listener, siblings),
  ];
  return byType(conditions);
}

const ACCEPTED = condition("Accepted", "True", "Accepted", "Listener has been successfully translated");
const NO_CONFLICTS = condition("Conflicted", "False", "NoConflicts", "No conflicts detected");
const RESOLVED = condition("ResolvedRefs", "True", "ResolvedRefs", "Listener references have been resolved");

function programmed(listener: GatewayListener): StatusCondition {
  const { served, tls, conflict } = listener;
  if (conflict !== undefined && isToldEverywhere(listener))
    return condition("Programmed", "False", conflict.reason, conflict.message);
  if (!served) return condition("Programmed", "False", "Invalid", tls === "none" ? NO_TLS : INVALID);
  const message = "Sending translated listener configuration to the data plane";
  return condition("Programmed", "True", "Programmed", message);
}

/** Conflicts of a ListenerSet's listeners are told in three conditions. */
function isToldEverywhere({ owner, gateway, conflict }: GatewayListener): boolean {
  return owner !== gateway && conflict?.isToldOnce !== true;
}

function refusal(listener: GatewayListener): readonly StatusCondition[] {
  const { protocol, conflict, clients } = listener;
  if (!PROTOCOLS.has(protocol)) {
    const message = `Protocol ${protocol} is unsupported, must be HTTP, HTTPS, TCP or UDP.`;
    return [condition("Accepted", "False", "UnsupportedProtocol", message)];
  }
  if (conflict !== undefined) {
    const { reason, message } = conflict;
    const own = condition("Conflicted", "True", reason, message);
    return isToldEverywhere(listener) ? [own, condition("Accepted", "False", reason, message)] : [own];
  }
  if (clients?.pem !== "") return [];
  const message = clients.faults.map((each) => asSentence(each.message)).join("\n");
  return [condition("Accepted", "False", "NoValidCACertificate", message)];
}

interface References {
  readonly condition: StatusCondition;
  /** A missing Secret leaves the listener accepted, a forbidden one does not. */
  readonly accepted: boolean;
}

const AUTHORITY_REASONS: Readonly<Record<AuthorityFault["about"], string>> = {
  kind: "InvalidCACertificateKind",
  grant: "RefNotPermitted",
  ref: "InvalidCACertificateRef",
};

function references(listener: GatewayListener): References {
  const { tls, clients } = listener;
  const bad = badKindIn(listener);
  if (typeof tls !== "string" && tls.faults.length > 0) {
    const messages = tls.faults.map(({ message }) => message).join("\n");
    const unresolved = (reason: string, message: string) =>
      condition("ResolvedRefs", "False", reason, asSentence(message));
    if (tls.usable.length > 0) {
      const message = `Some secrets are invalid: ${messages}`;
      return {
        condition: unresolved("PartiallyInvalidCertificateRef", message),
        accepted: bad === undefined,
      };
    }
    const isForbidden = tls.faults.every(({ reason }) => reason === "RefNotPermitted");
    const reason = isForbidden ? "RefNotPermitted" : "InvalidCertificateRef";
    const accepted = reason !== "RefNotPermitted" && bad === undefined;
    return { condition: unresolved(reason, `No valid secrets exist: ${messages}`), accepted };
  }
  const [fault] = clients?.faults ?? [];
  if (fault !== undefined) {
    const messages = clients?.faults.map(({ message }) => asSentence(message)).join("\n") ?? "";
    const unresolved = condition("ResolvedRefs", "False", AUTHORITY_REASONS[fault.about], messages);
    return { condition: unresolved, accepted: bad === undefined };
  }
  if (bad === undefined) return { condition: RESOLVED, accepted: true };
  return { condition: condition("ResolvedRefs", "False", "InvalidRouteKinds", bad), accepted: false };
}

/** The last kind that the listener's protocol does not know, in words. */
function badKindIn({ protocol, kinds, badKinds, hasBadGroup, tls }: GatewayListener): string | undefined {
  const bad = badKinds.at(-1);
  const known = kinds.length > 0 ? kinds : kindsFor(protocol, tls === "passthrough");
  if (bad !== undefined) return `${bad} is not supported, kind must be one of [${known.join(" ")}]`;
  return hasBadGroup ? `Group is not supported, group must be ${GATEWAY_GROUP}` : undefined;
}

/** Two HTTPS listeners of a port whose certificates, or whose names, have something in common. */
function overlap(
  listener: GatewayListener,
  siblings: readonly GatewayListener[],
): readonly StatusCondition[] {
  const others = httpsBeside(listener, siblings);
  for (const other of others) {
    const shared = sharedNames(listener, other);
    if (shared === undefined) continue;
    const message = `The certificate SAN ${shared.own} overlaps with the certificate SAN ${shared.others} in listener ${other.name}. ALPN will default to HTTP/1.1 to prevent HTTP/2 connection coalescing, unless explicitly configured by TLS settings in ClientTrafficPolicy.`;
    return [condition("OverlappingTLSConfig", "True", "OverlappingCertificates", message)];
  }
  const other = others.find((each) => haveCommonHosts(listener.hostname, each.hostname));
  if (other === undefined) return [];
  const message = `The hostname ${listener.hostname ?? ""} overlaps with the hostname ${other.hostname ?? ""} in listener ${other.name}.`;
  return [condition("OverlappingTLSConfig", "True", "OverlappingHostnames", message)];
}

/** The other served HTTPS listeners of its port. */
function httpsBeside(
  listener: GatewayListener,
  siblings: readonly GatewayListener[],
): readonly GatewayListener[] {
  const isServedTls = ({ protocol, served }: GatewayListener) => protocol === "HTTPS" && served;
  if (!isServedTls(listener)) return [];
  return siblings.filter((other) => other !== listener && other.port === listener.port && isServedTls(other));
}

/** True if its certificates and those of another HTTPS listener of its port are for one name. */
export function sharesCertificates(listener: GatewayListener, siblings: readonly GatewayListener[]): boolean {
  return httpsBeside(listener, siblings).some((other) => sharedNames(listener, other) !== undefined);
}

function haveCommonHosts(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || isCoveredBy(a, b) || isCoveredBy(b, a);
}

function sharedNames(a: GatewayListener, b: GatewayListener): { own: string; others: string } | undefined {
  for (const own of namesOf(a))
    for (const others of namesOf(b))
      if (own === others || isCoveredBy(own, others) || isCoveredBy(others, own)) return { own, others };
  return undefined;
}

function namesOf({ tls }: GatewayListener): readonly string[] {
  return typeof tls === "string" ? [] : tls.usable.flatMap(({ names = [] }) => names);
}
