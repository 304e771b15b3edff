import type { Secret } from "../../../model/resource.ts";
import type { HostStep, TlsOptionsOfName, VirtualHostTls } from "../../../model/route/host-step.ts";
import type { TlsTerms } from "../../../model/tls/server-tls.ts";
import { oncePer } from "../../../once-per.ts";
import type { Step } from "../../../step/step.ts";
import { eachInSteps, type Steps } from "../../../steps.ts";
import type { OwnRoute } from "../../controller.ts";
import type { NginxAnnotations } from "../annotations.ts";
import type { Context } from "../context.ts";
import type { Location } from "../location.ts";
import { hostMatch } from "../matching.ts";

type Verify = "on" | "off" | "optional" | "optional_no_ca";

interface TlsOption extends TlsOptionsOfName {
  readonly terms?: TlsTerms | undefined;
}

export interface TlsOfNames {
  readonly tls: ReadonlyMap<string, VirtualHostTls>;
  readonly before: readonly HostStep[];
  /** Of each route. */
  readonly steps: readonly Step[];
}

/** Go verifies chains of any length. */
const DEPTH = 100;

/** Client certificates, and TLS that is passed on where no router has the host. */
export function* tlsOfNames(
  locations: readonly Location[],
  passed: readonly OwnRoute[],
  context: Context,
): Steps<TlsOfNames> {
  const byName = yield* clientCertificates(locations, context);
  const tls = new Map<string, VirtualHostTls>();
  for (const [name, option] of byName) tls.set(name, { terms: option?.terms });
  const hosts = new Set(locations.map(({ host }) => host));
  for (const { route } of passed) {
    const { host = "" } = route.rule ?? {};
    if (!hosts.has(host) && !hosts.has(host.replace(/^[^.]*/, "*"))) tls.set(host, { passthrough: route });
  }
  return byName.size === 0
    ? { tls, before: [], steps: [] }
    : { tls, before: [{ kind: "tls-options", byName }], steps: [{ kind: "misdirected", byName }] };
}

/**
 * `auth-tls-secret` and `auth-tls-verify-client` for each host. Where Ingresses of a host differ, nobody is asked for a
 * certificate.
 */
function* clientCertificates(
  locations: readonly Location[],
  context: Context,
): Steps<ReadonlyMap<string, TlsOption | undefined>> {
  const byIngress = new Map<NginxAnnotations, TlsOption | undefined>();
  const wanted = new Map<string, Set<TlsOption | undefined>>();
  yield* eachInSteps(locations, ({ annotations, host, aliases }) => {
    if (!byIngress.has(annotations)) byIngress.set(annotations, optionOf(annotations, context));
    const option = byIngress.get(annotations);
    for (const each of host === "" ? [] : [host, ...aliases]) {
      const name = nameOf(each);
      const options = wanted.get(name);
      if (options === undefined) wanted.set(name, new Set([option]));
      else options.add(option);
    }
  });
  const byName = new Map<string, TlsOption | undefined>();
  if ([...byIngress.values()].every((option) => option === undefined)) return byName;
  for (const [name, options] of wanted) {
    const covering = wanted.get(name.replace(/^[^.]*/, "*")) ?? options;
    const all = new Set([...options, ...covering]);
    const [only] = all;
    byName.set(name, all.size === 1 ? only : undefined);
  }
  return byName;
}

function nameOf(host: string): string {
  const match = hostMatch(host);
  return match.kind === "pattern" ? host : match.name;
}

function optionOf(annotations: NginxAnnotations, { secret, standIns }: Context): TlsOption | undefined {
  const value = annotations.text("auth-tls-secret");
  if (value === undefined) return undefined;
  const written = annotations.text("auth-tls-verify-client") ?? "";
  const verify = VERIFY.find((each) => each === written) ?? "on";
  const [namespace = "", name = ""] = value.split("/");
  const found = secret(namespace, name);
  const madeUp = standIns?.authorities?.get(value);
  const clients =
    verify === "off"
      ? undefined
      : found !== undefined
        ? termsOf(found)[verify]
        : madeUp === undefined
          ? undefined
          : {
              clients: { ca: madeUp, depth: DEPTH, required: verify === "on" ? (true as const) : undefined },
            };
  return { named: annotations.nameOf("auth-tls-secret"), verify, terms: clients };
}

const VERIFY: readonly Verify[] = ["on", "off", "optional", "optional_no_ca"];

/** The same objects while the Secret is the same: contexts are kept by them. */
const termsOf = oncePer((secret: Secret): Record<Exclude<Verify, "off">, TlsTerms> => {
  const clients = { ca: secret.data.get("ca.crt")?.toString("latin1") ?? "", depth: DEPTH };
  return {
    on: { clients: { ...clients, required: true } },
    optional: { clients },
    optional_no_ca: { clients },
  };
});
