import { type Annotations, type Feature, PREFIX } from "./annotations.ts";
import { appRoot } from "./app-root.ts";
import { backendProtocol } from "./backend-protocol.ts";
import { canary } from "./canary.ts";
import { proxyBodySize } from "./proxy-body-size.ts";
import { redirect } from "./redirect.ts";
import { rewriteTarget } from "./rewrite-target.ts";
import { serverAlias } from "./server-alias.ts";
import { DEFAULT_SETTINGS, type IngressSettings } from "./settings.ts";
import { sslRedirect } from "./ssl-redirect.ts";
import { timeouts } from "./timeouts.ts";

/** Every annotation that is honoured. A new one is a file beside this one, a line here, and a case. */
const FEATURES: readonly Feature[] = [
  rewriteTarget,
  appRoot,
  sslRedirect,
  redirect,
  backendProtocol,
  proxyBodySize,
  timeouts,
  serverAlias,
  canary,
];

const HONOURED = new Set(FEATURES.flatMap(({ annotations }) => annotations));
/** Annotations that look like ingress-nginx's, but that it does not read. */
const OTHER_PREFIXES = ["ingress.kubernetes.io/", "nginx.org/", "nginx.com/"];

/** The settings of one Ingress. What is not understood, not allowed or not honoured becomes a problem. */
export function readSettings(annotations: Annotations): IngressSettings {
  for (const name of annotations.names()) {
    if (name.startsWith(PREFIX) && !HONOURED.has(name.slice(PREFIX.length)))
      annotations.notHonoured(
        name.slice(PREFIX.length),
        "not yet honoured by ingress-dev: the cluster may answer otherwise",
      );
    else if (OTHER_PREFIXES.some((prefix) => name.startsWith(prefix))) annotations.notRead(name);
  }
  const settings = FEATURES.reduce((so, feature) => feature.apply(annotations, so), DEFAULT_SETTINGS);
  const { denied } = annotations;
  return denied === undefined ? settings : { ...settings, route: { ...settings.route, denied } };
}
