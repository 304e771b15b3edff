import type { SecureContext } from "node:tls";
import type { Problem } from "../src/model/problem.ts";
import type { Secret } from "../src/model/resource.ts";
import type { TlsHost } from "../src/model/route.ts";
import type { ControllerCertificate } from "../src/model/tls/own-certificate.ts";
import type { TlsTerms } from "../src/model/tls/server-tls.ts";
import { type GroupedHosts, groupsOf, type HostGroup } from "./groups.ts";
import { lookupNames } from "./names.ts";
import { createOwnCertificate, type OwnCertificate } from "./own.ts";
import { createPublisher, problemText } from "./publisher.ts";
import { createQueue } from "./queue.ts";
import { absentSecret } from "./secret-check.ts";
import { createServedSecret, type ServedSecret } from "./served-secret.ts";
import { openStore } from "./store.ts";

/** The certificates of the https listener, chosen by SNI as ingress-nginx chooses them. */
export interface Certificates {
  /**
   * Takes the hosts and Secrets of a new table. Returns at once and never throws: missing certificates are issued in
   * the background, those of many hosts with their first handshake. An unchanged host keeps its context object.
   *
   * `preset`: the Secret in place of the fake certificate, `NAMESPACE/NAME` (`--default-ssl-certificate`)
   */
  update(tlsHosts: readonly TlsHost[], secrets: readonly Secret[], preset?: string): void;
  /**
   * The context for the name that a client sends: of the host, of the wildcard over its first label, or the
   * controller's fake one. A promise while the certificate is issued, then before all others. Never throws. Rejects
   * only after `close`, or when no key can be made at all.
   */
  secureContext(servername: string | undefined, terms?: TlsTerms): SecureContext | Promise<SecureContext>;
  /** In the order of the hosts. */
  problems(): readonly Problem[];
  /** Rejects what is not yet being issued. */
  close(): void;
}

export interface CertificatesOptions {
  /** `--certs-dir`, or `userDataFolder(…)`. */
  readonly dir: string;
  readonly now: () => Date;
  /** The certificate of a host whose Secret is missing: its own, or the controller's fake one. default: issued */
  readonly absent?: "issued" | "fake";
  /** The names of the controller's fake certificate. default: ingress-nginx's */
  readonly fake?: ControllerCertificate | undefined;
  /** Called with all problems after each change, from within `update` or later. */
  readonly onProblems: (problems: readonly Problem[]) => void;
}

/** Keys made at once: half of libuv's threads (default: 4, UV_THREADPOOL_SIZE). The others stay for files and names. */
const AT_ONCE = 2;

/**
 * Certificates that are issued before anybody asks for them. A key costs 50 to 500 ms of processor time: those of a
 * whole company's hosts would keep the computer busy for minutes, and few of them are ever looked at.
 */
const AHEAD = 16;

/** The longest that checks of Secrets may hold the event loop; later turns do the rest. */
const SLICE_MS = 10;

interface Serving {
  readonly asked: Asked;
  readonly grouped: GroupedHosts;
  /** By `HostGroup.key`: a Secret of the manifests is in `secrets`, every other one in `owns`. */
  readonly secrets: ReadonlyMap<string, ServedSecret>;
  readonly owns: ReadonlyMap<string, OwnCertificate>;
  /** Replaces the controller's fake certificate. */
  readonly preset?: ServedSecret | undefined;
}

/** What an update was called with. */
interface Asked {
  readonly tlsHosts: readonly TlsHost[];
  readonly manifests: readonly Secret[];
  readonly presetName: string | undefined;
}

function isSame(before: Asked, { tlsHosts, manifests, presetName }: Asked): boolean {
  return (
    before.manifests === manifests &&
    before.presetName === presetName &&
    before.tlsHosts.length === tlsHosts.length &&
    before.tlsHosts.every((host, at) => host === tlsHosts[at])
  );
}

/** Opens the certificates of one run. Reads and issues nothing before the first `update` or handshake. */
export function createCertificates(options: CertificatesOptions): Certificates {
  const store = openStore(options.dir);
  const queue = createQueue(AT_ONCE);
  const nothing: Asked = { tlsHosts: [], manifests: [], presetName: undefined };
  let serving: Serving = { asked: nothing, grouped: groupsOf([]), secrets: new Map(), owns: new Map() };
  const problems = (): readonly Problem[] => unique([...problemsOf(serving), ...fake.problems()]);
  const publisher = createPublisher(options.onProblems, problems);
  const shared = { queue, now: options.now, changed: publisher.later };
  const fake = createOwnCertificate({
    ...shared,
    key: "_fake",
    object: undefined,
    ensure: (_, now) => store.ensureFake(now, options.fake),
  });
  const createOwn = ({ key, first: { namespace, secretName } }: HostGroup): OwnCertificate =>
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
      const asked = { tlsHosts, manifests, presetName };
      if (isSame(serving.asked, asked)) return;
      const grouped = groupsOf(tlsHosts, serving.grouped);
      const byName = new Map(
        manifests.map((secret) => [`${secret.metadata.namespace}/${secret.metadata.name}`, secret]),
      );
      const preset = presetOf(byName.get(presetName ?? ""), serving.preset);
      const known = new Set(serving.grouped.groups);
      const secrets = new Map<string, ServedSecret>();
      const owns = new Map<string, OwnCertificate>();
      for (const group of grouped.groups) {
        const { key, hosts } = group;
        const secret = byName.get(key);
        const before = serving.secrets.get(key);
        if (secret === undefined) {
          if (options.absent !== "fake") owns.set(key, serving.owns.get(key) ?? createOwn(group));
        } else if (before?.secret === secret && known.has(group) && preset === serving.preset)
          secrets.set(key, before);
        else {
          const named = group.first.shown === "always" ? "any" : hosts;
          secrets.set(key, createServedSecret(secret, named, preset ?? fake, options.now(), before));
        }
      }
      const next = { asked, grouped, secrets, owns, preset };
      serving = next;
      const own = grouped.groups.filter(({ key }) => owns.has(key));
      for (const [at, { key, hosts }] of own.entries()) owns.get(key)?.want(hosts, at < AHEAD);
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
      const name = lookupNames(servername).find((each) => grouped.keys.has(each)) ?? "";
      const key = grouped.keys.get(name) ?? "";
      const otherwise = terms?.certificate ?? "";
      const own = secrets.get(key) ?? owns.get(key) ?? secrets.get(otherwise) ?? owns.get(otherwise);
      const context = (own ?? preset).context(name, terms);
      // Without its own certificate a host is still answered, as the controller would answer it.
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
    // A Secret that is written nowhere gets the place of the Ingress that names it.
    const placed = own.map((problem) =>
      problem.object === undefined ? problem : placedAt(problem, ingress),
    );
    return [...(secrets.get(key)?.problems() ?? []), ...placed];
  });
  return [...grouped.problems, ...(preset?.problems() ?? []), ...found];
}

function placedAt(problem: Problem, ingress: TlsHost["ingress"]): Problem {
  return {
    ...{ ...problem, file: ingress.file },
    get line() {
      return ingress.line || undefined;
    },
  };
}

function unique(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [problemText(problem), problem])).values()];
}

/**
 * Checks Secrets, a slice now and the rest in later turns of the event loop, while they are `current`. Returns true if
 * all are checked now; calls `later` when they are in a later turn.
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
