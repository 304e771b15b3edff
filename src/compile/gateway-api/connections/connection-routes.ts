import { reason } from "../../../model/reason.ts";
import type { Action, Share } from "../../../model/route/action.ts";
import type { Transport } from "../../../model/route/transport.ts";
import type { Route } from "../../../model/route.ts";
import { ingressName } from "../../problem.ts";
import { placeOf, refOf } from "../../route.ts";
import { CONNECT_TIMEOUT_MS, NO_TIMEOUT_MS } from "../rules/transport.ts";
import type { TranslatedRoute } from "../rules.ts";

const TRANSPORT: Transport = {
  protocol: "HTTP",
  bodyLimit: 0,
  connectTimeoutMs: CONNECT_TIMEOUT_MS,
  readTimeoutMs: NO_TIMEOUT_MS,
  sendTimeoutMs: NO_TIMEOUT_MS,
};

/** The Services of a route of connections, by weight. Of one that cannot be used the connection is reset. */
export function connectionShares({ rules }: TranslatedRoute): readonly Share[] {
  return rules.flatMap(({ backends }) =>
    backends
      .filter(({ weight }) => weight > 0)
      .map(({ resolved, weight }): Share => {
        const { backend } = resolved;
        if (resolved.kind === "valid") return { backend, weight };
        const why = [reason("broken-reference", resolved.fault.message)];
        return { backend, weight, unusable: { kind: "respond", status: 503, text: "", why } };
      }),
  );
}

/** A route of connections for a host, in the form of the others. */
export function connectionRoute(translated: TranslatedRoute, host: string, how: string): Route {
  const { route } = translated;
  const name = ingressName(route);
  const [first, ...others] = connectionShares(translated);
  const none: Action = { kind: "respond", status: 503, text: "", why: [] };
  const shown = host === "*" ? "every name" : host;
  return {
    id: `${name} ${route.kind} ${host}`,
    ingress: refOf(route, "spec.rules[0]"),
    rule: { host: host === "*" ? "" : host, path: "/", pathType: "Prefix", regex: false },
    steps: [],
    action: first === undefined ? none : { kind: "forward", shares: [first, ...others] },
    transport: TRANSPORT,
    inWords: { name: `${route.kind.toLowerCase()}/${name}/rule/-1`, match: `server_names: ${shown}` },
    why: [reason("rule", `${route.kind} ${name}, for ${shown}: ${how}`, placeOf(route, "spec.rules[0]"))],
  };
}
