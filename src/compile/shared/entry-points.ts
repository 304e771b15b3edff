import type { Selection } from "../../model/route/selection.ts";
import type { RouteTable } from "../../model/route.ts";

/** Ports 80 and 443, where requests of both find their routes alike. */
export function httpAndHttps(selection: Selection): RouteTable["entryPoints"] {
  return [
    { name: "http", scheme: "http", port: 80, selection },
    { name: "https", scheme: "https", port: 443, selection },
  ];
}
