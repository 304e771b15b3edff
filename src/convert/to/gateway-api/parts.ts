import type { NginxReading } from "../../../compile/ingress-nginx/reading.ts";
import type { Ingress } from "../../../model/resource.ts";
import type { Snapshot } from "../../../model/snapshot.ts";
import type { Made, MadeFields, MadeObject } from "../made.ts";
import { AnnotationParts } from "../nginx/annotation-parts.ts";

export const ENVOY_VERSION = "gateway.envoyproxy.io/v1alpha1";

/** Filters, policies and objects of an Ingress, beside its paths. */
export class IngressParts extends AnnotationParts {
  readonly snapshot: Snapshot;
  /** Of every rule, in order. */
  readonly filters: MadeFields[] = [];
  /** Fields of every rule beside matches, filters and backends. */
  readonly ruleFields: Record<string, Made> = {};
  /** `spec` of its SecurityPolicy and BackendTrafficPolicy, without targets. */
  readonly security: Record<string, Made> = {};
  readonly traffic: Record<string, Made> = {};
  /** The `authorization` that lets nobody in, whatever else `security` says. default: it decides */
  closed: Made | undefined;
  /** Answers in place of the backends. */
  redirect: MadeFields | undefined;
  /** Before its routes. */
  readonly objects: MadeObject[] = [];
  /** Those that somebody has to make. */
  readonly presumed: MadeObject[] = [];

  constructor(ingress: Ingress, nginx: NginxReading, snapshot: Snapshot) {
    super(ingress, nginx);
    this.snapshot = snapshot;
  }

  get namespace(): string {
    return this.ingress.metadata.namespace;
  }

  /** A filter of every rule. `annotation`: whose comments it keeps */
  filter(annotation: string, filter: MadeFields): void {
    this.filters.push(this.of(annotation, filter) as unknown as MadeFields);
  }
}

/** A literal header value: Envoy reads `%` as the beginning of an operator. */
export function envoyValue(text: string): string {
  return text.replaceAll("%", "%%");
}
