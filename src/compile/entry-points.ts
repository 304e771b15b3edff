import type { RouteTable } from "../model/route.ts";
import type { Selection } from "../model/selection.ts";

/** Ports 80 and 443, where requests of both find their routes alike. */
export function httpAndHttps(selection: Selection): RouteTable["entryPoints"] {
  return [
    { name: "http", scheme: "http", port: 80, selection },
    { name: "https", scheme: "https", port: 443, selection },
  ];
}
