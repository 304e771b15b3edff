import { CODES, UserError } from "../src/errors.ts";
import type { ObjectRef, Problem } from "../src/model/problem.ts";
import { type Contexts, createContexts } from "./contexts.ts";
import { messageOf } from "./files.ts";
import { covers, nameSet } from "./names.ts";
import type { Queue } from "./queue.ts";
import type { Served } from "./served.ts";
import { dueForRenewal, type StoredCertificate } from "./store.ts";

/**
 * OpenSSL, so curl and Node too, refuses a peer whose certificate messages exceed 100 KiB (SSL_CTX_set_max_cert_list).
 * unit: bytes of DER, less some for the messages around it.
 */
const LARGEST_DER = 100 * 1024 - 64;

/** A certificate that ingress-dev issues, with its contexts. It lives as long as a Secret is wanted. */
export interface OwnCertificate extends Served {
  /**
   * Sets the hosts that it is for, each once. Issues in the background when they have changed; one that nobody has asked
   * for is issued `ahead` or with its first handshake.
   */
  want(hosts: readonly string[], ahead: boolean): void;
  start(): void;
}

export interface OwnOptions {
  readonly key: string;
  readonly object: ObjectRef | undefined;
  /** Takes the certificate from the store, or issues it. */
  readonly ensure: (hosts: readonly string[], now: Date) => Promise<StoredCertificate>;
  readonly queue: Queue;
  readonly now: () => Date;
  readonly changed: () => void;
}

interface Ready {
  readonly certificate: StoredCertificate;
  readonly contexts: Contexts;
  readonly warning: Problem | undefined;
}

/**
 * A certificate of our own. While a new one is issued (other hosts, or 30 days before the end), the old one
 * serves its hosts, so changed manifests delay nobody.
 */
export function createOwnCertificate(options: OwnOptions): OwnCertificate {
  let hosts: readonly string[] = [];
  let ready: Ready | undefined;
  let pending: Promise<Contexts> | undefined;
  let failure: Problem | undefined;

  const begin = (): Promise<Contexts> => {
    const wanted = hosts;
    const promise = options.queue
      .add(options.key, async () => {
        const certificate = await options.ensure(wanted, options.now());
        const contexts = createContexts(certificate);
        return { certificate, contexts, warning: warningOf(certificate, options.object) };
      })
      .then(
        (made) => {
          if (pending === promise) {
            ready = made;
            pending = undefined;
            failure = undefined;
          }
          options.changed();
          return made.contexts;
        },
        (error: unknown) => {
          if (pending === promise) {
            pending = undefined;
            failure = failureOf(error, options.object);
          }
          options.changed();
          throw error;
        },
      );
    // Callers get the rejection; without any, it must not end the process.
    promise.catch(() => undefined);
    pending = promise;
    return promise;
  };

  return {
    want(next, ahead) {
      const before = new Set(hosts);
      const same = next.length === before.size && next.every((host) => before.has(host));
      const isBegun = ready !== undefined || pending !== undefined;
      if (same && isBegun) return;
      hosts = next;
      if (ahead || isBegun) begin();
    },
    start() {
      if (ready === undefined && pending === undefined) begin();
    },
    context(host, terms) {
      const now = options.now();
      if (ready !== undefined) {
        const { certificate, contexts } = ready;
        if (pending === undefined && failure === undefined && dueForRenewal(certificate, now)) begin();
        if (pending === undefined || (isValid(certificate, now) && covers(nameSet(certificate.hosts), host)))
          return contexts(terms);
      }
      const issued = pending ?? begin();
      options.queue.hurry(options.key);
      return issued.then((contexts) => contexts(terms));
    },
    problems() {
      return [ready?.warning, failure].filter((problem) => problem !== undefined);
    },
  };
}

function isValid(certificate: StoredCertificate, now: Date): boolean {
  return certificate.notBefore.getTime() <= now.getTime() && now.getTime() < certificate.notAfter.getTime();
}

function failureOf(error: unknown, object: ObjectRef | undefined): Problem {
  const code = error instanceof UserError ? error.code : "certs-not-issued";
  const fix = error instanceof UserError ? error.fix : CODES[code];
  const message = `No certificate could be issued: ${messageOf(error)}`;
  return { code, level: "error", object, message, fix };
}

function warningOf(certificate: StoredCertificate, object: ObjectRef | undefined): Problem | undefined {
  const { warning } = certificate;
  if (warning !== undefined) {
    // All certificates share one folder, so an unwritable folder is one problem, whichever Secret met it first.
    const about = warning.code === "certs-not-stored" ? undefined : object;
    return { ...warning, level: "warning", object: about, fix: CODES[warning.code] };
  }
  const size = Buffer.from(certificate.certPem.replace(/-----.*-----/g, ""), "base64").length;
  if (size <= LARGEST_DER) return undefined;
  const message = `The certificate for ${certificate.hosts.length} hosts has ${size} bytes; curl and others refuse more than 102400.`;
  return { code: "certs-too-large", level: "warning", object, message, fix: CODES["certs-too-large"] };
}
