import { isAtHost, isOf } from "../nginx/lost.ts";
import { pathForm } from "../nginx/path-form.ts";
import type { IngressSource } from "../sources.ts";
import type { Explains, KnownChange } from "../target.ts";
import type { RoutesWorld } from "./routes.ts";

/** What paths mean otherwise: said where a request shows it. */
export function proxyPathChanges(
  { ingress, nginx }: IngressSource,
  { expressions }: RoutesWorld,
): readonly KnownChange[] {
  return ingress.spec.rules.flatMap(({ host, paths = [] }) =>
    paths.flatMap((path): readonly KnownChange[] => {
      const { field } = path;
      const isExpression = expressions.has(host);
      const form = pathForm(path, isExpression, nginx?.settings.rewriteTarget?.source);
      const prefix = form.kind === "expression" ? "" : form.prefix;
      const say = (message: string, explains: Explains): KnownChange => ({
        ingress,
        field: `${field}.path`,
        message,
        fix: "Add a route for what else is meant.",
        explains: (difference) => (isAtHost(host, difference) ? explains(difference) : undefined),
        when: "shown",
      });
      const pathOf = ({ request }: Parameters<Explains>[0]) => request.target.split("?")[0] ?? "";
      const isLonger = (asked: string) =>
        asked.startsWith(prefix) && asked !== prefix && asked[prefix.length] !== "/";
      return [
        say(`a prefix of an HTTPProxy is of letters: ${prefix}x is taken too`, (difference) =>
          prefix !== "" && !prefix.endsWith("/") && isLonger(pathOf(difference))
            ? { aspects: "answer" }
            : undefined,
        ),
        say(`the slash at the end counts in ${prefix}`, (difference) =>
          prefix.length > 1 && pathOf(difference).replace(/\/$/, "") === prefix.replace(/\/$/, "")
            ? { aspects: "answer" }
            : undefined,
        ),
        ...(form.kind === "whole"
          ? [
              say(
                "what follows the prefix stays behind the new one; ingress-nginx replaces the whole path",
                (difference) => (isOf(ingress, difference) ? { aspects: ["path"] } : undefined),
              ),
            ]
          : []),
        ...(isExpression
          ? [
              say(
                "a host with a rewrite or use-regex ignores upper and lower case in ingress-nginx; an HTTPProxy does not",
                (difference) =>
                  pathOf(difference) !== pathOf(difference).toLowerCase() ? { aspects: "answer" } : undefined,
              ),
            ]
          : []),
      ];
    }),
  );
}
