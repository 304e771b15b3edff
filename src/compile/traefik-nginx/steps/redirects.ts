import { readTemplate } from "../../../re2/template.ts";
import type { Step } from "../../../step/step.ts";
import { ingressName } from "../../problem.ts";
import { type Location, pathText } from "../location.ts";
import { re2Of, type Unbuilt } from "../matching.ts";

/** Per Ingress and not per host: `ssl-redirect` counts beside any entry of spec.tls. */
export function sslRedirectSteps({ annotations, path }: Location): readonly Step[] {
  const { tls, rules } = annotations.ingress.spec;
  const isForced = annotations.boolean("force-ssl-redirect") === true;
  const isCatchAll = path === undefined && rules.length === 0;
  if (!isForced && (isCatchAll || tls.length === 0 || annotations.boolean("ssl-redirect") === false))
    return [];
  const named = isForced
    ? annotations.nameOf("force-ssl-redirect")
    : `spec.tls of Ingress ${ingressName(annotations.ingress)}`;
  return [{ kind: "ssl-redirect", named }];
}

export function rootRedirectSteps({ annotations }: Location): readonly Step[] {
  const target = annotations.bytes("app-root") ?? "";
  return target.startsWith("/") ? [{ kind: "root-redirect", target }] : [];
}

/** Their own codes where an annotation gives none, or none of 300 to 308. */
const CODES = { "permanent-redirect": 301, "temporal-redirect": 302 } as const;

/** The whole URL is the match, but on hosts of expressions: there it is scheme, host and path. */
export function urlRedirectSteps(location: Location): readonly Step[] | Unbuilt {
  const { annotations, isRegex } = location;
  const annotation = annotations.has("temporal-redirect") ? "temporal-redirect" : "permanent-redirect";
  const target = annotations.text(annotation);
  if (target === undefined) return [];
  const pattern = re2Of(isRegex ? `^https?://[^/]+${pathText(location)}` : ".*");
  if ("why" in pattern) return { ...pattern, annotation };
  const code = annotations.integer(`${annotation}-code`) ?? 0;
  const status = code >= 300 && code <= 308 ? code : CODES[annotation];
  return [{ kind: "url-redirect", status, pattern, template: readTemplate(target), annotation }];
}
