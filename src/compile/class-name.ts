import type { Metadata } from "../model/resource.ts";
import type { ClassRule } from "./controller.ts";
import type { CompileOptions } from "./options.ts";

/** The class of an object for a controller that goes by names alone; `""` for none. */
export function classNameOf(
  { annotations }: Pick<Metadata, "annotations">,
  field: string | undefined,
  { byName = [] }: Pick<ClassRule, "byName">,
): { readonly name: string; readonly field: string } {
  const key = byName.find((annotation) => annotations.has(annotation));
  const annotated = key === undefined ? "" : (annotations.get(key) ?? "");
  return annotated === ""
    ? { name: field ?? "", field: "spec.ingressClassName" }
    : { name: annotated, field: `metadata.annotations[${key}]` };
}

/** With names of its own, a controller leaves objects without class alone. */
export function isClassNamed(
  name: string,
  { installed }: Pick<ClassRule, "installed">,
  { ingressClasses }: Pick<CompileOptions, "ingressClasses">,
): boolean {
  if (ingressClasses !== undefined) return ingressClasses.includes(name);
  return name === "" || name === installed;
}
