import type { Admitted } from "../../manifest/admitted.ts";
import { nameOfItem } from "./collection.ts";
import { SECRETS } from "./kinds.ts";
import type { SecretNames } from "./named-secrets.ts";
import { type Reflector, type ReflectorOptions, startReflector } from "./reflector.ts";
import { startSecretGetter } from "./secret-getter.ts";

/** The Secrets that Ingresses name, kept as they are in the cluster. */
export interface Secrets {
  /** Replaces the names. Resolves once the contents of all are known; then the others are dropped. */
  readonly name: (names: SecretNames) => Promise<void>;
  readonly objects: () => ReadonlyMap<string, Admitted>;
  readonly reflectors: () => readonly Reflector[];
  readonly stop: () => void;
}

interface Group {
  readonly namespace: string;
  readonly names: readonly string[];
}

/** A few Secrets of a namespace are watched one by one, so that no others are read. Many are watched at once. */
function groupsOf(names: SecretNames, most: number): ReadonlyMap<string, Group> {
  const byNamespace = new Map<string, string[]>();
  for (const key of [...names].sort()) {
    const [namespace = "", name = ""] = key.split("/");
    byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), name]);
  }
  const groups = [...byNamespace].flatMap(([namespace, all]) =>
    all.length > most ? [{ namespace, names: all }] : all.map((name) => ({ namespace, names: [name] })),
  );
  return new Map(groups.map((group) => [`${group.namespace}/${group.names.join(" ")}`, group]));
}

/** Lists and watches a group; gets its Secrets one by one where listing is forbidden. */
function startGroup({ namespace, names }: Group, options: ReflectorOptions): Reflector {
  const [only = "", ...others] = names;
  const fieldSelector = others.length === 0 ? `metadata.name=${only}` : "type!=helm.sh/release.v1";
  const onStanding = () => {
    const standing = current.standing();
    if (standing.kind === "refused" && standing.verb === "list") {
      current.stop();
      current = startSecretGetter(namespace, names, options);
    }
    options.onStanding();
  };
  const named = new Set(names);
  const isKept = (item: unknown) => named.has(nameOfItem(item));
  const target = { kind: SECRETS, namespace, select: { fieldSelector }, isKept };
  let current = startReflector(target, { ...options, onStanding });
  return {
    kind: SECRETS,
    namespace,
    objects: () => current.objects(),
    standing: () => current.standing(),
    settled: current.settled.then(() => current.settled),
    restart: () => current.restart(),
    stop: () => current.stop(),
  };
}

export function createSecrets(options: ReflectorOptions): Secrets {
  let running = new Map<string, Reflector>();
  /** No longer named, kept until the contents of their successors are known. */
  let leaving: readonly Reflector[] = [];
  return {
    name: async (names) => {
      const wanted = groupsOf(names, options.limits.namedSecrets);
      const next = new Map(
        [...wanted].map(([key, group]) => [key, running.get(key) ?? startGroup(group, options)]),
      );
      const gone = [...running].filter(([key]) => !wanted.has(key)).map(([, reflector]) => reflector);
      running = next;
      leaving = [...leaving, ...gone];
      await Promise.all([...next.values()].map(({ settled }) => settled));
      for (const reflector of gone) reflector.stop();
      leaving = leaving.filter((reflector) => !gone.includes(reflector));
      if (gone.length > 0) options.onChange();
    },
    objects: () =>
      new Map([...leaving, ...running.values()].flatMap((reflector) => [...reflector.objects()])),
    reflectors: () => [...running.values()],
    stop: () => {
      for (const reflector of [...leaving, ...running.values()]) reflector.stop();
    },
  };
}
