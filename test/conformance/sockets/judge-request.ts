import type { SuiteRequest } from "../cases.ts";
import type { Given } from "./ask.ts";
import type { Seen } from "./backends.ts";

/** The names by which the suite knows backends. */
export interface BackendNames {
  /** `NAMESPACE/SERVICE` of a port here. */
  readonly service: (at: number) => string;
  /** The pods of a Service. */
  readonly pods: (service: string) => string;
}

/** What an answer lacks of what the suite wants, one a line. `all`: what backends saw of it, copies included */
export function unlike(
  { expect, real, scheme, gateway }: SuiteRequest,
  given: Given,
  all: readonly Seen[],
  names: BackendNames,
): readonly string[] {
  const lines: string[] = [];
  const compare = (what: string, wanted: unknown, is: unknown) => {
    if (wanted !== is) lines.push(`${what}: ${JSON.stringify(is)} for ${JSON.stringify(wanted)}`);
  };
  const { seen, status, headers } = given;
  if (real?.status !== undefined) {
    compare("status", real.status, status);
    return lines;
  }
  if (expect.connection !== undefined) {
    if (status !== 0 || seen !== undefined) lines.push(`it was answered: ${status}`);
    return lines;
  }
  if (expect.status !== undefined && !expect.status.includes(status))
    lines.push(`status: ${status} for ${expect.status.join(" or ")}`);
  if (expect.statusNot?.includes(status)) lines.push(`status: ${status}`);
  if (expect.grpcCode !== undefined) compare("grpc-status", expect.grpcCode, given.grpc);
  const service = seen === undefined ? "" : names.service(seen.at);
  const { backend, backendNamespace } = expect;
  const isAnswered = expect.grpcCode === undefined || expect.grpcCode === 0;
  if (backend !== undefined && isAnswered && !names.pods(service).startsWith(backend))
    lines.push(`backend: ${service} for ${backend}`);
  if (backendNamespace !== undefined && backend !== undefined && isAnswered)
    compare("namespace", backendNamespace, service.split("/")[0]);
  const isGood = status === 200 || status === 204 || scheme === "tls" || scheme === "tcp";
  if (isGood && seen !== undefined) {
    const { upstreamPath, upstreamMethod, upstreamHost, upstreamSNI, backendReceivesTLS } = expect;
    if (upstreamPath !== undefined && !upstreamPath.includes("{uuid}"))
      compare("path", upstreamPath, seen.path);
    if (upstreamMethod !== undefined) compare("method", upstreamMethod, seen.method);
    if (upstreamHost !== undefined) compare("host", upstreamHost, seen.headers?.host);
    if (upstreamSNI !== undefined) compare("SNI", upstreamSNI, seen.sni);
    if (backendReceivesTLS !== undefined) compare("TLS", backendReceivesTLS, seen.tls);
    if (expect.upstreamClientCert !== undefined && seen.client === undefined)
      lines.push("no client certificate");
    for (const [name, value] of Object.entries(expect.upstreamHeaders ?? {}))
      compare(`sent ${name}`, spaceless(value), spaceless(seen.headers?.[name.toLowerCase()]));
    for (const name of expect.upstreamAbsentHeaders ?? [])
      compare(`sent ${name}`, undefined, seen.headers?.[name.toLowerCase()]);
  }
  const got = (name: string) => headers[name.toLowerCase()];
  for (const [name, value] of Object.entries(expect.responseHeaders ?? {}))
    compare(name, spaceless(value), spaceless(got(name)));
  for (const [name, values] of Object.entries(expect.responseHeadersOneOf ?? {}))
    if (!values.map(spaceless).includes(spaceless(got(name))))
      lines.push(`${name}: ${got(name)} for one of ${values.join(" | ")}`);
  for (const name of expect.responseAbsentHeaders ?? []) compare(name, undefined, got(name));
  for (const copy of expect.mirroredTo ?? [])
    if (
      copy.percent === undefined &&
      !all.some(({ at }) => names.pods(names.service(at)).startsWith(copy.backend))
    )
      lines.push(`no copy for ${copy.backend}`);
  for (const never of expect.neverBackend ?? [])
    if (names.pods(service).startsWith(never)) lines.push(`backend: ${service}, which should never be`);
  lines.push(...redirectFaults(expect.redirect, got("location"), gateway.name));
  return lines;
}

function redirectFaults(
  wanted: SuiteRequest["expect"]["redirect"],
  location: string | undefined,
  about: string,
): readonly string[] {
  if (wanted === undefined) return [];
  if (location === undefined || !URL.canParse(location)) return [`${about}: location ${location}`];
  const lines: string[] = [];
  const { protocol, hostname, port, pathname } = new URL(location);
  const scheme = protocol.slice(0, -1);
  if (wanted.scheme !== undefined && wanted.scheme !== scheme) lines.push(`location scheme ${scheme}`);
  if (wanted.host !== undefined && wanted.host !== hostname) lines.push(`location host ${hostname}`);
  if (wanted.path !== undefined && wanted.path !== pathname) lines.push(`location path ${pathname}`);
  const isPort =
    wanted.port === undefined || wanted.port === "default" ? port === "" : port === String(wanted.port);
  if (!isPort && !isUsual(scheme, wanted.port)) lines.push(`location port ${port} for ${wanted.port}`);
  return lines;
}

/** A URL leaves the port of its scheme out. */
function isUsual(scheme: string, port: number | "default" | undefined): boolean {
  return port === (scheme === "https" ? 443 : 80);
}

function spaceless(text: string | undefined): string | undefined {
  return text?.replaceAll(" ", "");
}
