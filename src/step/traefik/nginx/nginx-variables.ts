import { type Backend, mainBackend } from "../../../model/route.ts";
import { goQueryValue } from "../../../request/go-url.ts";
import { withoutPort } from "../../../request/host.ts";
import { escapeComponent } from "../../../request/path.ts";
import type { Arrival } from "../../arrival.ts";
import { sentTarget } from "../sent-target.ts";

/** `$name`, `${name}`, and digits, which are no variables and stay. */
const VARIABLE = /\$\{?([A-Za-z_]\w*|[1-9])\}?/g;

type Reader = (at: Arrival) => string;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["scheme", ({ request }) => request.scheme],
  ["host", ({ request }) => withoutPort(request.authority ?? request.host).toLowerCase()],
  ["best_http_host", ({ request }) => request.authority ?? request.host],
  ["request_uri", sentTarget],
  ["escaped_request_uri", (at) => escapeComponent(sentTarget(at)).replaceAll("%20", "+")],
  ["uri", ({ path }) => path.path],
  ["args", ({ path }) => path.query],
  ["query_string", ({ path }) => path.query],
  ["remote_addr", ({ request }) => request.remoteAddress],
  ["request_method", ({ request }) => request.method],
]);

/** Of the Ingress, in `upstream-vhost` alone. */
const OF_INGRESS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["namespace", ({ route }) => route.ingress?.namespace ?? ""],
  ["ingress_name", ({ route }) => route.ingress?.name ?? ""],
  ["service_name", ({ route }) => mainBackend(route)?.service ?? ""],
  ["service_port", ({ route }) => portOf(mainBackend(route))],
  ["location_path", ({ route }) => route.rule?.path ?? ""],
]);

/**
 * The variables of nginx that Traefik's provider fills in; others stay as text. Source:
 * pkg/middlewares/ingressnginx/variables.go.
 */
export function withNginxVariables(
  text: string,
  at: Arrival,
  about: "request" | "ingress" = "request",
): string {
  return text.replace(VARIABLE, (written, name: string) => {
    if (name.startsWith("http_")) return at.request.header(name.slice(5).replaceAll("_", "-")) ?? "";
    if (name.startsWith("arg_")) return goQueryValue(at.path.query, name.slice(4));
    const reader = READERS.get(name) ?? (about === "ingress" ? OF_INGRESS.get(name) : undefined);
    return reader === undefined ? written : reader(at);
  });
}

function portOf(backend: Backend | undefined): string {
  if (backend === undefined) return "";
  return "number" in backend.port ? String(backend.port.number) : backend.port.name;
}
