import type { Scheme } from "../../model/decision.ts";
import type { Reason } from "../../model/reason.ts";
import { isNamed } from "../../select/host.ts";
import { selectionFor } from "../../select/table.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";

/** Redirects as Envoy's `redirect` of a route (source/common/router/config_impl.cc, newUri). */
export interface EnvoyRedirectStep {
  readonly kind: "envoy-redirect";
  readonly status: number;
  /** Only requests by http. default: all */
  readonly only?: "http" | undefined;
  /** default: the request's */
  readonly scheme?: string | undefined;
  /** default: the request's */
  readonly host?: string | undefined;
  /** default: the request's, without one that the old scheme implies */
  readonly port?: number | undefined;
  /** One char per byte. default: the request's */
  readonly path?: RedirectPath | undefined;
  readonly why: readonly Reason[];
}

/** The whole path, which may have a query of its own, or what stands in place of a prefix. */
export type RedirectPath =
  | { readonly kind: "whole"; readonly to: string }
  | {
      readonly kind: "prefix";
      readonly from: string;
      /** Slashes behind `from` go with it. */
      readonly slashes?: "taken" | undefined;
      readonly to: string;
    };

export function redirectByEnvoy(at: Arrival, step: EnvoyRedirectStep): Change | undefined {
  const { request, route } = at;
  if (step.only === "http" && request.scheme !== "http") return undefined;
  const production = locationOf(at, step);
  const local = request.exact ? undefined : localForm(production, at);
  return {
    decision: {
      kind: "redirect",
      status: step.status,
      location: local ?? production,
      production: local === undefined || local === production ? undefined : production,
      route,
      why: [...step.why, ...route.why],
    },
  };
}

function locationOf({ request, path }: Arrival, { scheme, host, port, path: to }: EnvoyRedirectStep): string {
  const old = request.claims?.scheme ?? request.scheme;
  const [name, sent] = hostAndPort(request.authority ?? request.host);
  const isLocal = !request.exact && sent === String(request.ports[request.scheme]);
  const isImplied = scheme !== undefined && scheme !== old && sent === (old === "http" ? "80" : "443");
  const kept = host !== undefined || isLocal || isImplied ? "" : sent;
  const at = port === undefined ? kept : String(port);
  return `${scheme ?? old}://${host ?? name}${at === "" ? "" : `:${at}`}${pathTo(path.sent ?? request.target, to)}`;
}

/** The port as written; `""` for none. */
function hostAndPort(header: string): readonly [name: string, port: string] {
  const end = header.startsWith("[") ? header.indexOf("]") + 1 : header.indexOf(":");
  return end <= 0 ? [header, ""] : [header.slice(0, end), header.slice(end + 1)];
}

function pathTo(sent: string, to: RedirectPath | undefined): string {
  if (to === undefined) return sent;
  if (to.kind === "prefix") {
    const behind = sent.slice(to.from.length);
    return to.to + (to.slashes === "taken" ? behind.replace(/^\/+/, "") : behind);
  }
  const mark = sent.indexOf("?");
  return mark < 0 || to.to.includes("?") ? to.to : to.to + sent.slice(mark);
}

/** A host that is served here has the port of the listener here. */
function localForm(location: string, { table, request }: Arrival): string {
  const [, scheme = "", host = "", rest = ""] = /^(https?):\/\/([^/?#]*)(.*)$/s.exec(location) ?? [];
  if (scheme !== "http" && scheme !== "https") return location;
  const [name, port] = hostAndPort(host);
  const isUsual = port === "" || port === (scheme === "http" ? "80" : "443");
  if (!isUsual || !isServed(table, scheme, name)) return location;
  return `${scheme}://${name}:${request.ports[scheme]}${rest}`;
}

function isServed(table: Arrival["table"], scheme: Scheme, name: string): boolean {
  const served = table.plane.readHost(name);
  return [scheme, "http" as const].some((each) =>
    isNamed(selectionFor(table, { scheme: each, host: name }), served),
  );
}
