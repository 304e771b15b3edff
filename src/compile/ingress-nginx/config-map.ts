import { type ControllerOptions, DEFAULT_CONTROLLER_OPTIONS } from "../../model/controller.ts";
import type { Problem } from "../../model/problem.ts";
import type { ConfigMap } from "../../model/resource.ts";
import type { OwnDefaultBackend } from "../../step/error-pages.ts";
import { type Ask, query } from "../query.ts";
import { CONFIG_MAP_NAMED, CONFIG_MAPS, HELM_CONFIG_MAP, OPTIONS_CONFIG_MAP } from "../world.ts";
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
  /** The one that is read, if there is one. */
  readonly configMap?: ConfigMap | undefined;
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

/** The ConfigMap that installations of the controller create. */
const USUAL_CONFIG_MAP = query<undefined, ConfigMap | undefined>("usual ConfigMap", (_, ask) => {
  const { name, namespace } = INGRESS_NGINX.configMap;
  const usual = ask.for(CONFIG_MAPS).filter(({ metadata }) => metadata.name === name);
  return usual.find(({ metadata }) => metadata.namespace === namespace) ?? usual[0];
});

/**
 * The controller's ConfigMap: the one named as `NAMESPACE/NAME` (`--configmap`), else the one of its chart's values, else
 * the one that its installations create.
 */
export function controllerConfig(ask: Ask): ControllerConfig {
  const named = ask.for(OPTIONS_CONFIG_MAP);
  const found =
    named !== undefined
      ? ask.for(CONFIG_MAP_NAMED, named)
      : (ask.for(HELM_CONFIG_MAP) ?? ask.for(USUAL_CONFIG_MAP));
  if (found === undefined)
    return named === undefined ? DEFAULT_CONFIG : { ...DEFAULT_CONFIG, problems: [notThere(named)] };
  const data = new ConfigData(found);
  judgeOptions(data);
  const compileTime = readCompileTimeOptions(data);
  const options = readControllerOptions(data, { get: (key) => ask.for(CONFIG_MAP_NAMED, key) });
  return {
    configMap: found,
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
