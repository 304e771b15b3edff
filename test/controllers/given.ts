import { readFileSync } from "node:fs";
import { issueCertificate } from "../../certs/issue.ts";
import { newRsaKeyPair } from "../../certs/keys.ts";

/** A question to a real controller, as in `given.json`. */
export interface Ask {
  readonly host?: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>> | readonly (readonly [string, string])[];
  readonly body?: string;
  readonly bodySize?: number;
  /** The bytes of the whole request; excludes all other fields. */
  readonly raw?: string;
  readonly tls?: boolean;
  readonly sni?: string;
  /** The only one that the client speaks. */
  readonly tlsVersion?: "1.2" | "1.3";
  /** Keeps cookies of earlier answers. */
  readonly jar?: boolean;
  /** Number of repetitions. */
  readonly times?: number;
}

/** A recorded answer: from a pod (`service`), or from the proxy (`body`). */
export interface Answer {
  readonly status?: number;
  /** Of the status line. */
  readonly reason?: string;
  readonly service?: string;
  readonly port?: number;
  readonly path?: string;
  readonly method?: string;
  readonly bodyBytes?: number;
  readonly sent?: RecordedHeaders;
  /** `x-envoy-*` that the pod saw. */
  readonly envoy?: RecordedHeaders;
  /** Number of tries, where there were several. */
  readonly attempts?: number;
  readonly headers?: RecordedHeaders;
  /** Whitespace folded; the first 100 characters. */
  readonly body?: string;
  readonly cert?: string;
  readonly authSaw?: readonly AuthRequest[];
  readonly sequence?: readonly number[];
  readonly outcomes?: Readonly<Record<string, number>>;
  readonly error?: string;
}

/** A list for a repeated name. */
export type RecordedHeaders = Readonly<Record<string, string | readonly string[]>>;

/** A request to the authentication service. */
export interface AuthRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: RecordedHeaders;
}

/** Objects given to a real controller, with its answers. */
export interface GivenSet {
  readonly name: string;
  readonly about: string;
  readonly objects: readonly GivenObject[];
  /** `namespace/name` of Services without a ready pod. */
  readonly noEndpoints?: readonly string[];
  /** Objects that the API server refused. */
  readonly refused?: readonly { readonly kind: string; readonly name: string }[];
  /** nginx's words for refusing the configuration; the answers are the previous one's. */
  readonly nginxRefused?: string;
  readonly answers: readonly { readonly ask: Ask; readonly answer: Answer; readonly varies?: boolean }[];
}

export interface GivenObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly type?: string;
    readonly ports?: readonly {
      readonly port: number;
      readonly name?: string;
      readonly targetPort?: number | string;
    }[];
  };
}

/** The sets of one controller. */
export function givenSets(controller: string): readonly GivenSet[] {
  const file = new URL(`./${controller}/given.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8"));
}

/** PEM by its placeholder in the file. No key is in git; all are created per run. */
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

/** The existing objects as JSON manifests, with certificates and keys in their Secrets. */
export async function manifestsOf({ objects, refused = [] }: GivenSet): Promise<string> {
  const exists = ({ kind, metadata }: GivenObject) =>
    !refused.some((one) => one.kind === kind && one.name === metadata.name);
  const texts = await Promise.all(objects.filter(exists).map(manifestOf));
  return texts.join("\n---\n");
}

async function manifestOf(object: GivenObject): Promise<string> {
  const { kind, data: written } = object;
  if (written === undefined || (kind !== "Secret" && kind !== "ConfigMap")) return JSON.stringify(object);
  const data = Object.entries(written).map(async ([key, value]) => {
    if (!value.startsWith("MADE ")) return [key, value];
    const pem = await madeFor(value);
    return [key, kind === "Secret" ? Buffer.from(pem).toString("base64") : pem];
  });
  return JSON.stringify({ ...object, data: Object.fromEntries(await Promise.all(data)) });
}
