import type { Problem } from "../../../model/problem.ts";
import { ingressName, problemOf } from "../../problem.ts";
import { needsRegex } from "../locations/location-form.ts";
import type { ServerDraft } from "../servers.ts";

/** A warning per Ingress whose plain paths another Ingress of the host turns into regular expressions. */
export function regexByOthers(server: ServerDraft): readonly Problem[] {
  const cause = server.locations.find(needsRegex)?.owner;
  if (cause === undefined) return [];
  const plain = server.locations.filter((draft) => draft.rule !== undefined && !needsRegex(draft));
  const touched = new Set(
    plain.flatMap(({ owner }) => (owner === undefined || owner === cause ? [] : [owner])),
  );
  const setting = cause.settings.useRegex ? "use-regex" : "rewrite-target";
  return [...touched].map(({ ingress }) =>
    problemOf(ingress, {
      code: "regex-host",
      level: "warning",
      field: "spec.rules",
      message: `every path of host "${server.host || "_"}" in Ingress ${ingressName(ingress)} is matched as a regular expression, without regard to case, because Ingress ${ingressName(cause.ingress)} sets ${setting}`,
      fix: `Give the paths that need ${setting} a host of their own, or write the others so that they are right as expressions.`,
    }),
  );
}
