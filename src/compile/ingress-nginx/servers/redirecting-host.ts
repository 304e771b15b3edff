import { type Reason, reason } from "../../../model/reason.ts";
import type { HostStep } from "../../../model/route/host-step.ts";
import type { VirtualHost } from "../../../model/route/selection.ts";
import { type Route, routeWith } from "../../../model/route.ts";
import { nginxOrder } from "../../../select/nginx-order.ts";
import { PREFIX } from "../../nginx-annotations/prefix.ts";
import { ingressName } from "../../problem.ts";
import { longQuery } from "../../query.ts";
import { placeOf } from "../../route.ts";
import { CONFIG } from "../config.ts";
import { SERVER } from "../servers.ts";
import type { WwwName } from "./other-name.ts";
import { HOST } from "./virtual-hosts.ts";

/** The virtual host that only redirects to a server, by the server's host. It has no location, so no body limit. */
export const REDIRECTING_HOST = longQuery<string, VirtualHost | undefined>(
  "redirecting host",
  function* (to, ask) {
    const { www } = yield* ask.inSteps(SERVER, to);
    if (www?.from === undefined) return undefined;
    const target = yield* ask.inSteps(HOST, to);
    const { host: any } = yield* ask.inSteps(HOST, "");
    const { blocked } = ask.for(CONFIG).config.options;
    const step = redirectStep(www, to, target.host);
    const before: HostStep[] = [];
    if (blocked !== undefined) before.push({ kind: "blocked", lists: blocked });
    if (step !== undefined) before.push(step);
    return { name: www.from, before, entries: [], index: nginxOrder([]), miss: any.miss };
  },
);

function redirectStep({ from, owner }: WwwName, to: string, target: VirtualHost): HostStep | undefined {
  const { name, namespace } = owner.ingress.metadata;
  const route = target.entries
    .map((entry) => entry.route)
    .find(({ ingress }) => ingress?.namespace === namespace && ingress.name === name);
  if (route === undefined) return undefined;
  const text = `the annotation from-to-www-redirect of Ingress ${ingressName(owner.ingress)} sends ${from} to ${to}`;
  const field = `metadata.annotations[${PREFIX}from-to-www-redirect]`;
  const why = reason("from-to-www-redirect", text, placeOf(owner.ingress, field));
  return { kind: "host-redirect", host: to, route: withReason(route, why) };
}

function withReason(route: Route, why: Reason): Route {
  const transport = { ...route.transport, bodyLimit: 0 };
  return routeWith(route, { transport, why: [why, ...route.why] });
}
