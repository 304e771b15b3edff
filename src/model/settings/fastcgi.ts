import type { VariableText } from "../variable-text.ts";

/** What `fastcgi-*` adds to what a FastCGI application is told. */
export interface FastCgiSettings {
  /** `fastcgi-index`: put behind a path that ends in a slash. */
  readonly index?: string | undefined;
  /** Of the ConfigMap that `fastcgi-params-configmap` names. */
  readonly params: readonly { readonly name: string; readonly value: VariableText }[];
}
