import { isOf } from "../nginx/lost.ts";
import type { IngressSource } from "../sources.ts";
import type { KnownChange } from "../target.ts";

/** Characters that every client sends as they are. */
const PLAIN = /^\/[\w.~/-]*$/;

/** Paths with characters that clients escape: Traefik compares them as they are sent. */
export function oddPathChanges(
  { ingress }: IngressSource,
  expressions: ReadonlySet<string>,
): readonly KnownChange[] {
  return ingress.spec.rules.flatMap(({ host, paths = [] }) =>
    paths.flatMap(({ path, field }): readonly KnownChange[] => {
      if (expressions.has(host) || path === "" || PLAIN.test(path)) return [];
      return [
        {
          ingress,
          field: `${field}.path`,
          message:
            "clients escape some of its characters, and Traefik does not take it then: another rule, with its own guards, does",
          fix: "Write a path of letters, digits, dots, dashes and underscores.",
          explains: (difference) => {
            const { first } = difference;
            const isOwn = isOf(ingress, difference) && first.rule?.path === path;
            return isOwn ? { aspects: "answer" } : undefined;
          },
          when: "shown",
        },
      ];
    }),
  );
}
