import { createHash } from "node:crypto";
import type { Addresses } from "../../model/addresses.ts";
import type { ExternalAuthGuard, Guard, LimitGuard, PasswordGuard } from "../../model/guard.ts";
import { oncePer } from "../../once-per.ts";

/** Equal ones let in the same clients, whatever Ingress and annotation they are from. */
export interface GuardInWords {
  /** `basic-auth "Shop"` */
  readonly text: string;
  /** `for ann, bob (passwords 1f2e3d4c)`; "unknown": their Secret is not among the manifests. default: no users */
  readonly users?: string | undefined;
}

const NONE: readonly GuardInWords[] = [];
const UNKNOWN = "unknown";

/** Who is let in, in order. */
export function guardsInWords(guards: readonly Guard[] | undefined): readonly GuardInWords[] {
  return guards === undefined ? NONE : guards.map(guardInWords);
}

export function guardText({ text, users }: GuardInWords): string {
  return users === undefined
    ? text
    : users === UNKNOWN
      ? `${text} for the users of an absent Secret`
      : `${text} ${users}`;
}

/** Users that one side does not know are no difference. */
export function isSameGuard(a: GuardInWords, b: GuardInWords): boolean {
  return a.text === b.text && (a.users === b.users || a.users === UNKNOWN || b.users === UNKNOWN);
}

const guardInWords = oncePer((guard: Guard): GuardInWords => {
  switch (guard.kind) {
    case "limits":
      return { text: limitsInWords(guard) };
    case "addresses": {
      const { deny, allow } = guard;
      return {
        text: joined("addresses", [deny && `all but ${listed(deny)}`, allow && `only ${listed(allow)}`]),
      };
    }
    case "basic-auth":
    case "digest-auth":
      return { text: `${guard.kind} "${guard.realm}"`, users: usersInWords(guard) };
    case "external-auth":
      return { text: externalInWords(guard) };
    case "health":
      return { text: `health: ${guard.check.path}` };
    case "any-of":
      return anyOf(guard.guards.map(guardInWords));
  }
});

function anyOf(guards: readonly GuardInWords[]): GuardInWords {
  const users = guards.map((guard) => guard.users).filter((each) => each !== undefined);
  const text = `any of (${guards.map((guard) => guard.text).join("; ")})`;
  return users.length === 0
    ? { text }
    : { text, users: users.includes(UNKNOWN) ? UNKNOWN : users.join("; ") };
}

function joined(kind: string, parts: readonly (string | undefined)[]): string {
  return `${kind}: ${parts.filter((part) => part !== undefined).join(", ")}`;
}

function listed({ written }: Addresses): string {
  return written.join(" ");
}

function limitsInWords({ rates, connections, exempt, status }: LimitGuard): string {
  return joined("limits", [
    ...rates.map(({ annotation, perSecond, burst }) => `${annotation} ${perSecond / 1000}/s burst ${burst}`),
    connections && `${connections.atOnce} connections`,
    exempt && `not for ${listed(exempt)}`,
    `status ${status.rate} ${status.connections}`,
  ]);
}

/** Hashes stay secret: a part of their digest tells whether they changed. */
function usersInWords({ users, standsInFor }: Pick<PasswordGuard, "users" | "standsInFor">): string {
  if (standsInFor !== undefined) return UNKNOWN;
  const names = [...users.keys()].sort();
  const digest = createHash("sha256")
    .update(JSON.stringify([...users].sort()))
    .digest("hex")
    .slice(0, 8);
  return `for ${names.join(", ") || "nobody"} (passwords ${digest})`;
}

function externalInWords({ settings, method, signin }: ExternalAuthGuard): string {
  const { url, responseHeaders, setHeaders, cache, cookie, requestRedirect } = settings;
  return joined("external-auth", [
    `${method} ${url.source}`,
    settings.signin && signin && `sign in at ${settings.signin.source}`,
    requestRedirect && `redirect ${requestRedirect}`,
    responseHeaders.length === 0 ? undefined : `passes on ${responseHeaders.join(" ")}`,
    ...setHeaders.map(({ name, value }) => `sends ${name}: ${value.source}`),
    cache && `keeps answers by ${cache.key.source}`,
    cookie === "always" ? "cookies always" : undefined,
  ]);
}
