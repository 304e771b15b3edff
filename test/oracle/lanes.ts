import { DEFAULT_TRANSPORT } from "../../src/compile/ingress-nginx/settings.ts";
import { startProxy } from "../../src/proxy/proxy.ts";
import { routeWith, testContext, upstreamAt } from "../proxy/support.ts";
import type { Side } from "./served.ts";

/**
 * ingress-dev with `--exact`, for an Ingress without annotations: `/2` and `/2/x` go to the third backend.
 * `timeoutMs`: to connect, to send and to read
 */
export async function openLanes(ports: readonly number[], timeoutMs: number): Promise<Side> {
  const timeouts = { connectTimeoutMs: timeoutMs, readTimeoutMs: timeoutMs, sendTimeoutMs: timeoutMs };
  const routes = ports.map((port) => ({
    upstream: upstreamAt(port),
    route: {
      ...routeWith({ ...DEFAULT_TRANSPORT, ...timeouts }),
      backend: { namespace: "default", service: `s${port}`, port: { number: port } },
    },
  }));
  const upstreams = new Map(routes.map(({ route, upstream }) => [route.backend.service, upstream]));
  const proxy = await startProxy({
    ...{ bind: "127.0.0.1", httpPort: 0, httpsPort: 0, exact: "exact" },
    decide: ({ target }) => {
      const found = routes[Number(target.split("/")[1])];
      if (found === undefined) return { kind: "respond", status: 404, why: [] };
      const { route } = found;
      return { kind: "forward", route, backend: route.backend, upstreamPath: target, why: [] };
    },
    resolve: ({ service }) => {
      const upstream = upstreams.get(service);
      return upstream === undefined ? { kind: "none", why: "" } : { kind: "upstream", upstream };
    },
    noEndpoints: () => undefined,
    secureContext: () => testContext("a.test"),
    onHit: () => undefined,
    onUpstream: () => undefined,
  });
  return { port: proxy.http.port, close: () => proxy.close(0) };
}
