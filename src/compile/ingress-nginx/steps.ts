import type { ControllerOptions } from "../../model/controller.ts";
import type { HeaderLine } from "../../model/decision.ts";
import type { GuardSettings } from "../../model/guard.ts";
import type { ClientAuth } from "../../model/settings/server.ts";
import type { RouteSettings } from "../../model/settings.ts";
import type { BackendProtocol } from "../../model/transport.ts";
import type { VariableText } from "../../model/variable-text.ts";
import { wildcardOf } from "../../request/host.ts";
import { ENDPOINTS_STEP } from "../../step/endpoints.ts";
import type { ForwardedStep } from "../../step/forwarded.ts";
import type { GuardStep } from "../../step/guard.ts";
import type { HeadersStep } from "../../step/headers.ts";
import type { HstsStep } from "../../step/hsts.ts";
import type { HttpsStep } from "../../step/https.ts";
import type { Step } from "../../step/step.ts";

/** The steps that the options of the controller put on every location, made once for a table. */
export interface ControllerSteps {
  /** On every response. */
  readonly response: readonly Step[];
  /** On every request to a backend: before those of annotations, and behind them. */
  readonly client: readonly Step[];
  readonly beside: readonly Step[];
  readonly options: ControllerOptions;
  /** Names and wildcards with a certificate. */
  readonly certificates: ReadonlySet<string>;
  readonly https: Map<string, HttpsStep>;
  readonly lists: StepLists;
}

export function controllerSteps(
  options: ControllerOptions,
  certificates: ReadonlySet<string>,
): ControllerSteps {
  const { hsts, everywhere, backendServer, requestHeaders } = options;
  const pin: HstsStep | undefined = hsts === undefined ? undefined : { kind: "hsts", header: [HSTS, hsts] };
  const set: HeadersStep | undefined =
    everywhere === undefined && backendServer === undefined
      ? undefined
      : { kind: "headers", response: everywhere, backendServer };
  const beside: HeadersStep | undefined =
    requestHeaders === undefined ? undefined : { kind: "headers", beside: requestHeaders };
  return {
    response: present(pin, set),
    client: present(forwardedStep(options)),
    beside: present(beside),
    options,
    certificates,
    https: new Map(),
    lists: new StepLists(),
  };
}

const HSTS = "Strict-Transport-Security";

function forwardedStep({ forwarded, originals, client }: ControllerOptions): ForwardedStep | undefined {
  const { requestId } = client;
  if (forwarded === undefined && originals === undefined && requestId === "generated") return undefined;
  return { kind: "forwarded", chain: forwarded?.chain, originals, requestId };
}

function present(...steps: readonly (Step | undefined)[]): readonly Step[] {
  return steps.filter((step) => step !== undefined);
}

/** Lists of steps, each made once: of 100,000 plain routes all have the same. */
class StepLists {
  readonly #root: StepNode = { list: [], next: new Map() };

  of(steps: readonly Step[]): readonly Step[] {
    let node = this.#root;
    for (const step of steps) {
      const next: StepNode = node.next.get(step) ?? { list: [...node.list, step], next: new Map() };
      node.next.set(step, next);
      node = next;
    }
    return node.list;
  }
}

interface StepNode {
  readonly list: readonly Step[];
  readonly next: Map<Step, StepNode>;
}

/** What a location's server says of the steps of its locations. */
export interface ServerOfSteps {
  readonly host: string;
  readonly aliases: readonly string[];
  readonly clientAuth: ClientAuth | undefined;
}

/**
 * The steps of a location, in the order in which nginx goes through its phases: rewrite (from `answer` to `endpoints`),
 * preaccess (limits), access (the other guards), precontent (mirror), content. Headers of responses come first, since
 * they hold for whoever answers.
 */
export function stepsOf(
  settings: RouteSettings,
  protocol: BackendProtocol,
  server: ServerOfSteps,
  shared: ControllerSteps,
): readonly Step[] {
  const { denied, errors, cors, redirect, redirectForm, rewrite, headers, guards, mirror } = settings;
  const guardSteps = guards === undefined ? [] : guardStepsOf(guards, server, shared);
  const isAsked = server.clientAuth?.asked === true;
  return shared.lists.of([
    ...shared.response,
    ...present(
      headers?.response && { kind: "headers", response: headers.response },
      denied && { kind: "answer", status: 503, why: [denied] },
      errors && errors.codes.length > 0 ? { kind: "error-pages", ...errors } : undefined,
      cors && { kind: "cors", ...cors },
      redirect && { kind: "redirect", ...redirect, relative: redirectForm?.relative === true },
      rewrite && { kind: "rewrite", ...rewrite },
      httpsStep(settings, server, shared),
    ),
    ...shared.client,
    ...present(
      isAsked && server.clientAuth ? { kind: "client-certificate", ...told(server.clientAuth) } : undefined,
      backendHeaders(headers, rewrite !== undefined),
    ),
    ...shared.beside,
    ...(guardSteps.length === 0 ? [] : [ENDPOINTS_STEP]),
    ...guardSteps,
    ...present(
      mirror && { kind: "mirror", ...mirror },
      protocol === "FCGI" ? { kind: "fastcgi", params: [], ...settings.fastCgi } : undefined,
      settings.responseRewrites && {
        kind: "response-rewrites",
        ...settings.responseRewrites,
        relative: redirectForm?.relative === true ? true : undefined,
      },
    ),
  ]);
}

function httpsStep(
  { sslRedirect, redirectForm }: RouteSettings,
  server: ServerOfSteps,
  { certificates, options, https }: ControllerSteps,
): HttpsStep | undefined {
  if (sslRedirect === "never") return undefined;
  if (sslRedirect === "with-tls" && !mayHaveTls(server, certificates)) return undefined;
  const { keepsSlash = false, namesPort = false } = redirectForm ?? {};
  const key = `${sslRedirect} ${keepsSlash} ${namesPort}`;
  const known = https.get(key);
  if (known !== undefined) return known;
  const hosts = sslRedirect === "always" ? "every" : certificates;
  const { noTlsRedirect: except, redirectStatus: status } = options;
  const made: HttpsStep = { kind: "https", hosts, except, status, keepsSlash, namesPort };
  https.set(key, made);
  return made;
}

/** A server with a name of its own alone is found by no other. */
function mayHaveTls({ host, aliases }: ServerOfSteps, certificates: ReadonlySet<string>): boolean {
  if (certificates.size === 0) return false;
  if (host === "" || host.startsWith("*.") || aliases.length > 0 || certificates.has(host)) return true;
  const wildcard = wildcardOf(host);
  return wildcard !== undefined && certificates.has(wildcard);
}

function backendHeaders(headers: RouteSettings["headers"], isRewritten: boolean): HeadersStep | undefined {
  if (headers === undefined) return undefined;
  const { host, connection, prefix } = headers;
  const request: (HeaderLine | readonly [string, VariableText])[] = [];
  if (host !== undefined) request.push(["Host", host]);
  if (connection !== undefined) request.push(["Connection", connection]);
  if (prefix !== undefined && isRewritten) request.push(["X-Forwarded-Prefix", prefix]);
  return request.length === 0 ? undefined : { kind: "headers", request };
}

/**
 * nginx's preaccess phase comes before its access phase: a request that is refused for its address or its password counts
 * against a limit, and one over the limit is not asked for a password. (Tried on nginx 1.22.)
 */
function guardStepsOf(
  { limits, addresses, password, external, openPaths: except, anyOf }: GuardSettings,
  { clientAuth }: ServerOfSteps,
  { options }: ControllerSteps,
): readonly GuardStep[] {
  const steps: GuardStep[] = limits === undefined ? [] : [{ kind: "guard", guard: limits }];
  const access: GuardStep[] = addresses === undefined ? [] : [{ kind: "guard", guard: addresses }];
  if (password !== undefined) access.push({ kind: "guard", guard: password, except });
  if (external !== undefined) {
    const certificate = clientAuth?.asked === true ? told(clientAuth) : undefined;
    const chain = options.forwarded?.chain ?? "client";
    const guard = { kind: "external-auth", settings: external, chain, certificate } as const;
    access.push({ kind: "guard", guard, except });
  }
  if (anyOf === undefined || access.length === 0) return [...steps, ...access];
  return [...steps, { kind: "guard", guard: { kind: "any-of", steps: access, annotation: anyOf } }];
}

/** What backends and authentication services are told of a client's certificate. */
function told({ verify, passCertificate }: ClientAuth) {
  return { asked: verify !== "off", passed: passCertificate };
}
