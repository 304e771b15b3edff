import type { Admitted } from "../../manifest/admitted.ts";
import type { Ingress } from "../../model/resource.ts";
import { INGRESSES, LISTED_KINDS } from "./kinds.ts";
import { secretsNamedBy } from "./named-secrets.ts";
import { type Reflector, type ReflectorOptions, startReflector } from "./reflector.ts";
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

/** Starts to read the namespaces (`undefined`: all at once). */
export function startReflectors(
  namespaces: readonly (string | undefined)[],
  options: ReflectorOptions,
): Reflectors {
  const listed = LISTED_KINDS.flatMap((kind) =>
    (kind.scope === "cluster" ? [undefined] : namespaces).map((namespace) =>
      startReflector({ kind, namespace }, options),
    ),
  );
  const secrets = createSecrets(options);
  const all = () => [...listed, ...secrets.reflectors()];
  const ingresses = (): readonly Ingress[] =>
    listed
      .filter(({ kind }) => kind === INGRESSES)
      .flatMap((one) => [...one.objects().values()])
      .flatMap(({ resource }) => (resource?.kind === "Ingress" ? [resource] : []));
  const nameSecrets = () => secrets.name(secretsNamedBy(ingresses()));
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
