import { readFileSync } from "node:fs";
import { issueCertificate } from "../../certs/issue.ts";
import { newRsaKeyPair } from "../../certs/keys.ts";

/** One question put to a real controller, as `given.json` has it. */
export interface Ask {
  readonly host?: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>> | readonly (readonly [string, string])[];
  readonly body?: string;
  readonly bodySize?: number;
  /** The bytes of the whole request; nothing else is given then. */
  readonly raw?: string;
  readonly tls?: boolean;
  readonly sni?: string;
  /** Cookies are kept from the answers before. */
  readonly jar?: boolean;
  /** Asked so often, one after the other. */
  readonly times?: number;
}

/** What came back: from a pod (`service`), or from the proxy itself (`body`). */
export interface Answer {
  readonly status?: number;
  readonly service?: string;
  readonly port?: number;
  readonly path?: string;
  readonly method?: string;
  readonly bodyBytes?: number;
  readonly sent?: RecordedHeaders;
  readonly headers?: RecordedHeaders;
  /** Blanks folded; the first 100 characters count. */
  readonly body?: string;
  readonly cert?: string;
  readonly authSaw?: readonly AuthRequest[];
  readonly sequence?: readonly number[];
  readonly outcomes?: Readonly<Record<string, number>>;
  readonly error?: string;
}

/** By name; a list where a name came several times. */
export type RecordedHeaders = Readonly<Record<string, string | readonly string[]>>;

/** A request that the authentication service saw. */
export interface AuthRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: RecordedHeaders;
}

/** Objects that a real controller was given, and what it answered then. */
export interface GivenSet {
  readonly name: string;
  readonly about: string;
  readonly objects: readonly GivenObject[];
  /** `namespace/name` of Services without a ready pod. */
  readonly noEndpoints?: readonly string[];
  /** Objects that the API server refused: they do not exist. */
  readonly refused?: readonly { readonly kind: string; readonly name: string }[];
  /** nginx refused the configuration, in these words; the answers are those of the configuration before. */
  readonly nginxRefused?: string;
  readonly answers: readonly { readonly ask: Ask; readonly answer: Answer; readonly varies?: boolean }[];
}

/** A Kubernetes object, as far as the sets need it. */
export interface GivenObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly type?: string;
    readonly ports?: readonly { readonly port: number }[];
  };
}

/** The sets of one controller. */
export function givenSets(controller: string): readonly GivenSet[] {
  const file = new URL(`./${controller}/given.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8"));
}

/** PEM by the words that stand for it in the file: no key is in git, all are made for this run. */
const made = new Map<string, Promise<string>>();

/** `MADE certificate a.test,b.test`, `MADE key a.test,b.test` or `MADE authority a.test`. */
function madeFor(words: string): Promise<string> {
  const [, what = "", names = ""] = words.split(" ");
  if (!made.has(words)) {
    const pair = issue(names.split(","));
    for (const part of ["certificate", "authority"])
      made.set(
        `MADE ${part} ${names}`,
        pair.then(({ certPem }) => certPem),
      );
    made.set(
      `MADE key ${names}`,
      pair.then(({ keyPem }) => keyPem),
    );
  }
  return made.get(words) ?? Promise.reject(new Error(`given.json names a ${what} that nobody makes`));
}

async function issue(hosts: readonly string[]) {
  const [commonName = ""] = hosts;
  return issueCertificate({ hosts, commonName, now: new Date(), keyPair: await newRsaKeyPair() });
}

/** The objects that existed, as manifests in JSON, with the Secrets' certificates and keys. */
export async function manifestsOf({ objects, refused = [] }: GivenSet): Promise<string> {
  const exists = ({ kind, metadata }: GivenObject) =>
    !refused.some((one) => one.kind === kind && one.name === metadata.name);
  const texts = await Promise.all(objects.filter(exists).map(manifestOf));
  return texts.join("\n---\n");
}

async function manifestOf(object: GivenObject): Promise<string> {
  if (object.kind !== "Secret" || object.data === undefined) return JSON.stringify(object);
  const data = Object.entries(object.data).map(async ([key, value]) => {
    const pem = value.startsWith("MADE ") ? await madeFor(value) : undefined;
    return [key, pem === undefined ? value : Buffer.from(pem).toString("base64")];
  });
  return JSON.stringify({ ...object, data: Object.fromEntries(await Promise.all(data)) });
}
