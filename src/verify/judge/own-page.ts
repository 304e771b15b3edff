import type { LiveAnswer } from "../live-answer.ts";

/**
 * nginx's page for a status (`ngx_http_special_response.c`), its name with a version under `server_tokens on`. A
 * backend may be an nginx as well.
 */
const NGINX =
  /^<html>\r?\n<head><title>(\d{3}) [^<]{0,80}<\/title><\/head>\r?\n<body[^>]{0,40}>\r?\n<center><h1>[^<]{0,80}<\/h1><\/center>\r?\n(?:<center>[^<]{0,80}<\/center>\r?\n)?<hr><center>(?:nginx|openresty)(\/[\w.-]{1,20})?<\/center>/i;

/** The image that ingress-nginx's charts once had for requests without an Ingress. */
const DEFAULT_BACKEND = /^default backend - 404\s*$/;

/**
 * `controller`: its own page. `some nginx`: with a version, as a controller hides it and a backend's nginx does not.
 * `untold`: without a body nothing tells. `foreign`: a page of something else.
 */
export type PageOf = "controller" | "some nginx" | "default backend" | "untold" | "foreign";

export function pageOf({ body }: Extract<LiveAnswer, { kind: "answered" }>): PageOf {
  if (body === "") return "untold";
  if (DEFAULT_BACKEND.test(body)) return "default backend";
  const [page, , version] = NGINX.exec(body) ?? [];
  if (page === undefined) return "foreign";
  return version === undefined ? "controller" : "some nginx";
}
