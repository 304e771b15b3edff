import type { IngressPath } from "../../../../model/resource.ts";
import { hostAskedOf, isAtHost, isAtHostOf, isOf } from "../../nginx/lost.ts";
import { pathForm } from "../../nginx/path-form.ts";
import type { IngressSource } from "../../sources.ts";
import type { Explains, KnownChange } from "../../target.ts";
import type { RouteWorld } from "../drafts.ts";

/** What paths mean otherwise: said where a request shows it. */
export function pathChanges(source: IngressSource, { expressions }: RouteWorld): readonly KnownChange[] {
  const { ingress } = source;
  const ofPaths = ingress.spec.rules.flatMap(({ host, paths = [], field }) => {
    const isExpression = expressions.has(host);
    const ofPaths = paths.flatMap((path) => ofPath(source, host, path, isExpression));
    return host.startsWith("*.") ? [...ofPaths, wildcard(source, host, `${field}.host`)] : ofPaths;
  });
  return ingress.spec.defaultBackend === undefined ? ofPaths : [...ofPaths, unusedFallback(source)];
}

function change(
  source: IngressSource,
  field: string,
  message: string,
  fix: string,
  explains: Explains,
): KnownChange {
  return { ingress: source.ingress, field, message, fix, explains, when: "shown" };
}

function ofPath(
  source: IngressSource,
  host: string,
  path: IngressPath,
  isExpression: boolean,
): readonly KnownChange[] {
  const { ingress, nginx } = source;
  const form = pathForm(path, isExpression, nginx?.settings.rewriteTarget?.source);
  const at = `${path.field}.path`;
  const written = form.kind === "expression" ? "" : form.prefix;
  const bare = written.replace(/\/$/, "");
  const isAsked = (difference: Parameters<Explains>[0]) => isAtHost(host, difference);
  const pathOf = ({ request }: Parameters<Explains>[0]) => request.target.split("?")[0] ?? "";
  const changes: KnownChange[] = [];
  if (isExpression) {
    changes.push(
      change(
        source,
        at,
        `ingress-nginx takes every path that begins with these letters (${written}x too); a PathPrefix is whole elements`,
        "Add a rule for what else is meant.",
        (difference) => {
          if (!isOf(ingress, difference) || !isAsked(difference)) return undefined;
          const asked = pathOf(difference);
          const isLonger = asked.toLowerCase().startsWith(written.toLowerCase()) && !isBelow(asked, bare);
          return form.kind !== "expression" && isLonger ? { aspects: "answer" } : undefined;
        },
      ),
    );
  }
  if ((written.endsWith("/") && written !== "/") || (isExpression && form.kind === "prefix"))
    changes.push(
      change(
        source,
        at,
        `a PathPrefix takes ${bare} as well; ingress-nginx redirects it to ${bare}/, or leaves it to another path`,
        "Decide whether it matters.",
        (difference) =>
          isAsked(difference) && pathOf(difference).toLowerCase() === bare.toLowerCase() && bare !== ""
            ? { aspects: "answer" }
            : undefined,
      ),
    );
  if (isExpression)
    changes.push(
      change(
        source,
        at,
        "a host with a rewrite or use-regex ignores upper and lower case in ingress-nginx; routes do not",
        "Add matches for other spellings if clients use them.",
        (difference) => {
          const asked = pathOf(difference);
          return isAsked(difference) && isOf(ingress, difference) && asked !== asked.toLowerCase()
            ? { aspects: "answer" }
            : undefined;
        },
      ),
    );
  return changes;
}

function unusedFallback(source: IngressSource): KnownChange {
  return change(
    source,
    "spec.defaultBackend",
    "a canary names its Service as well, so that ingress-nginx answers 503; now it is asked",
    "Decide whether it matters.",
    (difference) => {
      const { first, second } = difference;
      const isUnused = first.behaviour.status === 503 && first.rule === undefined;
      const isHost = isAtHostOf(source.ingress, difference);
      return isUnused && isHost && second.behaviour.kind === "forward" ? { aspects: ["kind"] } : undefined;
    },
  );
}

function isBelow(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`);
}

function wildcard(source: IngressSource, host: string, field: string): KnownChange {
  return change(
    source,
    field,
    `${host} takes names of any depth in Gateway API; in ingress-nginx the star is one label`,
    "Decide whether it matters.",
    (difference) => {
      const name = hostAskedOf(difference);
      const label = name.endsWith(host.slice(1)) ? name.slice(0, -host.slice(1).length) : "";
      return /[^\w-]/.test(label) ? { aspects: "answer" } : undefined;
    },
  );
}
