import type { Ingress, IngressPath } from "../../../model/resource.ts";
import type { FieldEdit } from "../edited.ts";
import { isRewritten } from "../nginx/path-form.ts";
import type { IngressSource } from "../sources.ts";

/** What Traefik takes in Exact and Prefix paths; one that is otherwise costs the whole Ingress. */
const PLAIN = /^\/[A-Za-z0-9._\-/]*$/;

/** The paths of an Ingress as Traefik has to be told them. */
export function pathEdits(
  { ingress, nginx }: IngressSource,
  expressions: ReadonlySet<string>,
): readonly FieldEdit[] {
  const target = nginx?.settings.rewriteTarget?.source;
  return everyPath(ingress).flatMap(({ host, path, place }) => {
    const isExpression = expressions.has(host);
    const whole =
      isExpression && target !== undefined && isRewritten(path, target) ? toTheEnd(path.path) : path.path;
    const isSpecific = path.pathType === "ImplementationSpecific";
    const needsSpecific = !PLAIN.test(whole) || (isExpression && path.pathType === "Exact");
    return [
      ...(whole === path.path ? [] : [{ place: [...place, "path"], value: whole }]),
      ...(needsSpecific && !isSpecific
        ? [{ place: [...place, "pathType"], value: "ImplementationSpecific" }]
        : []),
    ];
  });
}

interface PlacedPath {
  readonly host: string;
  readonly path: IngressPath;
  readonly place: readonly (string | number)[];
}

/** With their places in the manifest: `spec.rules[0].http.paths[1]`. */
export function everyPath({ spec }: Ingress): readonly PlacedPath[] {
  return spec.rules.flatMap(({ host, paths = [] }) =>
    paths.map((path) => ({ host, path, place: placeOf(path.field) })),
  );
}

function placeOf(field: string): readonly (string | number)[] {
  return field
    .split(/[.[\]]+/)
    .flatMap((step) => (step === "" ? [] : [/^\d+$/.test(step) ? Number(step) : step]));
}

/** nginx replaces the whole path, whatever stands behind the match; Traefik what matched. */
function toTheEnd(path: string): string {
  if (/(?:\.\*\)?\$?|\$)$/.test(path)) return path;
  return `${path}.*`;
}
