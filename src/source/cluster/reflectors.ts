import type { Admitted } from "../../manifest/admitted.ts";
import type { Ingress } from "../../model/resource.ts";
import { CONTROLLER_CONFIG, INGRESSES, LISTED_KINDS } from "./kinds.ts";
import { secretsNamedBy } from "./named-secrets.ts";
import { type Reflector, type ReflectorOptions, type ReflectorTarget, startReflector } from "./reflector.ts";
import { createSecrets } from "./secrets.ts";

export interface Reflectors {
  readonly all: () => readonly Reflector[];
  readonly collections: () => readonly ReadonlyMap<string, Admitted>[];
  /** Reads the Secrets that the Ingresses name now. Resolves once their contents are known. */
  readonly nameSecrets: () => Promise<void>;
  /** Resolves once everything is listed, or refused. */
  readonly settled: Promise<void>;
  readonly restart: () => void;
  readonly stop: () => void;
}

/** The controller's ConfigMap is elsewhere than the Ingresses. Without a name it is found by its usual one. */
function controllerConfig({ config, usualConfigs = [] }: ControllerObjects): readonly ReflectorTarget[] {
  const [namespace, named] = config?.split("/") ?? [];
  const names = named === undefined ? usualConfigs : [named];
  return names.map((name) => ({
    kind: CONTROLLER_CONFIG,
    namespace,
    select: { fieldSelector: `metadata.name=${name}` },
  }));
}

/** The objects to read of namespaces (`undefined`: all at once). */
function targetsOf(
  namespaces: readonly (string | undefined)[],
  controller: ControllerObjects,
): readonly ReflectorTarget[] {
  const listed = LISTED_KINDS.flatMap((kind) =>
    (kind.scope === "cluster" ? [undefined] : namespaces).map((namespace) => ({ kind, namespace })),
  );
  return namespaces.includes(undefined) ? listed : [...listed, ...controllerConfig(controller)];
}

/** Objects of the controller's own, `NAMESPACE/NAME`. */
export interface ControllerObjects {
  /** Its ConfigMap. default: the one with its usual name */
  readonly config?: string | undefined;
  /** The usual names of the ConfigMaps of controllers. default: none */
  readonly usualConfigs?: readonly string[] | undefined;
  /** The Secret of its `--default-ssl-certificate`. */
  readonly certificate?: string | undefined;
}

export function startReflectors(
  namespaces: readonly (string | undefined)[],
  controller: ControllerObjects,
  options: ReflectorOptions,
): Reflectors {
  const listed = targetsOf(namespaces, controller).map((target) => startReflector(target, options));
  const secrets = createSecrets(options);
  const all = () => [...listed, ...secrets.reflectors()];
  const ingresses = (): readonly Ingress[] =>
    listed
      .filter(({ kind }) => kind === INGRESSES)
      .flatMap((reflector) => [...reflector.objects().values()])
      .flatMap(({ resource }) => (resource?.kind === "Ingress" ? [resource] : []));
  const { certificate } = controller;
  const named = certificate === undefined ? [] : [certificate];
  const nameSecrets = () => secrets.name(new Set([...named, ...secretsNamedBy(ingresses())]));
  return {
    all,
    collections: () => [...listed.map((reflector) => reflector.objects()), secrets.objects()],
    nameSecrets,
    settled: Promise.all(listed.map(({ settled }) => settled)).then(nameSecrets),
    restart: () => {
      for (const reflector of all()) reflector.restart();
    },
    stop: () => {
      for (const reflector of listed) reflector.stop();
      secrets.stop();
    },
  };
}
