import type { VariableText } from "../model/route/variable-text.ts";
import { remoteUser } from "../request/variables/readers.ts";
import { partOf } from "../request/variables.ts";
import type { Arrival } from "./arrival.ts";
import type { Change } from "./change.ts";

/** A FastCGI application's parameters: nginx's `fastcgi_params`. */
export interface FastCgiStep {
  readonly kind: "fastcgi";
  /** `fastcgi-index`: appended to a path with a trailing slash. */
  readonly index?: string | undefined;
  /** From the ConfigMap of `fastcgi-params-configmap`, over nginx's own. */
  readonly params: readonly { readonly name: string; readonly value: VariableText }[];
}

/** Variables with a meaning in FastCGI (ngx_http_fastcgi_module.c, and the default `root`). */
export const FASTCGI_VARIABLES: readonly string[] = [
  "fastcgi_script_name",
  "fastcgi_path_info",
  "document_root",
  "realpath_root",
];

/** `root html`, below the controller image's prefix. */
const DOCUMENT_ROOT = "/usr/local/nginx/html";

export function tellApplication(at: Arrival, step: FastCgiStep): Change {
  const { request, path, rewritten, host } = at;
  const uri = rewritten?.path ?? path.path;
  const script = uri + (uri.endsWith("/") ? (step.index ?? "") : "");
  const facts = { ...at, path: { ...path, path: uri } };
  const params = new Map<string, string>([
    ["QUERY_STRING", path.query],
    ["REQUEST_METHOD", request.method],
    ["SCRIPT_NAME", script],
    ["REQUEST_URI", request.target],
    ["DOCUMENT_URI", uri],
    ["DOCUMENT_ROOT", DOCUMENT_ROOT],
    ["REQUEST_SCHEME", request.scheme],
    ...(request.scheme === "https" ? ([["HTTPS", "on"]] as const) : []),
    ["GATEWAY_INTERFACE", "CGI/1.1"],
    ["SERVER_SOFTWARE", "nginx"],
    ["REMOTE_ADDR", request.remoteAddress],
    ["REMOTE_USER", remoteUser(request.header("authorization"))],
    ["SERVER_PORT", partOf({ variable: "server_port" }, facts)],
    ["SERVER_NAME", host.name],
    ["REDIRECT_STATUS", "200"],
  ]);
  const own: ReadonlyMap<string, string> = new Map([
    ["fastcgi_script_name", script],
    ["fastcgi_path_info", ""],
    ["document_root", DOCUMENT_ROOT],
    ["realpath_root", DOCUMENT_ROOT],
  ]);
  for (const { name, value } of step.params) {
    const texts = value.parts.map((part) => {
      if (typeof part === "string") return part;
      return ("variable" in part ? own.get(part.variable) : undefined) ?? partOf(part, facts);
    });
    params.set(name, texts.join(""));
  }
  return { params: [...params] };
}
