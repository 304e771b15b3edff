import { type Json, jsonFields, jsonItems, jsonString } from "../../../model/json.ts";
import type { CustomResource } from "../../../model/resource.ts";
import { Lost } from "../lost.ts";
import { joinedName } from "../names.ts";
import type { TraefikObjects } from "../objects.ts";

/** The references of a chain's members, or of a route's middlewares. */
export function chainReferences(
  spec: Json | undefined,
  middleware: CustomResource,
  objects: TraefikObjects,
): readonly string[] | Lost {
  return referencesTo(jsonFields(spec).middlewares, middleware.metadata.namespace, objects);
}

/** Source: makeMiddlewareKeys() in pkg/provider/kubernetes/crd/kubernetes_http.go */
export function referencesTo(
  items: Json | undefined,
  namespace: string,
  { flags }: TraefikObjects,
): readonly string[] | Lost {
  const references: string[] = [];
  for (const item of jsonItems(items)) {
    const fields = jsonFields(item);
    const name = jsonString(fields.name) ?? "";
    if (name.includes("@")) {
      if (name.endsWith("@kubernetescrd") && !flags.crossNamespace)
        return new Lost(
          `the reference ${name} names a provider, which is refused without --providers.kubernetescrd.allowcrossnamespace`,
          "Write name and namespace.",
          "middleware",
        );
      references.push(name);
      continue;
    }
    const of = jsonString(fields.namespace) || namespace;
    if (of !== namespace && !flags.crossNamespace)
      return new Lost(
        `Middleware ${of}/${name} is in another namespace, which needs --providers.kubernetescrd.allowcrossnamespace`,
        `Put the Middleware into the namespace ${namespace}, or set that flag.`,
        "middleware",
      );
    references.push(`${joinedName(`${of}-${name}`)}@kubernetescrd`);
  }
  return references;
}
