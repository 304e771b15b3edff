import type { Pattern } from "../../../model/pattern.ts";
import type { BackendProtocol } from "../../../model/route/transport.ts";
import type { VariableText } from "../../../model/route/variable-text.ts";
import { compilePattern } from "../../../pcre/pattern.ts";
import type { Annotations, Feature } from "../annotations.ts";
import { withNote, withResponseRewrites } from "../settings.ts";
import { isOneWord } from "../values/one-word.ts";
import { refusePattern } from "../values/pcre-words.ts";
import { documented } from "./documented.ts";

/** Replaced by `proxy_redirect default` with `proxy_pass http://upstream_balancer`. */
const BALANCER = "http://upstream_balancer/";

/**
 * `proxy-redirect-from` and `proxy-redirect-to`: both words of nginx's `proxy_redirect` as nginx.tmpl writes
 * them. `off` and `default` stand alone, both words unless the second is `off`, else nothing.
 */
export const proxyRedirect: Feature = {
  annotations: documented("Proxy", { Medium: "proxy-redirect-from proxy-redirect-to" }),
  apply: (annotations, settings) => {
    const from = annotations.text("proxy-redirect-from") ?? "off";
    const to = annotations.text("proxy-redirect-to") ?? "off";
    if (from === "off" && to === "off") return settings;
    if (from === "off" || (from !== "default" && to === "off")) {
      const [name, missing] = from === "off" ? (["to", "from"] as const) : (["from", "to"] as const);
      const idle = `${annotations.nameOf(`proxy-redirect-${name}`)} does nothing: it needs proxy-redirect-${missing} beside it`;
      return withNote(settings, annotations.because(`proxy-redirect-${name}`, idle));
    }
    const redirect =
      from === "default"
        ? standard(annotations, settings.transport.protocol)
        : readRedirect(annotations, from, to);
    if (redirect === undefined) return settings;
    const written = from === "default" ? "default" : `${from} to ${to}`;
    const note = `${annotations.nameOf("proxy-redirect-from")} rewrites Location and Refresh: ${written}`;
    return withResponseRewrites(settings, { redirect }, annotations.because("proxy-redirect-from", note));
  },
};

interface Redirect {
  readonly from: VariableText | Pattern;
  readonly to: VariableText;
}

/** `proxy_redirect default` needs an earlier `proxy_pass` to one place (ngx_http_proxy_redirect). */
function standard(annotations: Annotations, protocol: BackendProtocol): Redirect | undefined {
  const words =
    protocol === "AUTO_HTTP"
      ? '"proxy_redirect default" cannot be used with "proxy_pass" directive with variables'
      : '"proxy_redirect default" should be placed after the "proxy_pass" directive';
  if (protocol !== "HTTP" && protocol !== "HTTPS") {
    const what = `default means nothing beside backend-protocol: ${protocol}`;
    annotations.report.stop("proxy-redirect-from", words, what, "Write off, or the URLs.");
    return undefined;
  }
  return { from: literal(BALANCER), to: literal("/") };
}

function literal(source: string): VariableText {
  return { source, parts: [source] };
}

function readRedirect(annotations: Annotations, from: string, to: string): Redirect | undefined {
  const words = [
    ["proxy-redirect-from", from],
    ["proxy-redirect-to", to],
  ] as const;
  for (const [name, text] of words) {
    if (!isOneWord(annotations, name, text, "proxy_redirect")) return undefined;
  }
  const left = from.startsWith("~") ? expression(annotations, from) : literal(from);
  return left === undefined ? undefined : { from: left, to: literal(to) };
}

function expression(annotations: Annotations, from: string): Pattern | undefined {
  const letters = from.startsWith("~*") ? "any case" : "exact case";
  const source = from.replace(/^~\*?/, "");
  const compiled = compilePattern(source, "anywhere", letters);
  if (compiled.kind === "compiled") return compiled.pattern;
  refusePattern(annotations, "proxy-redirect-from", from, compiled);
  return undefined;
}
