import { createPredictor } from "../../src/cli/predict.ts";
import { findingsOf } from "../../src/findings/findings.ts";
import type { Outcome } from "../../src/match/outcome.ts";
import type { Problem } from "../../src/model/problem.ts";
import { compileCase } from "../support/compiled-case.ts";

/** One path of one host, with the annotations of its Ingress. */
export interface WrittenRule {
  readonly name: string;
  /** default: every host */
  readonly host?: string | undefined;
  readonly paths: readonly (readonly [path: string, service: string, pathType?: string])[];
  readonly annotations?: Readonly<Record<string, string>>;
}

interface ExaminedRules {
  readonly findings: readonly Problem[];
  /** A plain GET. */
  readonly ask: (url: string) => Outcome;
}

const SETTINGS = { httpPort: 31000, httpsPort: 32000, exact: false } as Parameters<
  typeof createPredictor
>[0]["settings"];

export function examine(
  rules: readonly WrittenRule[],
  controller: "ingress-nginx" | "kubernetes" = "ingress-nginx",
): ExaminedRules {
  // Each path has a line of its own.
  const text = rules.map((rule) => JSON.stringify(documentOf(rule), undefined, 1)).join("\n---\n");
  const { table, resolver } = compileCase([{ file: "rules.yaml", text }], {
    controller,
    exact: false,
    echo: true,
  });
  const { outcome, ports } = createPredictor({ table, resolver, settings: SETTINGS });
  const findings = findingsOf({ table, outcome, ports: [ports.http, ports.https, 80, 443] });
  const ask = (url: string) => {
    const [, scheme = "", host = "", target = ""] = /^(https?):\/\/([^/]+)(\/.*)$/.exec(url) ?? [];
    return outcome({
      scheme: scheme === "https" ? "https" : "http",
      method: "GET",
      target,
      headers: [["Host", host]],
    });
  };
  return { findings, ask };
}

function documentOf({ name, host, paths, annotations = {} }: WrittenRule) {
  const written = paths.map(([path, service, pathType = "ImplementationSpecific"]) => ({
    path,
    pathType,
    backend: { service: { name: service, port: { number: 80 } } },
  }));
  const named = Object.entries(annotations).map(([key, value]) => [
    `nginx.ingress.kubernetes.io/${key}`,
    value,
  ]);
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name, annotations: Object.fromEntries(named) },
    spec: {
      ingressClassName: "nginx",
      rules: [{ ...(host === undefined ? {} : { host }), http: { paths: written } }],
    },
  };
}
