import type { CanaryShare } from "../../../compile/ingress-nginx/annotations/canary.ts";
import { ingressName } from "../../../compile/problem.ts";
import type { Ingress, IngressPath } from "../../../model/resource.ts";
import type { ForwardAction, ShareRule } from "../../../model/route/action.ts";
import type { RouteRule, RouteTable } from "../../../model/route.ts";
import type { IngressSource } from "../sources.ts";

/** The other share of a path's requests. */
export interface CanaryPath {
  /** The canary Ingress. */
  readonly source: IngressSource;
  readonly share: CanaryShare;
  readonly path: IngressPath;
}

/** The paths of Ingresses as ingress-nginx serves them: who has one, and which canary is beside it. */
export class ServedPaths {
  readonly #served = new Set<string>();
  /** Of equal paths of an Ingress the first is served. */
  readonly #first = new Map<string, string>();
  readonly #canaries = new Map<string, CanaryPath>();
  readonly #owners = new Set<string>();
  readonly #used = new Set<Ingress>();

  constructor(sources: readonly IngressSource[], tables: readonly RouteTable[]) {
    const own = new Map(
      sources
        .filter(({ nginx }) => nginx !== undefined)
        .map((source) => [ingressName(source.ingress), source]),
    );
    for (const [owner, { ingress }] of own)
      for (const { host, paths = [] } of ingress.spec.rules)
        for (const path of paths) {
          const key = keyOf(owner, { host, ...path });
          if (!this.#first.has(key)) this.#first.set(key, path.field);
        }
    for (const { ingress, rule, action } of tables.flatMap(({ routes }) => routes)) {
      if (ingress === undefined || rule === undefined || ingress.kind !== undefined) continue;
      const owner = `${ingress.namespace}/${ingress.name}`;
      this.#owners.add(owner);
      this.#served.add(keyOf(owner, rule));
      const canary = action.kind === "forward" ? canaryOf(action, own) : undefined;
      if (canary === undefined) continue;
      this.#canaries.set(keyOf(owner, rule), canary);
      this.#used.add(canary.source.ingress);
    }
  }

  /** False for a path that an older Ingress has, or a canary, or the same Ingress before. */
  serves({ ingress, nginx }: IngressSource, host: string, path: IngressPath): boolean {
    const key = keyOf(ingressName(ingress), { host, ...path });
    return nginx === undefined || (this.#served.has(key) && this.#first.get(key) === path.field);
  }

  canary(ingress: Ingress, host: string, path: IngressPath): CanaryPath | undefined {
    return this.#canaries.get(keyOf(ingressName(ingress), { host, ...path }));
  }

  /** True for a canary: its own paths are none. One whose Service an ordinary path has is served as any other. */
  isAlternative({ ingress, nginx }: IngressSource): boolean {
    return nginx?.settings.canary !== undefined && !this.#owners.has(ingressName(ingress));
  }

  /** True for a canary that is beside a path. */
  isUsed({ ingress }: IngressSource): boolean {
    return this.#used.has(ingress);
  }
}

function keyOf(owner: string, { host, path, pathType }: Omit<RouteRule, "regex">): string {
  return JSON.stringify([owner, host, path === "" ? "/" : path, pathType]);
}

/** `undefined`: one without a share, whose Service is that of ordinary paths as well, is none */
function canaryOf(
  { shares, choose }: ForwardAction,
  sources: ReadonlyMap<string, IngressSource>,
): CanaryPath | undefined {
  const [main, other] = shares;
  const source = other?.from && sources.get(other.from.ingress);
  const { weight = 0, from: { rule } = {} } = other ?? {};
  if (source === undefined || rule === undefined || (choose === undefined && weight <= 0)) return undefined;
  const path = source.ingress.spec.rules
    .filter(({ host }) => host === rule.host)
    .flatMap(({ paths = [] }) => paths)
    .find((each) => each.path === rule.path && each.pathType === rule.pathType);
  // $http_x_team is the header X-Team; one that is written x_team is dropped.
  const rules = choose && { ...choose, header: choose.header.replaceAll("_", "-") };
  const share = { rule: rules ?? NO_RULE, weight, weightTotal: main.weight + weight };
  return path && { source, share, path };
}

const NO_RULE: ShareRule = { kind: "canary", header: "", value: "", cookie: "" };
