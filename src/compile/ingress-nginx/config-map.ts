import { type ControllerOptions, DEFAULT_CONTROLLER_OPTIONS } from "../../model/controller.ts";
import type { Problem } from "../../model/problem.ts";
import type { ConfigMap } from "../../model/resource.ts";
import type { OwnDefaultBackend } from "../../step/error-pages.ts";
import { readAnnotationDefaults } from "./config-map/annotation-defaults.ts";
import { ConfigData } from "./config-map/data.ts";
import { judgeOptions } from "./config-map/judge.ts";
import {
  type CompileTimeOptions,
  DEFAULT_COMPILE_TIME_OPTIONS,
  readCompileTimeOptions,
  readControllerOptions,
} from "./config-map/read.ts";
import { INGRESS_NGINX } from "./facts.ts";

export interface ControllerConfig {
  /** `ingress-nginx/ingress-nginx-controller`, if it exists. */
  readonly name?: string | undefined;
  readonly origin?: ConfigMap["origin"] | undefined;
  readonly compileTime: CompileTimeOptions;
  readonly ownDefault: OwnDefaultBackend;
  readonly options: ControllerOptions;
  /** Values for annotations that an Ingress lacks, by name without prefix. Not yet validated. */
  readonly annotationDefaults: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

export const DEFAULT_CONFIG: ControllerConfig = {
  compileTime: DEFAULT_COMPILE_TIME_OPTIONS,
  ownDefault: { status: 404 },
  options: DEFAULT_CONTROLLER_OPTIONS,
  annotationDefaults: new Map(),
  problems: [],
};

/**
 * The controller's ConfigMap: the one named as `NAMESPACE/NAME` (`--configmap`), else the one that its
 * installations create.
 */
export function controllerConfig(
  configMaps: readonly ConfigMap[],
  named: string | undefined,
): ControllerConfig {
  const byName: ReadonlyMap<string, ConfigMap> = new Map(
    configMaps.map((configMap) => [`${configMap.metadata.namespace}/${configMap.metadata.name}`, configMap]),
  );
  const { name, namespace } = INGRESS_NGINX.configMap;
  const usual = configMaps.filter(({ metadata }) => metadata.name === name);
  const found =
    named !== undefined
      ? byName.get(named)
      : (usual.find(({ metadata }) => metadata.namespace === namespace) ?? usual[0]);
  if (found === undefined)
    return named === undefined ? DEFAULT_CONFIG : { ...DEFAULT_CONFIG, problems: [notThere(named)] };
  const data = new ConfigData(found);
  judgeOptions(data);
  const compileTime = readCompileTimeOptions(data);
  const options = readControllerOptions(data, byName);
  return {
    name: `${found.metadata.namespace}/${found.metadata.name}`,
    origin: found.origin,
    compileTime,
    ownDefault: {
      status: compileTime.errors.codes.includes(404) ? 500 : 404,
      everywhere: options.everywhere,
    },
    options,
    annotationDefaults: readAnnotationDefaults(data),
    problems: data.problems,
  };
}

function notThere(name: string): Problem {
  return {
    code: "no-configmap",
    level: "warning",
    message: `There is no ConfigMap ${name} (--configmap): the controller's options are its defaults.`,
    fix: "Add it to the manifests, or write NAMESPACE/NAME of one that is there.",
  };
}
