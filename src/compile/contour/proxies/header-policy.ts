import { type Json, jsonFields, jsonItems, jsonString, jsonStrings } from "../../../model/json.ts";
import type { EnvoyHeader } from "../../../step/envoy/headers.ts";
import { readEnvoyText } from "../../../step/envoy/text.ts";
import type { WrittenPolicy } from "../settings.ts";

export function writtenPolicy(value: Json | undefined): WrittenPolicy {
  const { set, remove } = jsonFields(value);
  return {
    set: jsonItems(set)
      .map(jsonFields)
      .map(({ name, value }) => ({ name: jsonString(name) ?? "", value: jsonString(value) ?? "" })),
    remove: jsonStrings(remove),
  };
}

/** `http.CanonicalHeaderKey`: a name with other characters stays. */
export function canonicalName(name: string): string {
  if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) return name;
  return name
    .split("-")
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1).toLowerCase())
    .join("-");
}

const NO_NAME =
  "[a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')]";
const NAME = /^[-A-Za-z0-9]+$/;

/** Contour's words for a policy that cannot be (internal/dag/policy.go). */
export function policyFault(
  { set, remove }: WrittenPolicy,
  side: "request" | "response",
): string | undefined {
  const added = new Set<string>();
  for (const each of set) {
    const name = canonicalName(each.name);
    if (added.has(name)) return `duplicate header addition: "${name}"`;
    if (name === "Host" && side === "response") return 'rewriting "Host" header is not supported';
    if (name === "Host") continue;
    if (!NAME.test(name)) return `invalid set header "${name}": ${NO_NAME}`;
    added.add(name);
  }
  const removed = new Set<string>();
  for (const each of remove) {
    const name = canonicalName(each);
    if (removed.has(name)) return `duplicate header removal: "${name}"`;
    if (!NAME.test(name)) return `invalid remove header "${name}": ${NO_NAME}`;
    removed.add(name);
  }
  return undefined;
}

/** Operators that Contour leaves to Envoy; every other percent sign is one. */
const OPERATORS: ReadonlySet<string> = new Set([
  "REQ",
  "PROTOCOL",
  "HOSTNAME",
  "RESPONSE_FLAGS",
  "RESPONSE_CODE_DETAILS",
  "UPSTREAM_REMOTE_ADDRESS",
  "DOWNSTREAM_REMOTE_ADDRESS",
  "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT",
  "DOWNSTREAM_LOCAL_ADDRESS",
  "DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT",
  "DOWNSTREAM_LOCAL_PORT",
  "DOWNSTREAM_LOCAL_URI_SAN",
  "DOWNSTREAM_PEER_URI_SAN",
  "DOWNSTREAM_LOCAL_SUBJECT",
  "DOWNSTREAM_PEER_SUBJECT",
  "DOWNSTREAM_PEER_ISSUER",
  "DOWNSTREAM_TLS_SESSION_ID",
  "DOWNSTREAM_TLS_CIPHER",
  "DOWNSTREAM_TLS_VERSION",
  "DOWNSTREAM_PEER_FINGERPRINT_256",
  "DOWNSTREAM_PEER_FINGERPRINT_1",
  "DOWNSTREAM_PEER_SERIAL",
  "DOWNSTREAM_PEER_CERT",
  "DOWNSTREAM_PEER_CERT_V_START",
  "DOWNSTREAM_PEER_CERT_V_END",
]);

/** A header's name, or two with a question mark between them. */
const HEADER_NAMES = /^[\w:?-]+$/;

function isOperator(name: string, argument: string): boolean {
  return OPERATORS.has(name) && (name === "REQ" ? HEADER_NAMES.test(argument) : argument === "");
}

/** Whose policy it is, and what `%CONTOUR_…%` stands for. */
export interface PolicyOwner {
  readonly of: "route" | "service";
  readonly namespace: string;
  readonly service?: { readonly name: string; readonly port: number } | undefined;
}

/** A Host that is taken of a header, whatever stands beside it (projectcontour/contour pull request 5678). */
const HOST_OF_HEADER = /%REQ\(([A-Za-z0-9-]+)\)%/;

/** Envoy removes first, so that a header which is set as well stays. */
export function headerChanges({ set, remove }: WrittenPolicy, owner: PolicyOwner): readonly EnvoyHeader[] {
  return [
    ...remove.map((name): EnvoyHeader => ({ name: name.toLowerCase() })),
    ...set.flatMap((each) => setBy(each, owner)),
  ];
}

function setBy({ name, value }: WrittenPolicy["set"][number], owner: PolicyOwner): readonly EnvoyHeader[] {
  if (name.toLowerCase() !== "host")
    return [{ name: name.toLowerCase(), value: readEnvoyText(filled(value, owner), isOperator) }];
  const [, header] = HOST_OF_HEADER.exec(value) ?? [];
  // A Host is sent as it is written; on a Service one of a header is ignored in silence.
  if (header === undefined) return [{ name: "host", value: [value] }];
  return owner.of === "service" ? [] : [{ name: "host", value: readEnvoyText(`%REQ(${header})%`) }];
}

/** Envoy writes its own name last, whatever a policy says. */
export function isChangeable({ name }: EnvoyHeader): boolean {
  return name !== "server";
}

function filled(value: string, { namespace, service }: PolicyOwner): string {
  const named = value.replaceAll("%CONTOUR_NAMESPACE%", namespace);
  if (service === undefined) return named;
  return named
    .replaceAll("%CONTOUR_SERVICE_NAME%", service.name)
    .replaceAll("%CONTOUR_SERVICE_PORT%", String(service.port));
}
