import type { IngressPath } from "../../model/resource.ts";
import type { Backend } from "../../model/route.ts";
import type { NginxAnnotations } from "./annotations.ts";
import type { Canary } from "./canaries.ts";

/** A path of a rule, or a default backend for one host: Traefik makes a router of each. */
export interface Location {
  readonly annotations: NginxAnnotations;
  /** As written; `""`: every host */
  readonly host: string;
  /** The host's further names (`server-alias`). */
  readonly aliases: readonly string[];
  /** default: a default backend */
  readonly path?: IngressPath | undefined;
  /** default: the backend is no Service */
  readonly backend?: Backend | undefined;
  /** Paths of the host are expressions (`use-regex` or `rewrite-target` on one of its Ingresses). */
  readonly isRegex: boolean;
  readonly canary?: Canary | undefined;
  /** `default-web-rule-0-path-1` */
  readonly router: string;
}

/** `-default-backend`, which carries fewer of the Ingress's annotations than a path. */
export function isDefault({ path }: Location): boolean {
  return path === undefined;
}

/** The default backend of an Ingress without rules, behind every rule of any host. */
export function isCatchAll({ annotations, path }: Location): boolean {
  return path === undefined && annotations.ingress.spec.rules.length === 0;
}

/** The path as written; `""` for none. */
export function pathText({ path }: Location): string {
  return path?.path ?? "";
}

/** Every run of other characters becomes `-`, so that two names may be one. */
export function routerName(text: string): string {
  return text.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "");
}

/** `the router of path /a` */
export function rulesInWords({ path }: Location): string {
  return path === undefined ? "the router of its default backend" : `the router of path ${path.path || "/"}`;
}
