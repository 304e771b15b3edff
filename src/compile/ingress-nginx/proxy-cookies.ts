import { compilePattern } from "../../match/pattern.ts";
import type { Replacement } from "../../model/settings/response-rewrites.ts";
import type { Annotations, Feature } from "./annotations.ts";
import { refusePattern } from "./pcre-words.ts";
import { withResponseRewrites } from "./settings.ts";

interface Attribute {
  readonly annotation: string;
  readonly key: "cookieDomain" | "cookiePath";
  readonly pattern: RegExp;
  readonly example: string;
}

/** annotations/proxy/main.go, with the characters of parser/validators.go: neither takes a `$`, so captures do not work. */
const ATTRIBUTES: readonly Attribute[] = [
  {
    annotation: "proxy-cookie-domain",
    key: "cookieDomain",
    pattern: /^[-._~a-zA-Z0-9/:, ]*$/,
    example: '"off", or "FROM TO": "internal.test shop.test"',
  },
  {
    annotation: "proxy-cookie-path",
    key: "cookiePath",
    pattern: /^[-._~a-zA-Z0-9/:,?&= ]*$/,
    example: '"off", or "FROM TO": "/ /shop/"',
  },
];

/** `proxy-cookie-domain` and `proxy-cookie-path`: written behind nginx's directives as they are (nginx.tmpl). */
export const proxyCookies: Feature = {
  annotations: ATTRIBUTES.map(({ annotation }) => annotation),
  apply: (annotations, settings) =>
    ATTRIBUTES.reduce((so, { annotation, key, pattern, example: what }) => {
      const value = annotations.text(annotation, { pattern, what, otherwise: "use-default" });
      if (value === undefined || value === "off") return so;
      const replacement = readReplacement(annotations, annotation, key, value);
      if (replacement === undefined) return so;
      const note = `${annotations.nameOf(annotation)} rewrites cookies: ${value.replace(/ +/, " to ")}`;
      return withResponseRewrites(so, { [key]: replacement }, note);
    }, settings),
};

/** ngx_http_proxy_cookie_domain and ngx_http_proxy_cookie_path: two words, `off`, or nginx does not start. */
function readReplacement(
  annotations: Annotations,
  annotation: string,
  key: Attribute["key"],
  value: string,
): Replacement | undefined {
  const fail = (words: string, what: string) => {
    annotations.stop(annotation, words, what, 'Write two words: "FROM TO".');
    return undefined;
  };
  const [from = "", to, ...more] = value.split(/ +/);
  const directive = annotation.replaceAll("-", "_");
  const one = `"${value}" is neither off nor two words`;
  if (more.length > 0) return fail(`invalid number of arguments in "${directive}" directive`, one);
  if (to === undefined) return fail(`invalid parameter "${value}"`, one);
  if (!from.startsWith("~"))
    return { from: key === "cookieDomain" ? from.replace(/^\./, "") : from, to: [to] };
  // Domains are compared without regard to case, by expressions as well.
  const letters = key === "cookieDomain" || from.startsWith("~*") ? "any case" : "exact case";
  const source = from.replace(key === "cookieDomain" ? /^~/ : /^~\*?/, "");
  const compiled = compilePattern(source, "anywhere", letters);
  if (compiled.kind === "compiled") return { from: compiled.pattern, to: [to] };
  refusePattern(annotations, annotation, from, compiled);
  return undefined;
}
