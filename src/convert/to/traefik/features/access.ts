import type { MadeFields } from "../../made.ts";
import { EXTERNAL_AUTH } from "../../nginx/groups.ts";
import { isAtHostOf, isOf } from "../../nginx/lost.ts";
import { type ExplainedParts, type Explains, OF_GUARDS } from "../../target.ts";
import type { TraefikParts } from "../parts.ts";
import { passwordsOf } from "../passwords.ts";

const GUARDS: ExplainedParts = { aspects: ["guards", "status"] };
const ALL: ExplainedParts = { aspects: "answer" };

/** Limits, addresses, passwords, an authentication service. */
export function accessFeatures(parts: TraefikParts): void {
  const { limits, addresses, password, external } = parts.nginx.settings.location.guards ?? {};
  if (limits !== undefined) limitFeatures(parts);
  if (addresses?.allow !== undefined) {
    const sourceRange = parts.of(annotationOf(parts, "allowlist-source-range", "whitelist-source-range"), [
      ...addresses.allow.written,
    ]);
    parts.chain.push(parts.middleware("allow", { ipAllowList: { sourceRange } }));
    parts.done("allowlist-source-range", "whitelist-source-range");
  }
  // The ConfigMap's list is the whole controller's.
  if (addresses?.deny !== undefined && parts.has("denylist-source-range"))
    close(parts, ["denylist-source-range"], "a Middleware lets addresses in, and keeps none out");
  if (password !== undefined)
    passwordFeature(parts, password.kind === "digest-auth" ? "digestAuth" : "basicAuth");
  if (external !== undefined) externalFeature(parts);
  if (parts.text("satisfy") !== "any") return;
  parts.done("satisfy");
  parts.say("satisfy", "all guards have to let a request in, not any of them", { aspects: OF_GUARDS });
}

function annotationOf(parts: TraefikParts, name: string, older: string): string {
  return parts.has(name) ? name : older;
}

/** A larger number is written as a fraction, which the API server takes for none. */
const MOST_COUNT = 1_000_000_000;

/** Seconds and minutes are Middlewares of their own. */
function limitFeatures(parts: TraefikParts): void {
  const { annotations } = parts.nginx;
  const times = Math.max(annotations.integer("limit-burst-multiplier") ?? 5, 1);
  parts.done("limit-rps", "limit-rpm", "limit-burst-multiplier", "limit-connections");
  for (const [name, period] of [
    ["limit-rps", "1s"],
    ["limit-rpm", "1m"],
  ] as const) {
    const count = Math.min(annotations.integer(name) ?? 0, MOST_COUNT);
    if (count <= 0) continue;
    const burst = Math.min(count * times, MOST_COUNT);
    const rateLimit = { average: parts.of(name, count), period, burst };
    parts.chain.push(parts.middleware(name, { rateLimit }));
    parts.say(name, "Traefik answers 429 in place of 503, and counts each route alone", GUARDS);
  }
  const amount = Math.min(annotations.integer("limit-connections") ?? 0, MOST_COUNT);
  if (amount <= 0) return;
  const inFlightReq = {
    amount: parts.of("limit-connections", amount),
    sourceCriterion: { ipStrategy: { depth: 0 } },
  };
  parts.chain.push(parts.middleware("limit-connections", { inFlightReq }));
  parts.say("limit-connections", "Traefik answers 429 in place of 503, and counts each route alone", GUARDS);
}

/** No client's address. */
const NOBODY = "255.255.255.255";

/** No client has it. */
const OF_NOBODY: ExplainedParts = {
  aspects: [
    ...(["kind", "status", "service", "path", "location", "guards", "settings"] as const),
    ...(["response headers", "request headers"] as const),
  ],
};

/** A guard that cannot be said closes. `names`: annotations that say so */
export function close(parts: TraefikParts, names: readonly string[], why: string): void {
  parts.done(...names);
  const name = `${parts.ingress.metadata.name}-closed`;
  if (!parts.objects.some(({ metadata }) => metadata.name === name))
    parts.chain.push(parts.middleware("closed", { ipAllowList: { sourceRange: [`${NOBODY}/32`] } }));
  const message = `${why}: everybody is refused (403)`;
  for (const each of names) parts.say(each, message, closedOf(parts));
  if (names.length === 0)
    parts.note("metadata.name", message, closedOf(parts), "Choose another guard for the host.");
}

/** A certificate is asked for before a path is looked for. */
function closedOf(parts: TraefikParts): Explains {
  return (difference) => {
    const isAsked = isOf(parts.ingress, difference) || isAtHostOf(parts.ingress, difference);
    const { first, second, request } = difference;
    const isOpened = second.behaviour.kind === "forward" && first.behaviour.kind !== "forward";
    if (!isAsked) return undefined;
    const isLetIn = request.client === NOBODY || difference.client === "let in";
    // The guard is there all the same.
    if (isLetIn && JSON.stringify(second.behaviour.guards ?? []).includes(NOBODY)) return OF_NOBODY;
    return isOpened ? undefined : { aspects: "answer" };
  };
}

const PASSWORDS = ["auth-type", "auth-secret", "auth-secret-type", "auth-realm"];

function passwordFeature(parts: TraefikParts, kind: "basicAuth" | "digestAuth"): void {
  const written = parts.text("auth-secret") ?? "";
  const [name = "", namespace] = written.split("/").reverse();
  const isElsewhere = namespace !== undefined && namespace !== parts.ingress.metadata.namespace;
  if (isElsewhere || parts.text("auth-secret-type") === "auth-map") {
    const why = isElsewhere
      ? "a Middleware takes a Secret of its own namespace alone"
      : "a Middleware takes one key with all users, and no key for each";
    close(parts, PASSWORDS, why);
    return;
  }
  parts.done(...PASSWORDS);
  const realm = parts.text("auth-realm");
  const spec: MadeFields = {
    secret: parts.of("auth-secret", name),
    realm: realm === undefined ? undefined : parts.of("auth-realm", realm),
    removeHeader: true,
  };
  parts.chain.push(parts.middleware("password", { [kind]: spec }));
  parts.say(
    "auth-type",
    "the Secret may have no other key than auth, passwords in $5$, $6$ and {PLAIN} are refused, and the realm's default is traefik",
    passwordsOf(parts.ingress),
  );
}

/** `forwardAuth` sends the client's headers, and passes other answers on. */
function externalFeature(parts: TraefikParts): void {
  const address = parts.text("auth-url") ?? "";
  if (address.includes("$")) {
    close(parts, EXTERNAL_AUTH, "forwardAuth fills in no variables");
    return;
  }
  parts.done(...EXTERNAL_AUTH);
  parts.say(
    "auth-always-set-cookie",
    "cookies of the service do not reach the client: addAuthCookiesToResponse takes single names",
    { responseHeaders: ["set-cookie"] },
  );
  const headers = commaSeparated(parts.text("auth-response-headers"));
  const forwardAuth: MadeFields = {
    address: parts.of("auth-url", address),
    authResponseHeaders: headers.length === 0 ? undefined : parts.of("auth-response-headers", headers),
  };
  parts.chain.push(parts.middleware("auth", { forwardAuth }));
  parts.say(
    "auth-url",
    "the service is told of requests in X-Forwarded-Method, -Uri and -Host, and its other answers are passed on",
    { aspects: ["guards"], requestHeaders: headers.map((name) => name.toLowerCase()) },
  );
  parts.say(
    "auth-signin",
    "the client gets the service's own answer in place of a redirect to sign in",
    askedOtherwise(parts),
    "Let the service redirect.",
  );
  for (const name of EXTERNAL_AUTH.filter((each) => !SAID.includes(each)))
    parts.say(name, "forwardAuth asks the service without it", askedOtherwise(parts));
}

/** Converted, or said by themselves. */
const SAID: readonly string[] = [
  "auth-url",
  "auth-signin",
  "auth-response-headers",
  "auth-always-set-cookie",
];

/** The client's answer is the service's, or asks it to sign in. */
function askedOtherwise({ ingress }: TraefikParts): Explains {
  return (difference) => {
    if (!isOf(ingress, difference)) return undefined;
    const [reason] = difference.first.why;
    const isDecided = reason?.code === "auth-service" || reason?.code === "auth-signin";
    return isDecided ? ALL : { aspects: ["guards", "request headers"] };
  };
}

export function commaSeparated(text: string | undefined): readonly string[] {
  return (text ?? "")
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
}
