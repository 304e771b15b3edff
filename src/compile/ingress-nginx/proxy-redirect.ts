import { compilePattern } from "../../match/pattern.ts";
import type { Pattern } from "../../model/pattern.ts";
import type { VariableText } from "../../model/settings/variable-text.ts";
import type { Allowed, Annotations, Feature } from "./annotations.ts";
import { refusePattern } from "./pcre-words.ts";
import { withNote, withResponseRewrites } from "./settings.ts";

/** annotations/proxy/main.go: URLs, and what expressions for them are written with. */
const URL_OR_EXPRESSION: Allowed = {
  pattern: /^[-._~a-zA-Z0-9/:,?&=^$[\](){}*+|\\<> ]*$/,
  what: "off, default, a URL or ~ and a regular expression",
  otherwise: "use-default",
};

/** What `proxy_redirect default` replaces beside `proxy_pass http://upstream_balancer`. */
const BALANCER = "http://upstream_balancer/";

/**
 * `proxy-redirect-from` and `proxy-redirect-to`: the two words of nginx's `proxy_redirect`, written as nginx.tmpl does:
 * `off` or `default` alone, both words unless the second is `off`, and nothing otherwise.
 */
export const proxyRedirect: Feature = {
  annotations: ["proxy-redirect-from", "proxy-redirect-to"],
  apply: (annotations, settings) => {
    const from = annotations.text("proxy-redirect-from", URL_OR_EXPRESSION) ?? "off";
    const to = annotations.text("proxy-redirect-to", URL_OR_EXPRESSION) ?? "off";
    if (from === "off" && to === "off") return settings;
    if (from === "off" || (from !== "default" && to === "off")) {
      const [name, other] = from === "off" ? ["to", "from"] : ["from", "to"];
      const idle = `${annotations.nameOf(`proxy-redirect-${name}`)} does nothing: it needs proxy-redirect-${other} beside it`;
      return withNote(settings, idle);
    }
    const redirect = from === "default" ? standard() : readRedirect(annotations, from, to);
    if (redirect === undefined) return settings;
    const written = from === "default" ? "default" : `${from} to ${to}`;
    const note = `${annotations.nameOf("proxy-redirect-from")} rewrites Location and Refresh: ${written}`;
    return withResponseRewrites(settings, { redirect }, note);
  },
};

interface Redirect {
  readonly from: VariableText | Pattern;
  readonly to: VariableText;
}

function standard(): Redirect {
  return { from: { source: BALANCER, parts: [BALANCER] }, to: { source: "/", parts: ["/"] } };
}

function readRedirect(annotations: Annotations, from: string, to: string): Redirect | undefined {
  const words = [
    ["proxy-redirect-from", from],
    ["proxy-redirect-to", to],
  ] as const;
  for (const [name, text] of words) {
    if (isOneWord(text)) continue;
    const what = `"${text}" is not one word in nginx's configuration, where it stands without quotes`;
    annotations.stop(name, splitWords(text), what, "Write it without blanks and braces.");
    return undefined;
  }
  const left = from.startsWith("~")
    ? expression(annotations, from)
    : annotations.variables("proxy-redirect-from", URL_OR_EXPRESSION);
  const right = annotations.variables("proxy-redirect-to", URL_OR_EXPRESSION, namedGroups(from));
  return left === undefined || right === undefined ? undefined : { from: left, to: right };
}

/** `{` ends a word (ngx_conf_read_token), except in `${name}`. */
function isOneWord(text: string): boolean {
  return !/[ {;]/.test(text.replace(/\$\{\w+\}/g, ""));
}

/** A blank makes three words of two, and `{` begins a block. */
function splitWords(text: string): string {
  return text.includes("{")
    ? 'directive "proxy_redirect" has no opening "{"'
    : 'invalid number of arguments in "proxy_redirect" directive';
}

function expression(annotations: Annotations, from: string): Pattern | undefined {
  const letters = from.startsWith("~*") ? "any case" : "exact case";
  const source = from.replace(/^~\*?/, "");
  const compiled = compilePattern(source, "anywhere", letters);
  if (compiled.kind === "compiled") return compiled.pattern;
  refusePattern(annotations, "proxy-redirect-from", from, compiled);
  return undefined;
}

function namedGroups(source: string): readonly string[] {
  return [...source.matchAll(/\(\?P?<([A-Za-z_]\w*)>/g)].map(([, name = ""]) => name);
}
