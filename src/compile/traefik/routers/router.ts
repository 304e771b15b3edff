import type { CustomResource, Ingress, IngressPath } from "../../../model/resource.ts";
import type { RouteMatch } from "../../../model/route/selection.ts";
import type { PROVIDERS } from "../facts.ts";
import type { RouterTarget } from "../services/target.ts";

type Provider = keyof typeof PROVIDERS;

/** A router before its middlewares are built. */
export interface Router {
  readonly provider: Provider;
  /** default: the entry point's own */
  readonly owner?: Ingress | CustomResource | undefined;
  /** The path or field that it is written in. */
  readonly at: string | IngressPath;
  /** The host of the Ingress rule; `""` for none. */
  readonly host: string;
  /** Without `@provider`. */
  readonly name: string;
  readonly rule: string;
  /** 0: the length of the rule */
  readonly priority: bigint;
  /** default: the priority alone. Of routers behind others. */
  readonly behind?: readonly Router[] | undefined;
  readonly match: RouteMatch;
  /** Those written; default: all by default. */
  readonly entryPoints: readonly string[];
  readonly tls?: { readonly options?: string | undefined } | undefined;
  /** References, in order. */
  readonly middlewares: readonly string[];
  readonly target: RouterTarget;
  /** Services of one name in Traefik, which draws one of them: `x/a-b and x-a/b`. default: its service is certain */
  readonly drawnAmong?: string | undefined;
}

/** The part of a router that TLS options of a host are read from; it may be without service. */
export type HostRouter = Pick<Router, "owner" | "at" | "match" | "entryPoints" | "tls">;

/** The length in bytes where no number is given. */
export function priorityOf({ priority, rule }: Pick<Router, "priority" | "rule">): bigint {
  return priority === 0n ? BigInt(Buffer.byteLength(rule)) : priority;
}
