import type { NextUpstream, NextUpstreamCondition } from "../../../model/route/transport.ts";
import type { Annotations, Feature } from "../annotations.ts";
import { DEFAULT_NEXT_UPSTREAM, withNote, withTransport } from "../settings.ts";
import { documented } from "./documented.ts";

/** ngx_conf_set_num_slot. */
const TRIES_REFUSED = '"proxy_next_upstream_tries" directive invalid number';
/** nginx's ngx_http_proxy_next_upstream_masks that the controller accepts. */
const CONDITIONS: ReadonlySet<string> = new Set(
  "error timeout invalid_header http_500 http_502 http_503 http_504 http_403 http_404 http_429 non_idempotent off".split(
    " ",
  ),
);

/**
 * `proxy-next-upstream`, `proxy-next-upstream-timeout` (seconds) and `proxy-next-upstream-tries`
 * (annotations/proxy/main.go).
 */
export const nextUpstream: Feature = {
  annotations: documented("Proxy", {
    Low: "proxy-next-upstream-timeout proxy-next-upstream-tries",
    Medium: "proxy-next-upstream",
  }),
  applies: "always",
  apply: (annotations, settings) => {
    const before = settings.transport.nextUpstream ?? DEFAULT_NEXT_UPSTREAM;
    const words = readWords(annotations);
    const tries = annotations.notNegative("proxy-next-upstream-tries", TRIES_REFUSED) ?? before.tries;
    const seconds = annotations.notNegative("proxy-next-upstream-timeout");
    const { retries } = annotations.world.config.compileTime;
    const next: NextUpstream = {
      conditions: withRetries(words === undefined ? before.conditions : conditionsOf(words), retries),
      tries,
      timeoutMs: seconds === undefined ? before.timeoutMs : seconds * 1000,
    };
    const isUsual = words === undefined && tries === before.tries && seconds === undefined;
    if (isUsual && retries === "idempotent") return settings;
    const note = annotations.because("proxy-next-upstream", inWords(annotations, next));
    return withNote(withTransport(settings, { nextUpstream: next }), note);
  },
};

/** The validator accepts words without blanks between them; nginx does not (ngx_conf_set_bitmask_slot). */
function readWords(annotations: Annotations): string | undefined {
  const name = "proxy-next-upstream";
  const value = annotations.text(name);
  const run = value?.split(/\s+/).find((word) => word !== "" && !CONDITIONS.has(word));
  if (run === undefined) return value;
  const words = `invalid value "${run}"`;
  annotations.report.stop(
    name,
    words,
    `nginx knows no condition "${run}"`,
    "Write a blank between the words.",
  );
  return undefined;
}

/** `off` disables other words beside it (ngx_http_proxy_module.c, ngx_http_proxy_merge_loc_conf). */
function conditionsOf(words: string): ReadonlySet<NextUpstreamCondition> {
  const all = words.split(/\s+/).filter((word) => word !== "");
  return new Set(all.includes("off") ? [] : (all as NextUpstreamCondition[]));
}

/** `retry-non-idempotent` of the ConfigMap (template.go, buildNextUpstream); `off` stays off. */
function withRetries(
  conditions: ReadonlySet<NextUpstreamCondition>,
  retries: "idempotent" | "all",
): ReadonlySet<NextUpstreamCondition> {
  return retries === "idempotent" || conditions.size === 0
    ? conditions
    : new Set<NextUpstreamCondition>([...conditions, "non_idempotent"]);
}

function inWords(annotations: Annotations, { conditions, tries, timeoutMs }: NextUpstream): string {
  const name = annotations.nameOf("proxy-next-upstream");
  if (conditions.size === 0) return `${name}: no request is sent to another upstream`;
  const most = tries === 0 ? "as often as it takes" : `in at most ${tries} tries`;
  const within = timeoutMs === 0 ? "" : `, begun within ${timeoutMs / 1000} s`;
  return `${name}: on ${[...conditions].join(", ")} a request is sent to another upstream, ${most}${within}`;
}
