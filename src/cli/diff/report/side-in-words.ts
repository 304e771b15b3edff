import { headersThatDiffer, settingsThatDiffer } from "../../../diff/aspects.ts";
import { guardText } from "../../../diff/behaviour/guards-in-words.ts";
import type { Behaviour } from "../../../diff/behaviour.ts";
import type { Difference, DifferenceSide } from "../../../diff/difference.ts";
import type { HeaderLine } from "../../../model/decision.ts";
import type { Reason } from "../../../model/reason.ts";
import { bytesAsText } from "../../../request/utf8.ts";

/** `forward default/cart:80 /cart`, `redirect 308 https://…`, `respond 404`, as in requests files. */
export function behaviourInWords({ kind, status, location, service, path }: Behaviour): string {
  const parts =
    kind === "forward"
      ? [service, path && bytesAsText(path)]
      : [status, kind === "redirect" ? location : service];
  return [kind, ...parts.filter((part) => part !== undefined)].join(" ");
}

/** With what else may come: `forward default/old:80 /a, or forward default/new:80 /a`. */
export function possibleInWords({ behaviour, mayAlso = [] }: DifferenceSide): string {
  return [behaviour, ...mayAlso].map(behaviourInWords).join(", or ");
}

/** `k8s/shop.yaml:14`; `""`: unknown. */
export function placeInWords({ place }: DifferenceSide): string {
  if (place === undefined) return "";
  return place.line > 0 ? `${place.file}:${place.line}` : place.file;
}

/** `Ingress default/shop shop.test /cart (Prefix)`; `""`: no Ingress. */
export function ruleInWords({
  ingress,
  kind = "Ingress",
  rule,
  match = "default backend",
}: DifferenceSide): string {
  if (ingress === undefined) return "";
  const path =
    rule &&
    `${rule.host === "" ? "*" : rule.host} ${rule.path} (${rule.pathType}${rule.regex ? ", as an expression" : ""})`;
  return `${kind} ${ingress} ${path ?? match}`;
}

/** The reasons without the rule itself, which has a line of its own. */
export function whyBeside({ why }: DifferenceSide): readonly Reason[] {
  return why.filter(({ code }) => code !== "rule");
}

/** The differing aspects that the answer's own line leaves out: guards, canary, certificate, headers. */
export function furtherParts(
  { aspects }: Pick<Difference, "aspects">,
  { behaviour: own }: DifferenceSide,
  { behaviour: other }: DifferenceSide,
): readonly string[] {
  return aspects.flatMap((aspect) => {
    switch (aspect) {
      case "guards":
        return own.guards?.length ? own.guards.map((guard) => `guard: ${guardText(guard)}`) : ["guard: none"];
      case "canary":
        return [`canary: ${own.canary}`];
      case "certificate":
        return [`certificate: ${own.certificate}`];
      case "response headers":
        return linesOf(
          "sent back",
          own.responseHeaders,
          headersThatDiffer(own.responseHeaders, other.responseHeaders),
        );
      case "request headers":
        return linesOf(
          "sent on",
          own.requestHeaders,
          headersThatDiffer(own.requestHeaders, other.requestHeaders),
        );
      case "settings":
        return settingsThatDiffer(own, other).map(
          (name) => `${name}: ${own.settings?.values.get(name) ?? "none"}`,
        );
      default:
        return [];
    }
  });
}

function linesOf(
  title: string,
  lines: readonly HeaderLine[] = [],
  names: readonly string[],
): readonly string[] {
  return names.flatMap((name) => {
    const found = lines.filter(([other]) => other === name);
    return found.length === 0
      ? [`${title}: no ${name}`]
      : found.map(([, value]) => `${title}: ${value === "" ? `${name} taken away` : `${name}: ${value}`}`);
  });
}
