import { jsonFields, jsonString } from "../../../model/json.ts";
import type { ObjectStatus } from "../../../model/object-status.ts";
import type { Problem } from "../../../model/problem.ts";
import type { CustomResource } from "../../../model/resource.ts";
import { classNameOf, isClassNamed } from "../../class-name.ts";
import type { CompileOptions } from "../../options.ts";
import { ingressName } from "../../problem.ts";
import { CONTOUR } from "../facts.ts";
import type { HostTls } from "../https.ts";
import type { Objects } from "../objects.ts";
import type { ContourSettings } from "../settings.ts";
import { isRoot, type ProxyContext } from "./context.ts";
import { fieldsNotHonoured } from "./faults/not-honoured.ts";
import { type Root, rootOf } from "./root.ts";
import { notReconciled, ProxyStatuses } from "./statuses.ts";

/** What HTTPProxies come to. */
interface Proxies {
  readonly roots: readonly Root[];
  /** By host: in place of what Ingresses say. */
  readonly secured: ReadonlyMap<string, HostTls>;
  readonly problems: readonly Problem[];
  readonly statuses: readonly ObjectStatus[];
}

export function compileProxies(
  custom: readonly CustomResource[],
  options: CompileOptions,
  objects: Objects,
  settings: ContourSettings,
): Proxies {
  const all = custom.filter(({ kind }) => kind === "HTTPProxy");
  const own = all.filter((proxy) => {
    const { name } = classNameOf(proxy.metadata, jsonString(proxy.spec.ingressClassName), CONTOUR.classes);
    return isClassNamed(name, CONTOUR.classes, options);
  });
  const statuses = new ProxyStatuses();
  const proxies = new Map(own.map((proxy) => [ingressName(proxy), proxy]));
  const context: ProxyContext = {
    objects,
    settings,
    statuses,
    proxies,
    reached: new Set(),
    secured: new Map(),
  };
  const roots = [...rootsByHost(own)].flatMap(([host, same]): readonly Root[] => {
    const [root, ...others] = same;
    if (root !== undefined && others.length === 0)
      return [rootOf(root, host, context)].filter((each) => each !== undefined);
    const names = same.map(ingressName).sort().join(", ");
    const message = `fqdn "${host}" is used in multiple HTTPProxies: ${names}`;
    for (const each of same)
      statuses.error(each, ["VirtualHostError", "DuplicateVhost", message], "spec.virtualhost.fqdn");
    return [];
  });
  for (const proxy of own)
    if (!isRoot(proxy) && !context.reached.has(proxy))
      statuses.error(proxy, ["Orphaned", "Orphaned", ORPHAN], "spec");
  const isOwn = new Set(own);
  return {
    roots,
    secured: context.secured,
    problems: own.flatMap((proxy) => [...statuses.problemsOf(proxy), ...fieldsNotHonoured(proxy, settings)]),
    statuses: all.map((proxy) => (isOwn.has(proxy) ? statuses.statusOf(proxy) : notReconciled(proxy))),
  };
}

const ORPHAN = "this HTTPProxy is not part of a delegation chain from a root HTTPProxy";

function rootsByHost(proxies: readonly CustomResource[]): ReadonlyMap<string, readonly CustomResource[]> {
  const roots = new Map<string, CustomResource[]>();
  for (const proxy of proxies.filter(isRoot)) {
    const host = (jsonString(jsonFields(proxy.spec.virtualhost).fqdn) ?? "").toLowerCase();
    const same = roots.get(host);
    if (same === undefined) roots.set(host, [proxy]);
    else same.push(proxy);
  }
  return roots;
}
