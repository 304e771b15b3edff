import type { Admitted } from "../../manifest/admitted.ts";
import type { Ingress } from "../../model/resource.ts";
import { CONTROLLER_CONFIG, INGRESSES, LISTED_KINDS } from "./kinds.ts";
import { secretsNamedBy } from "./named-secrets.ts";
import { type Reflector, type ReflectorOptions, startReflector, type Target } from "./reflector.ts";
import { createSecrets } from "./secrets.ts";

/** Everything that is read of a cluster: a reflector for each kind and place, and the Secrets that are named. */
export interface Reflectors {
  readonly all: () => readonly Reflector[];
  readonly collections: () => readonly ReadonlyMap<string, Admitted>[];
  /** Sees to the Secrets that the Ingresses name now; done once it is known what they hold. */
  readonly nameSecrets: () => Promise<void>;
  /** Once everything is listed, or refused. */
  readonly settled: Promise<void>;
  readonly restart: () => void;
  readonly stop: () => void;
}

/** The controller's ConfigMap is somewhere else than the Ingresses; one that is not named is found by its usual name. */
function controllerConfig({ config, usualConfig }: ControllerObjects): readonly Target[] {
  const [namespace, name] = config?.split("/") ?? [undefined, usualConfig];
  if (name === undefined) return [];
  return [{ kind: CONTROLLER_CONFIG, namespace, select: { fieldSelector: `metadata.name=${name}` } }];
}

/** What is read of namespaces (`undefined`: all at once). */
function targetsOf(
  namespaces: readonly (string | undefined)[],
  controller: ControllerObjects,
): readonly Target[] {
  const listed = LISTED_KINDS.flatMap((kind) =>
    (kind.scope === "cluster" ? [undefined] : namespaces).map((namespace) => ({ kind, namespace })),
  );
  return namespaces.includes(undefined) ? listed : [...listed, ...controllerConfig(controller)];
}

/** Objects of the controller's own, `NAMESPACE/NAME`. */
export interface ControllerObjects {
  /** Its ConfigMap; default: the one with its usual name. */
  readonly config?: string | undefined;
  /** The name that its installations give its ConfigMap; default: it has none. */
  readonly usualConfig?: string | undefined;
  /** The Secret of its `--default-ssl-certificate`. */
  readonly certificate?: string | undefined;
}

/** Starts to read the namespaces, and the controller's own objects beside them. */
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
      .flatMap((one) => [...one.objects().values()])
      .flatMap(({ resource }) => (resource?.kind === "Ingress" ? [resource] : []));
  const { certificate } = controller;
  const named = certificate === undefined ? [] : [certificate];
  const nameSecrets = () => secrets.name(new Set([...named, ...secretsNamedBy(ingresses())]));
  return {
    all,
    collections: () => [...listed.map((one) => one.objects()), secrets.objects()],
    nameSecrets,
    settled: Promise.all(listed.map((one) => one.settled)).then(nameSecrets),
    restart: () => {
      for (const reflector of all()) reflector.restart();
    },
    stop: () => {
      for (const reflector of listed) reflector.stop();
      secrets.stop();
    },
  };
}
