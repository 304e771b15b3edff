import { INGRESS_NGINX } from "../../compile/ingress-nginx/facts.ts";
import { PREFIX } from "../../compile/nginx-annotations/prefix.ts";
import type { ConfigMap } from "../../model/resource.ts";
import type { Routing } from "../routing.ts";
import type { StepEffect } from "./effects.ts";

/** Where an annotation or an option of the ConfigMap is written. */
export interface SettingPlace {
  /** Without prefix. */
  readonly setting: string;
  readonly file: string;
  /** 1-based; 0 in a cluster */
  readonly line: number;
}

type Written = Pick<Routing, "reading" | "settings">;

/** The annotation of the step's Ingress, else the controller's option; `undefined` for a default. */
export function placeOfEffect(
  { settings: names, ingress }: StepEffect,
  { reading: { snapshot }, settings }: Written,
): SettingPlace | undefined {
  const owner = snapshot.ingresses.find(
    ({ metadata }) => `${metadata.namespace}/${metadata.name}` === ingress,
  );
  const annotation = names.find((name) => owner?.metadata.annotations.has(PREFIX + name));
  if (owner !== undefined && annotation !== undefined) {
    const line = owner.origin.lineOf(`metadata.annotations[${PREFIX}${annotation}]`);
    return { setting: annotation, file: owner.origin.file, line };
  }
  const options = configMapIn(snapshot.configMaps, settings.configmap);
  const option = names.find((name) => options?.data.has(name));
  if (options === undefined || option === undefined) return undefined;
  return { setting: option, file: options.origin.file, line: options.origin.lineOf(`data[${option}]`) };
}

/** The one named, else the one that installations of the controller create. */
function configMapIn(configMaps: readonly ConfigMap[], named: string | undefined): ConfigMap | undefined {
  const { namespace, name } = INGRESS_NGINX.configMap;
  const isNamed = (key: string) =>
    configMaps.find(({ metadata }) => `${metadata.namespace}/${metadata.name}` === key);
  if (named !== undefined) return isNamed(named);
  return isNamed(`${namespace}/${name}`) ?? configMaps.find(({ metadata }) => metadata.name === name);
}
