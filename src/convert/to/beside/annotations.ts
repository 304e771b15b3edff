import { PREFIX } from "../../../compile/nginx-annotations/prefix.ts";
import { jsonFields } from "../../../model/json.ts";
import type { Ingress } from "../../../model/resource.ts";
import type { Snapshot } from "../../../model/snapshot.ts";
import { kept, type MadeFields } from "../made.ts";
import { isAtHostOf, isOf } from "../nginx/lost.ts";
import type { IngressSource } from "../sources.ts";
import type { KnownChange } from "../target.ts";

/** Of the API server and its clients: about the Ingress itself. */
const OF_THE_INGRESS =
  /^(?:kubectl\.kubernetes\.io\/|kubernetes\.io\/(?:ingress|tls-acme)|(?:[a-z-]+\.)?cert-manager\.io\/|certmanager\.k8s\.io\/)/;
/** Domains of ingress controllers. */
const OF_CONTROLLERS =
  /^[^/]*(?:ingress|traefik|contour|nginx|haproxy|konghq|getambassador|solo\.io|zalando|f5\.com|voyager)[^/]*\//;

/** `metadata.annotations` of the object that stands for an Ingress: those of whoever is no ingress controller. */
export function carriedAnnotations({ metadata }: Ingress): MadeFields | undefined {
  const carried = [...metadata.annotations].filter(
    ([key]) => !OF_THE_INGRESS.test(key) && !OF_CONTROLLERS.test(key),
  );
  if (carried.length === 0) return undefined;
  return Object.fromEntries(
    carried.map(([key, value]) => [key, kept(value, `metadata.annotations[${key}]`)]),
  );
}

/** Annotations of another controller than ingress-nginx that nothing is made of. `shut`: those that may be guards */
export function foreignAnnotations(
  { ingress, nginx, controller }: IngressSource,
  snapshot: Snapshot,
): { readonly changes: readonly KnownChange[]; readonly shut: readonly string[] } {
  if (nginx !== undefined) return { changes: [], shut: [] };
  const shut: string[] = [];
  const changes = [...ingress.metadata.annotations].flatMap(([key, value]): readonly KnownChange[] => {
    if (!OF_CONTROLLERS.test(key) || key.startsWith(PREFIX) || key.endsWith("/ingress.class")) return [];
    const isShut = mayGuard(key, value, snapshot);
    if (isShut) shut.push(key);
    const what = isShut
      ? "it may be a guard, which is not converted: every request is refused (403) until something takes its place"
      : `annotations of ${controller} are not converted, and nothing takes its place`;
    return [
      {
        ingress,
        field: `metadata.annotations[${key}]`,
        message: what,
        fix: "Write what it does into the new objects.",
        explains: (difference) => {
          const isRefused = difference.second.behaviour.status === 403;
          // An annotation may decide by which ports a host is served at all.
          const isOwn = isOf(ingress, difference) || isAtHostOf(ingress, difference);
          return isOwn && (!isShut || isRefused) ? { aspects: "answer" } : undefined;
        },
      },
    ];
  });
  return { changes, shut };
}

/** Annotations that let in, or ask somebody. */
const GUARDS = /auth|allow|deny|whitelist|blacklist|waf|plugin|jwt|oidc|acl/i;

function mayGuard(key: string, value: string, { custom }: Snapshot): boolean {
  const [, name = ""] = key.split("/");
  if (!name.endsWith("middlewares")) return GUARDS.test(name) && !/^(?:false|off|)$/.test(value);
  return value.split(",").some((reference) => {
    const found = custom.find(
      (each) =>
        each.kind === "Middleware" &&
        reference.trim() === `${each.metadata.namespace}-${each.metadata.name}@kubernetescrd`,
    );
    // One that nobody sees may be anything.
    const kinds = found === undefined ? ["plugin"] : Object.keys(jsonFields(found.spec));
    return kinds.some((kind) => GUARDS.test(kind) || kind === "chain");
  });
}
