import type { Reason } from "../../../model/reason.ts";
import type { Affinity, Balancing } from "../../../model/route/balancing.ts";
import type { Backend } from "../../../model/route.ts";
import { type Ask, given, sameList, sameRecord } from "../../query.ts";
import { FLAGS, SERVICE_NAMED } from "../../world.ts";
import type { SettledIngress } from "../settling.ts";
import { NAMER } from "../survey.ts";

/** An upstream of the controller, before canaries are merged into it. */
export interface NginxUpstream {
  readonly name: string;
  readonly backend: Backend;
  /** The oldest Ingress that names it; its annotations count for every path. */
  readonly owner: SettledIngress;
  /** It is only a canary's upstream, with no path of its own. */
  readonly noServer: boolean;
  readonly endpoints: Balancing["endpoints"];
  readonly removed: string | undefined;
}

/** What `affinity` and canaries make of an upstream. */
export interface UpstreamState {
  readonly affinity: Affinity | undefined;
  /** Beside the reasons of its owner. */
  readonly why: readonly Reason[];
  readonly removed: string | undefined;
}

/** An upstream after canaries are merged, with the canary that is asked in its place. */
export interface MergedUpstream extends UpstreamState {
  readonly canary: CanaryOfUpstream | undefined;
}

export interface CanaryOfUpstream {
  readonly name: string;
  readonly owner: SettledIngress;
  readonly rule: { readonly host: string; readonly path: string; readonly pathType: "Exact" | "Prefix" };
  readonly state: UpstreamState;
}

/** The controller's upstream of a name; `undefined` if no Ingress names it. */
export function upstreamOf(name: string, ask: Ask): NginxUpstream | undefined {
  const namer = ask.for(NAMER, name);
  if (namer === undefined) return undefined;
  const { owner, port } = namer;
  const { balancing, canary } = owner.settings;
  const { backend } = port;
  return {
    name,
    backend,
    owner,
    noServer: canary !== undefined,
    endpoints: balancing.serviceUpstream && hasAddress(backend, ask) ? "service" : "pods",
    removed: forbidden(backend, ask),
  };
}

/** `--disable-svc-external-name` (controller.go, serviceEndpoints). */
function forbidden({ namespace, service }: Backend, ask: Ask): string | undefined {
  if (ask.for(FLAGS).disableSvcExternalName !== true) return undefined;
  return ask.for(SERVICE_NAMED, `${namespace}/${service}`)?.type === "ExternalName"
    ? `the Service ${namespace}/${service} is an ExternalName, which --disable-svc-external-name leaves without endpoints`
    : undefined;
}

/** Headless Services and ExternalNames have no address of their own, so they resolve to endpoints anyway. */
function hasAddress({ namespace, service }: Backend, ask: Ask): boolean {
  const known = ask.for(SERVICE_NAMED, `${namespace}/${service}`);
  return known !== undefined && known.type !== "ExternalName" && known.clusterIP !== "None";
}

/** `undefined`: round robin */
export function balancingOf(
  { name, endpoints, owner }: NginxUpstream,
  { affinity, removed, why }: UpstreamState,
): Balancing | undefined {
  const { hash, why: own } = owner.settings.balancing;
  const sentences = [...own, ...why];
  if (endpoints === "pods" && affinity === undefined && hash === undefined && removed === undefined)
    return sentences.length === 0 ? undefined : { upstream: name, endpoints, why: sentences };
  return { upstream: name, endpoints, hash, affinity, removed, why: sentences };
}

/** The upstreams that canaries have to do with, once canaries are merged. */
export const MERGED = given<string, MergedUpstream | undefined>("upstream beside canaries", sameMerged);

function sameMerged(before: MergedUpstream | undefined, now: MergedUpstream | undefined): boolean {
  if (before === undefined || now === undefined) return before === now;
  const [a, b] = [before.canary, now.canary];
  if (!sameState(before, now) || a === undefined || b === undefined) return sameState(before, now) && a === b;
  return (
    a.name === b.name && a.owner === b.owner && sameRecord(a.rule, b.rule) && sameState(a.state, b.state)
  );
}

function sameState(before: UpstreamState, now: UpstreamState): boolean {
  const { affinity, why, removed } = before;
  return removed === now.removed && sameRecord(affinity, now.affinity) && sameList(why, now.why);
}
