import type { Ingress } from "../../../model/resource.ts";
import { certificateAnnotations } from "../beside/certificates.ts";
import { kept, type MadeFields, unlessEmpty } from "../made.ts";
import type { KnownChange } from "../target.ts";

/** The annotations that cert-manager reads of the Gateway, in place of the Ingresses with `tls`. One Gateway has one issuer. */
export function issuersOf(ingresses: readonly Ingress[]): {
  readonly annotations: MadeFields | undefined;
  readonly differing: readonly KnownChange[];
} {
  const found = new Map<string, { readonly value: string; readonly by: Ingress }>();
  const differing: KnownChange[] = [];
  for (const ingress of ingresses) {
    if (ingress.spec.tls.length === 0) continue;
    for (const [key, value] of certificateAnnotations(ingress)) {
      const known = found.get(key);
      if (known === undefined) found.set(key, { value, by: ingress });
      else if (known.value !== value)
        differing.push({
          ingress,
          field: `metadata.annotations[${key}]`,
          message: `the Gateway has ${known.value} of Ingress ${known.by.metadata.name}, for all certificates`,
          fix: "Write a Certificate for its Secret.",
          explains: () => undefined,
        });
    }
  }
  const [first] = ingresses;
  const annotations = [...found].map(
    ([key, { value, by }]) =>
      [key, by === first ? kept(value, `metadata.annotations[${key}]`) : value] as const,
  );
  return { annotations: unlessEmpty(Object.fromEntries(annotations)), differing };
}
