import type { NginxReading } from "../../../compile/ingress-nginx/reading.ts";
import type { Ingress } from "../../../model/resource.ts";
import type { Snapshot } from "../../../model/snapshot.ts";
import type { Made, MadeFields, MadeObject } from "../made.ts";
import { AnnotationParts } from "../nginx/annotation-parts.ts";
import type { MirrorTo } from "../nginx/mirrors.ts";

const TRAEFIK_VERSION = "traefik.io/v1alpha1";

/** Middlewares and fields of Services of an Ingress, beside its paths. */
export class TraefikParts extends AnnotationParts {
  readonly snapshot: Snapshot;
  readonly objects: MadeObject[] = [];
  /** Middlewares of every route, in the order in which nginx acts. */
  readonly chain: MadeFields[] = [];
  /** The Service that gets copies of requests. */
  mirror: MirrorTo | undefined;
  /** A redirect in place of the Service. */
  redirect: MadeFields | undefined;
  /** Fields of every Service of a route. */
  readonly service: Record<string, Made> = {};

  constructor(ingress: Ingress, nginx: NginxReading, snapshot: Snapshot) {
    super(ingress, nginx);
    this.snapshot = snapshot;
  }

  /** A Middleware of the Ingress, `shop-headers`; its reference. */
  middleware(suffix: string, spec: MadeFields): MadeFields {
    const name = `${this.ingress.metadata.name}-${suffix}`;
    this.objects.push(traefikObject("Middleware", this.ingress, name, spec));
    return { name };
  }
}

export function traefikObject(kind: string, { metadata }: Ingress, name: Made, spec: MadeFields): MadeObject {
  return {
    apiVersion: TRAEFIK_VERSION,
    kind,
    metadata: {
      name,
      namespace: metadata.namespace === "default" ? undefined : metadata.namespace,
      labels: metadata.labels.size === 0 ? undefined : Object.fromEntries(metadata.labels),
    },
    spec,
  };
}
