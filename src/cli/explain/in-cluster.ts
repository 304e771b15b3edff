import type { AbsentObjects } from "../../compile/controller.ts";
import { controllerNamed } from "../../compile/controllers.ts";
import type { Decision, RequestFacts } from "../../model/decision.ts";
import type { Guard } from "../../model/guard.ts";
import type { ObjectRef } from "../../model/problem.ts";
import { hostNameOf, wildcardOf } from "../../request/host.ts";
import { findVirtualHost } from "../../select/host.ts";
import { selectionFor } from "../../select/table.ts";
import type { Explained } from "../predict/work-out.ts";
import type { Routing } from "../routing.ts";

type Asked = Pick<Explained, "facts" | "decision">;

/**
 * What the cluster does otherwise, beside what the request alone tells: for objects that the manifests lack and what stands
 * in for them here, and for settings that ingress-dev does not honour. A sentence each.
 */
export function clusterDifferences(asked: Asked, routing: Routing): readonly string[] {
  if (asked.facts.exact) return [];
  return [
    ...classless(asked, routing),
    ...standIns(asked, routing),
    ...absentService(asked, routing),
    ...fakeCertificate(asked, routing),
    ...notHonoured(asked, routing),
  ];
}

function problemsOf({ decision }: Asked, { problems }: Routing, code: string) {
  const ingress = decision.route?.ingress;
  return problems.filter((problem) => problem.code === code && isAbout(problem.object, ingress));
}

function isAbout(object: ObjectRef | undefined, ingress: Pick<ObjectRef, "namespace" | "name"> | undefined) {
  return (
    object?.kind === "Ingress" && object.namespace === ingress?.namespace && object.name === ingress.name
  );
}

function classless(asked: Asked, routing: Routing): readonly string[] {
  return problemsOf(asked, routing, "class-missing").map(({ message }) => message);
}

function notHonoured(asked: Asked, routing: Routing): readonly string[] {
  return problemsOf(asked, routing, "annotation-not-honoured").map(({ message }) => message);
}

/** Users and certificates that are made up in place of absent Secrets. */
function standIns({ facts, decision }: Asked, { table, settings }: Routing): readonly string[] {
  const host = findVirtualHost(selectionFor(table, facts), hostNameOf(table, facts));
  const certificates = host.before.flatMap((step) =>
    step.kind === "client-certificate" && step.auth.standsInFor !== undefined ? [step.auth.standsInFor] : [],
  );
  const { clients = "403", passwords: without = "503" } = absentIn(settings);
  const passwords = (decision.guards ?? []).flatMap(secretsOf);
  return [
    ...certificates.map(
      (secret) => `${clients}, unless the cluster has the Secret ${secret} for auth-tls-secret`,
    ),
    ...passwords.map(
      (secret) => `${without}, unless the cluster has the Secret ${secret} with the passwords`,
    ),
  ];
}

function absentIn({ controller }: Routing["settings"]): AbsentObjects {
  return controllerNamed(controller).absent ?? {};
}

function secretsOf(guard: Guard): readonly string[] {
  if (guard.kind === "any-of") return guard.guards.flatMap(secretsOf);
  const isPassword = guard.kind === "basic-auth" || guard.kind === "digest-auth";
  return isPassword && guard.standsInFor !== undefined ? [guard.standsInFor] : [];
}

/**
 * The echo service answers for any Service of the manifests' Ingresses. Said where `check` says `service-missing`: beside
 * Services of the namespace, or one of the name. Manifests without any are the usual ones, and leave theirs to the cluster.
 */
function absentService({ decision }: Asked, { reading, completeness, settings }: Routing): readonly string[] {
  if (decision.kind !== "forward" || completeness === "whole") return [];
  const { namespace, service } = decision.backend;
  const beside = reading.snapshot.services
    .map(({ metadata }) => metadata)
    .filter((metadata) => metadata.namespace === namespace || metadata.name === service);
  const isThere = beside.some((metadata) => metadata.namespace === namespace && metadata.name === service);
  if (beside.length === 0 || isThere) return [];
  return [
    `${absentIn(settings).service ?? "503"}, unless the cluster has the Service ${namespace}/${service}`,
  ];
}

/** Here one is issued for a Secret that is absent. */
function fakeCertificate({ facts, decision }: Asked, routing: Routing): readonly string[] {
  if (facts.scheme !== "https" || isBeforeTls(decision)) return [];
  const { table, reading, settings } = routing;
  const named = certificateOf(table, facts);
  if (named === undefined) return [];
  const { namespace, secretName } = named;
  const isThere = reading.snapshot.secrets.some(
    ({ metadata }) => metadata.namespace === namespace && metadata.name === secretName,
  );
  if (isThere) return [];
  const { certificate = "the controller's fake certificate" } = absentIn(settings);
  return [`${certificate}, unless the cluster has the Secret ${namespace}/${secretName}`];
}

function isBeforeTls(decision: Decision): boolean {
  return decision.kind === "respond" && decision.madeBy === "head";
}

function certificateOf(table: Routing["table"], facts: RequestFacts) {
  const name = hostNameOf(table, facts);
  const wildcard = wildcardOf(name);
  const named = (host: string | undefined) => table.tlsHosts.find((tls) => tls.host === host);
  return named(name) ?? named(wildcard);
}
