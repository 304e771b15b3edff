import type { RouteMatch } from "../../../model/route/selection.ts";
import { compileRe2 } from "../../../re2/re2.ts";
import type { TraefikEntry } from "../flags.ts";
import { NO_SERVER, TRANSPORT } from "../services/target.ts";
import type { BuiltRouter } from "./built.ts";
import type { Router } from "./router.ts";
import { RouterRoute } from "./router-route.ts";

const EVERY_HOST = "^.+$";

/** The routers of `http.redirections.entryPoint` (pkg/provider/traefik/internal.go). */
export function redirectionRouters(entries: readonly TraefikEntry[]): readonly BuiltRouter[] {
  return entries.flatMap(({ name, redirection }) => {
    if (redirection === undefined) return [];
    const { to, scheme, permanent, priority } = redirection;
    const router: Router = {
      provider: "internal",
      at: "",
      host: "",
      name: `${name}-to-${to.replace(":", "")}`,
      rule: `HostRegexp(\`${EVERY_HOST}\`)`,
      priority,
      match: matchAll(),
      entryPoints: [name],
      middlewares: [],
      target: NO_SERVER,
    };
    const port = portOf(to, entries);
    const isUsual = port === (scheme === "https" ? 443 : 80);
    const route = new RouterRoute(router, {
      steps: [
        {
          kind: "redirect-scheme",
          scheme,
          port: isUsual || port === undefined ? "" : `:${port}`,
          permanent,
          by: `http.redirections of entry point ${name}`,
        },
      ],
      action: { kind: "respond", status: 503, why: [] },
      transport: TRANSPORT,
    });
    return [{ router, route, entryPoints: [name], guards: [] }];
  });
}

function portOf(to: string, entries: readonly TraefikEntry[]): number | undefined {
  const written = /^:(\d+)$/.exec(to)?.[1];
  return written === undefined
    ? entries.find(({ name }) => name === to.toLowerCase())?.port
    : Number(written);
}

function matchAll(): RouteMatch {
  const compiled = compileRe2(EVERY_HOST);
  if (compiled.kind !== "compiled") throw new Error(compiled.why);
  return { path: { kind: "any" }, hosts: [{ kind: "pattern", pattern: compiled.pattern }] };
}
