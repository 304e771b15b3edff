import type { ShareRule } from "../../../model/route/action.ts";
import { compilePattern } from "../../../pcre/pattern.ts";
import type { Annotations, Feature } from "../annotations.ts";
import { documented } from "./documented.ts";

/** The conditions of a canary; without `canary` all are ignored. */
const RULES = [
  "canary-by-header",
  "canary-by-header-value",
  "canary-by-header-pattern",
  "canary-by-cookie",
  "canary-weight",
];

/**
 * `canary: "true"`: an alternative backend for another Ingress's paths (annotations/canary/main.go). Bad
 * values count as absent.
 */
export const canary: Feature = {
  annotations: documented("Canary", {
    Low: "canary canary-weight canary-weight-total",
    Medium: "canary-by-header canary-by-header-value canary-by-header-pattern canary-by-cookie",
  }),
  apply: (annotations, settings) => {
    if (annotations.boolean("canary") === true) return { ...settings, canary: readShare(annotations) };
    const named = RULES.find((name) => annotations.has(name));
    if (named !== undefined) {
      const outcome = 'it does nothing without canary: "true", and the Ingress is served as any other';
      annotations.report.bad(named, outcome, 'Add canary: "true", or remove it.', "use-default");
    }
    return settings;
  },
};

/** The share of a canary Ingress in the requests of the paths that it is an alternative to. */
export interface CanaryShare {
  readonly rule: ShareRule;
  readonly weight: number;
  readonly weightTotal: number;
}

function readShare(annotations: Annotations): CanaryShare {
  const header = annotations.text("canary-by-header") ?? "";
  const value = annotations.text("canary-by-header-value") ?? "";
  const pattern = readPattern(annotations, header, value);
  const cookie = annotations.text("canary-by-cookie") ?? "";
  return {
    rule: { kind: "canary", header, value, pattern, cookie },
    weight: annotations.integer("canary-weight") ?? 0,
    weightTotal: total(annotations),
  };
}

function total(annotations: Annotations): number {
  const written = annotations.integer("canary-weight-total") ?? 100;
  if (written < 100) {
    const what = `"${written}" is below 100, and balancer.lua counts from 100`;
    annotations.report.surprising("canary-weight-total", what, "Write 100 or more.");
  }
  return written;
}

/**
 * An expression that cannot run leaves the request with the primary (balancer.lua: "error when matching").
 */
function readPattern(annotations: Annotations, header: string, value: string): ShareRule["pattern"] {
  const name = "canary-by-header-pattern";
  const source = annotations.text(name);
  if (source === undefined) return undefined;
  if (value !== "") {
    annotations.report.surprising(
      name,
      "canary-by-header-value is set, so it is never asked",
      "Remove one of the two.",
    );
    return undefined;
  }
  if (header === "") {
    annotations.report.surprising(
      name,
      "without canary-by-header it is never asked",
      "Add canary-by-header.",
    );
    return undefined;
  }
  const compiled = compilePattern(source, "anywhere", "exact case");
  if (compiled.kind === "compiled") return compiled.pattern;
  const broken = `"${source}" cannot be run (${compiled.why}): requests with the header stay with the primary`;
  annotations.report.surprising(name, broken, "Correct the expression.");
  return "broken";
}
