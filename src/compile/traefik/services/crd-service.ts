import { type JsonObject, jsonFields, jsonItems, jsonNumber, jsonString } from "../../../model/json.ts";
import type { ServerCookie } from "../../../model/route/server-cookie.ts";
import { portText } from "../../../service/port.ts";
import type { Step } from "../../../step/step.ts";
import { PROVIDERS } from "../facts.ts";
import { Lost } from "../lost.ts";
import { joinedName, serviceEntryName } from "../names.ts";
import type { TraefikObjects } from "../objects.ts";
import { statusRanges } from "../status-ranges.ts";
import { internalService } from "./internal-services.ts";
import { elsewhere, ownService, portOfItem } from "./own-service.ts";
import { sharedOptions } from "./shared-options.ts";
import { writtenCookie } from "./sticky.ts";
import { type RouterTarget, weighted } from "./target.ts";

/**
 * An item of `services`, or the service of an errors page (pkg/provider/kubernetes/crd/kubernetes_http.go). `named`: the
 * name of a route's only service. default: by the Service's port, with the options that all of this port share
 */
export function crdService(
  namespace: string,
  item: JsonObject,
  objects: TraefikObjects,
  path: readonly string[] = [],
  named?: string,
): RouterTarget | Lost {
  const name = jsonString(item.name) ?? "";
  const of = jsonString(item.namespace) || namespace;
  if ((jsonString(item.kind) ?? "Service") !== "TraefikService") {
    const counting = named === undefined ? sharedOptions(namespace, item, objects) : item;
    return ownService(of, { item: counting, name, from: namespace, named }, objects);
  }
  const target = traefikService({ name, namespace: of, from: namespace }, objects, path);
  return target instanceof Lost ? target.later() : target;
}

/** Several services share by weight; weights are 1 by default. */
export function sharedServices(
  namespace: string,
  items: readonly JsonObject[],
  objects: TraefikObjects,
  path: readonly string[] = [],
  sticky?: ServerCookie,
): RouterTarget | Lost {
  const parts: { readonly name: string; readonly target: RouterTarget; readonly weight: number }[] = [];
  let later: Lost | undefined;
  for (const item of items) {
    const target = crdService(namespace, item, objects, path);
    if (target instanceof Lost) {
      if (target.when === "at once") return target;
      later ??= target;
      continue;
    }
    parts.push({ name: entryOf(namespace, item), target, weight: jsonNumber(item.weight) ?? 1 });
  }
  return later ?? weighted(parts, sticky);
}

/** As the cookie of a weighted service names a member. */
function entryOf(namespace: string, item: JsonObject): string {
  const port = portOfItem(item);
  const of = jsonString(item.namespace) || namespace;
  const name = jsonString(item.name) ?? "";
  return port === undefined ? joinedName(`${of}-${name}`) : serviceEntryName(of, name, portText(port));
}

interface Reference {
  readonly name: string;
  readonly namespace: string;
  /** The namespace of whoever names it. */
  readonly from: string;
}

/** Deeper services are refused here. */
const DEEPEST = 30;

function traefikService(
  { name, namespace, from }: Reference,
  objects: TraefikObjects,
  path: readonly string[],
): RouterTarget | Lost {
  const at = name.indexOf("@");
  const provider = at < 0 ? undefined : name.slice(at + 1);
  if (provider === PROVIDERS.internal || provider === PROVIDERS.ingress)
    return internalService(name.slice(0, at), provider, objects);
  if (provider === undefined && namespace !== from && !objects.flags.crossNamespace)
    return elsewhere("TraefikService", `${namespace}/${name}`);
  // A name with its provider is not held to the namespace.
  const found =
    provider === undefined
      ? objects.custom("TraefikService", namespace, name)
      : provider === PROVIDERS.crd
        ? objects.joined("TraefikService", name.slice(0, at))
        : undefined;
  if (found === undefined)
    return new Lost(`there is no TraefikService ${namespace}/${name}`, "Add it, or correct its name.");
  const own = `${found.metadata.namespace}/${found.metadata.name}`;
  if (path.includes(own) || path.length >= DEEPEST)
    return new Lost(`TraefikService ${own} contains itself`, "Take one of them out of the circle.");
  return parts(found.metadata, found.spec, objects, [...path, own]);
}

interface Named {
  readonly namespace: string;
  readonly name: string;
}

function parts(
  { namespace, name }: Named,
  spec: JsonObject,
  objects: TraefikObjects,
  path: readonly string[],
): RouterTarget | Lost {
  for (const kind of ["weighted", "highestRandomWeight"]) {
    if (spec[kind] === undefined) continue;
    const { services, sticky } = jsonFields(spec[kind]);
    const cookie = writtenCookie(sticky, `${joinedName(`${namespace}-${name}`)}@${PROVIDERS.crd}`);
    return sharedServices(namespace, jsonItems(services).map(jsonFields), objects, path, cookie);
  }
  if (spec.mirroring !== undefined) return mirroring(namespace, jsonFields(spec.mirroring), objects, path);
  if (spec.failover !== undefined) return failover(namespace, jsonFields(spec.failover), objects, path);
  return new Lost("the TraefikService has no kind", "Give it weighted, mirroring or another kind.");
}

/** The main service answers; the others get copies (pkg/server/service/loadbalancer/mirror). */
function mirroring(
  namespace: string,
  spec: JsonObject,
  objects: TraefikObjects,
  path: readonly string[],
): RouterTarget | Lost {
  const copies: Step[] = [];
  for (const item of jsonItems(spec.mirrors)) {
    const fields = jsonFields(item);
    const target = crdService(namespace, fields, objects, path);
    if (target instanceof Lost) return target;
    const percent = jsonNumber(fields.percent) ?? 0;
    const body = spec.mirrorBody === false ? ("left-out" as const) : undefined;
    if (target.kind === "leaves")
      copies.push({ kind: "envoy-mirror", to: target.leaves[0].backend, percent, body });
  }
  const main = crdService(namespace, spec, objects, path);
  if (main instanceof Lost || main.kind === "answer") return main;
  const [first, ...others] = main.leaves;
  const withCopies = (leaf: typeof first) => ({ ...leaf, steps: [...leaf.steps, ...copies] });
  return { ...main, leaves: [withCopies(first), ...others.map(withCopies)] };
}

/** The fallback gets the same request where the service answers with one of `errors.status` (pkg/server/service/loadbalancer/failover). */
function failover(
  namespace: string,
  { service, fallback, errors }: JsonObject,
  objects: TraefikObjects,
  path: readonly string[],
): RouterTarget | Lost {
  const main = crdService(namespace, jsonFields(service), objects, path);
  const second = crdService(namespace, jsonFields(fallback), objects, path);
  if (main instanceof Lost || second instanceof Lost) return main instanceof Lost ? main : second;
  const statuses = statusRanges(jsonItems(jsonFields(errors).status).map(String));
  if (statuses instanceof Lost) return statuses;
  if (main.kind === "answer") return main.action.status === 503 && isAmong(503, statuses) ? second : main;
  if (second.kind === "answer" || statuses.length === 0) return main;
  const [{ backend, transport }] = second.leaves;
  const [first, ...others] = main.leaves;
  const withFallback = (leaf: typeof first) => ({ ...leaf, fallback: { statuses, backend, transport } });
  return { ...main, leaves: [withFallback(first), ...others.map(withFallback)] };
}

function isAmong(status: number, ranges: readonly { readonly from: number; readonly to: number }[]): boolean {
  return ranges.some(({ from, to }) => status >= from && status <= to);
}
