import { type Admitted, imagesOf } from "../../manifest/admitted.ts";
import { followKinds, type KindsStanding } from "./custom/follow-kinds.ts";
import { type ClusterKind, CONTROLLER_CONFIG, CONTROLLER_WORKLOADS, LISTED_KINDS } from "./kinds.ts";
import { secretsNamedBy } from "./named-secrets.ts";
import { type Reflector, type ReflectorOptions, type ReflectorTarget, startReflector } from "./reflector.ts";
import { createSecrets } from "./secrets.ts";

export interface Reflectors {
  readonly all: () => readonly Reflector[];
  readonly kinds: () => KindsStanding;
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

/** What runs controllers. Other workloads of the cluster are passed over. */
function controllerWorkloads({ isController }: ControllerObjects): readonly ReflectorTarget[] {
  if (isController === undefined) return [];
  const isKept = (item: unknown) => imagesOf(item).some(isController);
  return CONTROLLER_WORKLOADS.map((kind) => ({ kind, namespace: undefined, isKept }));
}

type Places = readonly (string | undefined)[];

/** A kind in each namespace (`undefined`: all at once). */
function inPlaces(kind: ClusterKind, namespaces: Places): readonly ReflectorTarget[] {
  return (kind.scope === "cluster" ? [undefined] : namespaces).map((namespace) => ({ kind, namespace }));
}

function targetsOf(namespaces: Places, controller: ControllerObjects): readonly ReflectorTarget[] {
  return [
    ...LISTED_KINDS.flatMap((kind) => inPlaces(kind, namespaces)),
    ...(namespaces.includes(undefined) ? [] : controllerConfig(controller)),
    ...controllerWorkloads(controller),
  ];
}

/** Objects of the controller's own, `NAMESPACE/NAME`. */
export interface ControllerObjects {
  /** Its ConfigMap. default: the one with its usual name */
  readonly config?: string | undefined;
  /** The usual names of the ConfigMaps of controllers. default: none */
  readonly usualConfigs?: readonly string[] | undefined;
  /** True for the image of a controller. default: the flags of those in the cluster are not read */
  readonly isController?: ((image: string) => boolean) | undefined;
  /** The Secret of its `--default-ssl-certificate`. */
  readonly certificate?: string | undefined;
}

export function startReflectors(
  namespaces: Places,
  controller: ControllerObjects,
  options: ReflectorOptions,
): Reflectors {
  const listed = targetsOf(namespaces, controller).map((target) => startReflector(target, options));
  const custom = followKinds(
    (kind) => inPlaces(kind, namespaces).map((target) => startReflector(target, options)),
    options,
  );
  const secrets = createSecrets(options);
  const whole = () => [...listed, ...custom.reflectors()];
  const all = () => [...whole(), ...secrets.reflectors()];
  const { certificate } = controller;
  const named = certificate === undefined ? [] : [certificate];
  const nameSecrets = () => {
    const resources = whole()
      .flatMap((reflector) => [...reflector.objects().values()])
      .flatMap(({ resource }) => resource ?? []);
    return secrets.name(new Set([...named, ...secretsNamedBy(resources)]));
  };
  return {
    all,
    kinds: custom.standing,
    collections: () => [...whole().map((reflector) => reflector.objects()), secrets.objects()],
    nameSecrets,
    settled: Promise.all([...listed.map(({ settled }) => settled), custom.settled]).then(nameSecrets),
    restart: () => {
      for (const reflector of all()) reflector.restart();
    },
    stop: () => {
      for (const reflector of listed) reflector.stop();
      custom.stop();
      secrets.stop();
    },
  };
}
