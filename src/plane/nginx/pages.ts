import type { AnswerCause, AnswerFacts, OwnAnswer } from "../../model/plane.ts";
import { whyBlock } from "../why.ts";

/** Words of nginx's pages: `http_error_pages` in ngx_http_special_response.c. */
const TITLES: ReadonlyMap<number, string> = new Map([
  [301, "Moved Permanently"],
  [302, "Found"],
  [303, "See Other"],
  [307, "Temporary Redirect"],
  [308, "Permanent Redirect"],
  [400, "Bad Request"],
  [401, "Authorization Required"],
  [402, "Payment Required"],
  [403, "Forbidden"],
  [404, "Not Found"],
  [405, "Not Allowed"],
  [406, "Not Acceptable"],
  [408, "Request Time-out"],
  [409, "Conflict"],
  [410, "Gone"],
  [411, "Length Required"],
  [412, "Precondition Failed"],
  [413, "Request Entity Too Large"],
  [414, "Request-URI Too Large"],
  [415, "Unsupported Media Type"],
  [416, "Requested Range Not Satisfiable"],
  [421, "Misdirected Request"],
  [429, "Too Many Requests"],
  [431, "Request Header Fields Too Large"],
  [500, "Internal Server Error"],
  [501, "Not Implemented"],
  [502, "Bad Gateway"],
  [503, "Service Temporarily Unavailable"],
  [504, "Gateway Time-out"],
  [505, "HTTP Version Not Supported"],
  [507, "Insufficient Storage"],
]);

/** Status lines that differ from the page: `ngx_http_status_lines` in ngx_http_header_filter_module.c. */
const STATUS_LINES: ReadonlyMap<number, string> = new Map([
  [200, "OK"],
  [204, "No Content"],
  [302, "Moved Temporarily"],
  [401, "Unauthorized"],
]);

/** `""` for a status that nginx has no words for. */
export function nginxPhrase(status: number): string {
  return STATUS_LINES.get(status) ?? TITLES.get(status) ?? "";
}

/** A status page, empty if nginx has none. `server`: its name, with its version under `server-tokens`. */
function statusPage(status: number, server: string): string {
  const title = TITLES.get(status);
  return title === undefined
    ? ""
    : page(`${status} ${title}`, `<center><h1>${status} ${title}</h1></center>\r\n`, server);
}

/** For a head over nginx's buffers (its status 494, sent as 400). */
const HEADERS_TOO_LARGE = page(
  "400 Request Header Or Cookie Too Large",
  "<center><h1>400 Bad Request</h1></center>\r\n<center>Request Header Or Cookie Too Large</center>\r\n",
);

/** For plain HTTP on the https port (its status 497, sent as 400). */
const PLAIN_ON_HTTPS = page(
  "400 The plain HTTP request was sent to HTTPS port",
  "<center><h1>400 Bad Request</h1></center>\r\n<center>The plain HTTP request was sent to HTTPS port</center>\r\n",
);

/** For an invalid client certificate (its status 495, sent as 400). */
const BAD_CERTIFICATE = page(
  "400 The SSL certificate error",
  "<center><h1>400 Bad Request</h1></center>\r\n<center>The SSL certificate error</center>\r\n",
);

/** For a missing client certificate (its status 496, sent as 400). */
const NO_CERTIFICATE = page(
  "400 No required SSL certificate was sent",
  "<center><h1>400 Bad Request</h1></center>\r\n<center>No required SSL certificate was sent</center>\r\n",
);

function page(title: string, middle: string, server = "nginx"): string {
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n${middle}<hr><center>${server}</center>\r\n</body>\r\n</html>\r\n`;
}

/** nginx's statuses 494 to 497, sent as 400. */
const PAGES: Readonly<Record<AnswerCause, string>> = {
  "head too large": HEADERS_TOO_LARGE,
  "bad client certificate": BAD_CERTIFICATE,
  "no client certificate": NO_CERTIFICATE,
  "plain HTTP on the https port": PLAIN_ON_HTTPS,
};

/**
 * nginx's own answer to a status (ngx_http_send_special_response), with the reasons below it for a browser's
 * reader.
 */
export function nginxAnswer(facts: AnswerFacts): OwnAnswer {
  const { status, cause, server = "nginx", accept = "", userAgent = "", why } = facts;
  const body = facts.text ?? (cause === undefined ? statusPage(status, server) : PAGES[cause]);
  const readable = why !== undefined && body !== "" && accept.includes("text/html");
  const below = readable ? whyBlock(why) : "";
  return { body: body + browserPadding(status, userAgent) + below, contentType: "text/html" };
}

/** Statuses that close the connection (`ngx_http_special_response_handler`). */
export const NGINX_CLOSING: ReadonlySet<number> = new Set([400, 408, 413, 414, 431, 500, 501]);

const PADDING = "<!-- a padding to disable MSIE and Chrome friendly error page -->\r\n".repeat(6);

/**
 * nginx's padding for some browsers, from status 400 on (`msie_padding`, on by default):
 * `ngx_http_send_special_response`, with browsers as in `ngx_http_process_user_agent`.
 */
function browserPadding(status: number, userAgent: string): string {
  if (status < 400 || !TITLES.has(status) || userAgent.includes("Opera")) return "";
  const msie = userAgent.includes("MSIE ");
  const chrome = !userAgent.includes("Gecko/") && userAgent.includes("Chrome/");
  return msie || chrome ? PADDING : "";
}
