import { INGRESS_NGINX } from "../../../compile/ingress-nginx/facts.ts";
import { headersThatDiffer } from "../../../diff/aspects.ts";
import type { ReasonCode } from "../../../model/reason.ts";
import type { Snapshot } from "../../../model/snapshot.ts";
import type { GeneralChange } from "../target.ts";

const CODES: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  "block-referers",
  "block-user-agents",
  "addresses",
  "address-denied",
  "error-page",
]);

/** What the controller's ConfigMap says for all Ingresses is no part of any of them. */
export function optionChanges({ configMaps }: Snapshot): readonly GeneralChange[] {
  const { name } = INGRESS_NGINX.configMap;
  if (!configMaps.some(({ metadata }) => metadata.name === name)) return [];
  return [
    {
      id: "controller-options",
      message: `ConfigMap ${name} is not converted: its headers, blocks and pages are settings of the whole controller`,
      explains: ({ first, second }) => {
        const [reason] = first.why;
        if (reason !== undefined && CODES.has(reason.code)) return { aspects: "all" };
        const names = (own: typeof first.behaviour.requestHeaders, other: typeof own) =>
          headersThatDiffer(own, other).map((header) => header.toLowerCase());
        return {
          aspects: ["guards", "settings"],
          requestHeaders: names(first.behaviour.requestHeaders, second.behaviour.requestHeaders),
          responseHeaders: names(first.behaviour.responseHeaders, second.behaviour.responseHeaders),
        };
      },
    },
  ];
}
