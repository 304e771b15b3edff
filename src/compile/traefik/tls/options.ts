import { jsonFields, jsonString, jsonStrings } from "../../../model/json.ts";
import type { CustomResource } from "../../../model/resource.ts";
import type { TlsOptionsOfName } from "../../../model/route/host-step.ts";
import type { TlsTerms } from "../../../model/tls/server-tls.ts";
import { oncePer } from "../../../once-per.ts";
import { ingressName } from "../../problem.ts";
import type { TraefikObjects } from "../objects.ts";

/** TLSOptions of a host; the same object for the same TLSOption. */
export interface TlsOption extends TlsOptionsOfName {
  readonly terms?: TlsTerms | undefined;
  /** Names without a certificate are refused (`sniStrict`). */
  readonly strict?: true | undefined;
}

/** The options that hold where no router has its own. */
const DEFAULT = "default";

/** By the reference of a router, `default-modern@kubernetescrd`. One that does not exist refuses every handshake. */
export function tlsOption(reference: string, objects: TraefikObjects): TlsOption {
  const made = optionsOf(objects);
  const known = made.get(reference);
  if (known !== undefined) return known;
  const [name = "", provider] = reference.split("@");
  const found = provider === "kubernetescrd" ? objects.joined("TLSOption", name) : undefined;
  const option: TlsOption =
    found === undefined
      ? { named: `TLSOption ${reference}`, verify: "off", refused: `there is no TLSOption ${reference}` }
      : optionOf(found, objects);
  made.set(reference, option);
  return option;
}

/** The TLSOption named `default`; of several, none (pkg/provider/kubernetes/crd, buildTLSOptions). */
export function defaultTlsOption(objects: TraefikObjects): TlsOption | undefined {
  const [first, ...others] = objects.all("TLSOption").filter(({ metadata }) => metadata.name === DEFAULT);
  return first === undefined || others.length > 0 ? undefined : optionOf(first, objects);
}

const optionsOf = oncePer((_: TraefikObjects): Map<string, TlsOption> => new Map());

function optionOf(option: CustomResource, objects: TraefikObjects): TlsOption {
  const { spec } = option;
  const named = `TLSOption ${ingressName(option)}`;
  const clients = clientsOf(option, objects);
  if (clients === "no authority")
    return { named, verify: "on", refused: `${named} verifies clients, and has no authority for it` };
  const alpn = jsonStrings(spec.alpnProtocols);
  const terms: TlsTerms = {
    protocols: versionsOf(spec),
    ...(alpn.length === 0 || alpn.includes("h2") ? {} : { http2: "off" as const }),
    ...(clients === undefined ? {} : { clients: clients.terms }),
  };
  return {
    named,
    verify: clients?.verify ?? "off",
    terms,
    strict: spec.sniStrict === true ? true : undefined,
  };
}

const VERSIONS = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;

/** From `minVersion` to `maxVersion`; a word that is none counts as absent, and 1.2 is the lowest then (crypto/tls). */
function versionsOf({ minVersion, maxVersion }: CustomResource["spec"]): readonly string[] {
  const at = (text: string | undefined, usual: number) => {
    const digit = /^VersionTLS1([0-3])$/.exec(text ?? "")?.[1];
    return digit === undefined ? usual : Number(digit);
  };
  return VERSIONS.slice(at(jsonString(minVersion), 2), at(jsonString(maxVersion), 3) + 1);
}

/** Go verifies chains of any length. */
const DEPTH = 100;

interface Clients {
  readonly verify: TlsOption["verify"];
  readonly terms: NonNullable<TlsTerms["clients"]>;
}

/** pkg/tls/tlsmanager.go, buildTLSConfig */
function clientsOf(option: CustomResource, { secret }: TraefikObjects): Clients | "no authority" | undefined {
  const { secretNames, clientAuthType } = jsonFields(option.spec.clientAuth);
  const type = jsonString(clientAuthType) ?? "";
  const pems = jsonStrings(secretNames).flatMap((name) => {
    const data = secret(option.metadata.namespace, name)?.data;
    return [data?.get("tls.ca") ?? data?.get("ca.crt")].flatMap((pem) => pem?.toString("latin1") ?? []);
  });
  const terms = { ca: pems.join("\n"), depth: DEPTH };
  switch (type || (pems.length > 0 ? "RequireAndVerifyClientCert" : "")) {
    case "RequireAndVerifyClientCert":
      return pems.length === 0 ? "no authority" : { verify: "on", terms: { ...terms, required: true } };
    case "VerifyClientCertIfGiven":
      return pems.length === 0
        ? "no authority"
        : { verify: "optional", terms: { ...terms, required: "good if shown" } };
    case "RequestClientCert":
      return { verify: "optional_no_ca", terms };
    case "RequireAnyClientCert":
      return { verify: "optional_no_ca", terms: { ...terms, required: "any" } };
    default:
      return undefined;
  }
}
