import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { CODES } from "../../errors.ts";
import type { Listener } from "../../model/event.ts";
import type { DigestGuard, PasswordGuard } from "../../model/guard.ts";
import type { Problem } from "../../model/problem.ts";
import type { VirtualHost } from "../../model/route/selection.ts";
import type { Route, RouteTable } from "../../model/route.ts";
import type { StandIns } from "../../model/stand-ins.ts";
import { oncePer } from "../../once-per.ts";
import { hostsIn } from "../../select/table.ts";
import { guardsAmong } from "../../step/guard.ts";
import { addressesFor, urlOf } from "../addresses.ts";

/** Creates what Ingresses refer to but the manifests lack: a user for passwords, certificates for clients. */
export interface StandInMaker {
  /** For the next compilation; the same object until more is made. */
  readonly made: () => StandIns;
  /** Creates what a table lacks, once; `true` if the table has to be compiled again. Never fails. */
  readonly make: (table: RouteTable) => Promise<boolean>;
  /** Notices that tell users how to log in. */
  readonly problems: (table: RouteTable, listeners: Listeners) => readonly Problem[];
}

/** `dir`: of certificates. `names`: how host names lead to this computer */
export interface StandInOptions {
  readonly dir: string;
  readonly names: "hosts-file" | "left-alone";
}

export interface Listeners {
  readonly http: Listener;
  readonly https: Listener;
}

/** A client certificate that is its own authority. */
interface ClientCertificate {
  readonly certPem: string;
  /** Of `tls.crt`; absent if the folder is not writable. */
  readonly path: string | undefined;
}

const USER = "dev";

/** The password is new in each run; certificates are kept in `dir`, beside those of hosts. */
export function createStandIns({ dir, names }: StandInOptions): StandInMaker {
  const user = { name: USER, password: randomBytes(9).toString("base64url") };
  const certificates = new Map<string, ClientCertificate>();
  const failures = new Map<string, string>();

  let made: StandIns = { user, authorities: new Map() };

  async function issue(secret: string): Promise<void> {
    const [namespace = "", name = ""] = secret.split("/");
    try {
      // A Secret of this name may hold a host's certificate.
      const wanted = { namespace, secretName: `${name}.client`, hosts: [] };
      const { openStore } = await import("../../../certs/store.ts");
      const { certPem, path } = await openStore(dir).ensure(wanted, new Date());
      certificates.set(secret, { certPem, path });
    } catch (error) {
      failures.set(secret, error instanceof Error ? error.message : String(error));
    }
  }
  const isSettled = (secret: string) => certificates.has(secret) || failures.has(secret);

  return {
    made: () => made,
    make: async (table) => {
      const wanted = [...clientSecrets(table).keys()].filter((secret) => !isSettled(secret));
      await Promise.all(wanted.map(issue));
      if (wanted.length > 0)
        made = {
          user,
          authorities: new Map([...certificates].map(([secret, { certPem }]) => [secret, certPem])),
        };
      return wanted.length > 0;
    },
    problems: (table, listeners) => [
      ...[...passwordRoutes(table)].map(([secret, route]) =>
        standIn(
          route.ingress,
          `asks for a user name and a password of Secret ${secret}, which is not among the manifests: user ${user.name}, password ${user.password}`,
          `curl ${flagsFor(table, route)}-u ${user.name}:${user.password} ${urlFor(table, route, listeners, names)}`,
        ),
      ),
      ...[...clientSecrets(table)].flatMap(([secret, host]) => {
        if (!isSettled(secret)) return [];
        const path = certificates.get(secret)?.path;
        const failure = failures.get(secret) ?? "it cannot be stored";
        const route = host.entries.map((entry) => entry.route).find(({ ingress }) => ingress);
        return standIn(
          route?.ingress,
          `asks clients for a certificate of Secret ${secret}, which is not among the manifests: ${path === undefined ? `none could be made up (${failure})` : "one was made up"}`,
          path === undefined
            ? CODES["certs-not-stored"]
            : `curl -k --cert ${path} --key ${join(dirname(path), "tls.key")} ${asked("https", host.name, listeners.https, "/", names)}`,
        );
      }),
    ],
  };
}

function standIn(ingress: Route["ingress"], what: string, fix: string): Problem {
  const { kind = "Ingress", namespace = "", name = "", file, line } = ingress ?? {};
  const object = ingress && { kind, namespace, name };
  const message = `${kind} ${namespace}/${name} ${what}.`;
  return { code: "made-up", level: "notice", object, message, fix, file, line: line || undefined };
}

/** The first route for each Secret whose user is made up. */
function passwordRoutes(table: RouteTable): ReadonlyMap<string, Route> {
  const routes = new Map<string, Route>();
  for (const route of table.routes) {
    const { secret } = standInOf(route.steps);
    if (secret !== undefined && !routes.has(secret)) routes.set(secret, route);
  }
  return routes;
}

/** By list: most routes share one. */
const standInOf = oncePer((steps: Route["steps"]) => ({ secret: passwordGuard({ steps })?.standsInFor }));

function passwordGuard({ steps }: Pick<Route, "steps">): PasswordGuard | DigestGuard | undefined {
  for (const guard of guardsAmong(steps))
    if (guard.kind === "basic-auth" || guard.kind === "digest-auth") return guard;
  return undefined;
}

/** The first host for each Secret whose certificate is made up. */
function clientSecrets(table: RouteTable): ReadonlyMap<string, VirtualHost> {
  const hosts = new Map<string, VirtualHost>();
  for (const host of hostsIn(table))
    for (const step of host.before) {
      const secret = step.kind === "client-certificate" ? step.auth.standsInFor : undefined;
      if (secret !== undefined && !hosts.has(secret)) hosts.set(secret, host);
    }
  return hosts;
}

/** A name that a wildcard covers; `localhost` for the server of every name. */
function nameToAsk(host: string): string {
  return host === "" || host === "_" ? "localhost" : host.replace(/^\*\./, "any.");
}

function schemeOf({ tlsNames }: RouteTable, { rule }: Route): "http" | "https" {
  return tlsNames.has(rule?.host.toLowerCase() ?? "") ? "https" : "http";
}

/** curl does not know the authority of certificates issued here. */
function flagsFor(table: RouteTable, route: Route): string {
  const insecure = schemeOf(table, route) === "https" ? "-k " : "";
  return passwordGuard(route)?.kind === "digest-auth" ? `${insecure}--digest ` : insecure;
}

function urlFor(
  table: RouteTable,
  route: Route,
  listeners: Listeners,
  names: StandInOptions["names"],
): string {
  const scheme = schemeOf(table, route);
  const path = route.rule?.regex === false ? route.rule.path : "/";
  return asked(scheme, route.rule?.host ?? "", listeners[scheme], path, names);
}

/** A URL for curl, with the address if the hosts file lacks the name (it has no wildcards). */
function asked(
  scheme: "http" | "https",
  host: string,
  { port, address }: Listener,
  path: string,
  names: StandInOptions["names"],
): string {
  const name = nameToAsk(host);
  const url = urlOf(scheme, name, port, path);
  if (name === "localhost" || (names === "hosts-file" && name === host)) return url;
  return `--resolve ${name}:${port}:${addressesFor(address)[0]} ${url}`;
}
