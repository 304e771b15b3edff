import type { SecureContext } from "node:tls";
import type { Problem } from "../src/model/problem.ts";
import type { Secret } from "../src/model/resource.ts";
import type { TlsHost } from "../src/model/route.ts";
import type { TlsTerms } from "../src/model/settings/server.ts";
import { type Group, type Grouped, groupsOf } from "./groups.ts";
import { lookupNames } from "./names.ts";
import { createOwnCertificate, type OwnCertificate } from "./own.ts";
import { createPublisher } from "./publisher.ts";
import { createQueue } from "./queue.ts";
import { absentSecret } from "./secret-check.ts";
import { createServedSecret, type ServedSecret } from "./served-secret.ts";
import { openStore } from "./store.ts";

/** The certificates of the https listener, chosen by SNI as ingress-nginx chooses them. */
export interface Certificates {
  /**
   * Takes the hosts and Secrets of a new table. Returns at once and never throws: what is missing is issued in the
   * background, two at a time. A host that is not touched keeps its context object. `preset`: `NAMESPACE/NAME` of the
   * Secret that takes the place of the fake certificate (`--default-ssl-certificate`).
   */
  update(tlsHosts: readonly TlsHost[], secrets: readonly Secret[], preset?: string): void;
  /**
   * The context for a client that names a host: that of the host, else of the wildcard over its first label, else
   * the controller's fake one, also for no name, an address, or garbage. A promise where it is being issued; that one
   * comes first then. Never throws; rejects only after `close`, or where no key can be made at all.
   */
  secureContext(servername: string | undefined, terms?: TlsTerms): SecureContext | Promise<SecureContext>;
  /** Everything there is to say now, in the order of the hosts. */
  problems(): readonly Problem[];
  /** Gives up what is not yet being issued. */
  close(): void;
}

/** What `createCertificates` needs. */
export interface CertificatesOptions {
  /** `--certs-dir`, or `userDataFolder(…)`. */
  readonly dir: string;
  readonly now: () => Date;
  /** For a host whose Secret is not there: a certificate of its own, or the controller's fake one. Default: issued. */
  readonly absent?: "issued" | "fake";
  /** Told all problems whenever they have changed, from within `update` or later. */
  readonly onProblems: (problems: readonly Problem[]) => void;
}

/** Keys being made at once: half of libuv's threads (UV_THREADPOOL_SIZE is 4), the others stay for files and names. */
const AT_ONCE = 2;

/** The longest that looking at Secrets may hold the event loop, in ms; the rest is looked at in later turns. */
const SLICE_MS = 10;

/** What serves the hosts of one table. */
interface Serving {
  readonly grouped: Grouped;
  /** By `Group.key`. A Secret of the manifests is in `secrets`, every other one in `owns`. */
  readonly secrets: ReadonlyMap<string, ServedSecret>;
  readonly owns: ReadonlyMap<string, OwnCertificate>;
  /** In place of the controller's fake certificate. */
  readonly preset?: ServedSecret | undefined;
}

/** Opens the certificates of one run. Nothing is read or issued before the first `update` or handshake. */
export function createCertificates(options: CertificatesOptions): Certificates {
  const store = openStore(options.dir);
  const queue = createQueue(AT_ONCE);
  let serving: Serving = { grouped: groupsOf([]), secrets: new Map(), owns: new Map() };
  const problems = (): readonly Problem[] => unique([...problemsOf(serving), ...fake.problems()]);
  const publisher = createPublisher(options.onProblems, problems);
  const shared = { queue, now: options.now, changed: publisher.later };
  const fake = createOwnCertificate({
    ...shared,
    key: "_fake",
    object: undefined,
    ensure: (_, now) => store.ensureFake(now),
  });
  const createOwn = ({ key, first: { namespace, secretName } }: Group): OwnCertificate =>
    createOwnCertificate({
      ...shared,
      key,
      object: { kind: "Secret", namespace, name: secretName },
      ensure: (hosts, now) => store.ensure({ namespace, secretName, hosts }, now),
    });
  const presetOf = (secret: Secret | undefined, before: ServedSecret | undefined) =>
    secret && createServedSecret(secret, "any", fake, options.now(), before);
  return {
    update(tlsHosts, manifests, presetName) {
      const grouped = groupsOf(tlsHosts);
      const byName = new Map(manifests.map((one) => [`${one.metadata.namespace}/${one.metadata.name}`, one]));
      const preset = presetOf(byName.get(presetName ?? ""), serving.preset);
      const secrets = new Map<string, ServedSecret>();
      const owns = new Map<string, OwnCertificate>();
      for (const group of grouped.groups) {
        const { key, hosts } = group;
        const secret = byName.get(key);
        const before = serving.secrets.get(key);
        if (secret === undefined) {
          if (options.absent !== "fake") owns.set(key, serving.owns.get(key) ?? createOwn(group));
        } else secrets.set(key, createServedSecret(secret, hosts, preset ?? fake, options.now(), before));
      }
      const next = { grouped, secrets, owns, preset };
      serving = next;
      for (const { key, hosts } of grouped.groups) owns.get(key)?.want(hosts);
      if (tlsHosts.length > 0) fake.start();
      lookAt(
        [...secrets.values(), ...(preset === undefined ? [] : [preset])],
        () => serving === next,
        publisher.now,
      );
      publisher.now();
    },
    secureContext(servername, terms) {
      const { grouped, secrets, owns, preset = fake } = serving;
      const name = lookupNames(servername).find((one) => grouped.keys.has(one)) ?? "";
      const key = grouped.keys.get(name) ?? "";
      const context = (secrets.get(key) ?? owns.get(key) ?? preset).context(name, terms);
      // A host whose own certificate cannot be had is still answered, as the controller would answer it.
      return context instanceof Promise ? context.catch(() => fake.context("", terms)) : context;
    },
    problems,
    close() {
      publisher.stop();
      queue.close(new Error("ingress-dev is stopping"));
    },
  };
}

function problemsOf({ grouped, secrets, owns, preset }: Serving): readonly Problem[] {
  const found = grouped.groups.flatMap((group) => {
    const {
      key,
      first: { ingress },
    } = group;
    if (!secrets.has(key) && !owns.has(key)) return [absentSecret(group)];
    const own = owns.get(key)?.problems() ?? [];
    // A Secret that is written nowhere has the place of the Ingress that names it.
    const placed = own.map((problem) =>
      problem.object === undefined
        ? problem
        : { ...problem, file: ingress.file, line: ingress.line || undefined },
    );
    return [...(secrets.get(key)?.problems() ?? []), ...placed];
  });
  return [...grouped.problems, ...(preset?.problems() ?? []), ...found];
}

function unique(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

/**
 * Looks at Secrets, a slice now and the rest in later turns of the event loop, as long as they are `current`.
 * Returns whether all are done now; `later` is called when they are in a later turn.
 */
function lookAt(secrets: readonly ServedSecret[], current: () => boolean, later: () => void): boolean {
  const end = performance.now() + SLICE_MS;
  let seen = 0;
  while (seen < secrets.length && performance.now() < end) {
    secrets[seen]?.check();
    seen += 1;
  }
  if (seen === secrets.length) return true;
  setImmediate(() => {
    if (current() && lookAt(secrets.slice(seen), current, later)) later();
  });
  return false;
}
