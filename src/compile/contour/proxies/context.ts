import type { CustomResource } from "../../../model/resource.ts";
import type { HostTls } from "../https.ts";
import type { Objects } from "../objects.ts";
import type { ContourSettings } from "../settings.ts";
import type { ProxyStatuses } from "./statuses.ts";

/** What HTTPProxies are judged with. */
export interface ProxyContext {
  readonly objects: Objects;
  readonly settings: ContourSettings;
  readonly statuses: ProxyStatuses;
  /** Those of the class, by `NAMESPACE/NAME`. */
  readonly proxies: ReadonlyMap<string, CustomResource>;
  /** Those that a root leads to. */
  readonly reached: Set<CustomResource>;
  /** TLS of https hosts, also of roots that serve nothing, by host. */
  readonly secured: Map<string, HostTls>;
}

export function isRoot({ spec }: CustomResource): boolean {
  return spec.virtualhost !== undefined;
}
