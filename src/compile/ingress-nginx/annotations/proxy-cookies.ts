import type { Replacement } from "../../../model/route/rewrites.ts";
import { compilePattern } from "../../../pcre/pattern.ts";
import type { Annotations, Feature } from "../annotations.ts";
import { type IngressSettings, withResponseRewrites } from "../settings.ts";
import { refusePattern } from "../values/pcre-words.ts";
import { documented } from "./documented.ts";

/** Neither accepts `$`, so captures are impossible (annotations/proxy/main.go). */
const ATTRIBUTES = [
  { annotation: "proxy-cookie-domain", key: "cookieDomain" },
  { annotation: "proxy-cookie-path", key: "cookiePath" },
] as const;

type Key = (typeof ATTRIBUTES)[number]["key"];

/** `proxy-cookie-domain` and `proxy-cookie-path`, copied into nginx's directives (nginx.tmpl). */
export const proxyCookies: Feature = {
  annotations: documented("Proxy", { Medium: "proxy-cookie-domain proxy-cookie-path" }),
  apply: (annotations, settings) =>
    ATTRIBUTES.reduce<IngressSettings>((before, { annotation, key }) => {
      const value = annotations.text(annotation);
      if (value === undefined || value === "off") return before;
      const replacement = readReplacement(annotations, annotation, key, value);
      if (replacement === undefined) return before;
      const note = `${annotations.nameOf(annotation)} rewrites cookies: ${value.replace(/ +/, " to ")}`;
      return withResponseRewrites(before, { [key]: replacement }, annotations.because(annotation, note));
    }, settings),
};

/**
 * ngx_http_proxy_cookie_domain and ngx_http_proxy_cookie_path: two words or `off`; otherwise nginx does not
 * start.
 */
function readReplacement(
  annotations: Annotations,
  annotation: string,
  key: Key,
  value: string,
): Replacement | undefined {
  const fail = (words: string, what: string) => {
    annotations.report.stop(annotation, words, what, 'Write two words: "FROM TO".');
    return undefined;
  };
  const [from = "", to, ...more] = value.split(/\s+/);
  const directive = annotation.replaceAll("-", "_");
  const fault = `"${value}" is neither off nor two words`;
  if (more.length > 0) return fail(`invalid number of arguments in "${directive}" directive`, fault);
  if (to === undefined) return fail(`invalid parameter "${value}"`, fault);
  if (!from.startsWith("~"))
    return { from: key === "cookieDomain" ? from.replace(/^\./, "") : from, to: [to] };
  // Domains always ignore case, in expressions too.
  const letters = key === "cookieDomain" || from.startsWith("~*") ? "any case" : "exact case";
  const source = from.replace(key === "cookieDomain" ? /^~/ : /^~\*?/, "");
  const compiled = compilePattern(source, "anywhere", letters);
  if (compiled.kind === "compiled") return { from: compiled.pattern, to: [to] };
  refusePattern(annotations, annotation, from, compiled);
  return undefined;
}
