import type { Problem } from "../../model/problem.ts";
import type { Ingress } from "../../model/resource.ts";
import type { Backend, RouteTable } from "../../model/route.ts";
import type { ControllerFlags } from "../options.ts";
import { ingressName, problemOf } from "../problem.ts";
import { firstPortOf } from "./values/first-port.ts";
import type { World } from "./world.ts";

/** The error of an Ingress that `--disable-catch-all` ignores (store.go, hasCatchAllIngressRule). */
export function catchAllDisabled(
  ingress: Ingress,
  { disableCatchAll }: ControllerFlags,
): Problem | undefined {
  if (disableCatchAll !== true || ingress.spec.defaultBackend === undefined) return undefined;
  return problemOf(ingress, {
    code: "catch-all-disabled",
    level: "error",
    lost: "ingress",
    field: "spec.defaultBackend",
    message: `Ingress ${ingressName(ingress)}: this deployment is trying to create a catch-all ingress while DisableCatchAll flag is set to true: the controller ignores the whole Ingress`,
    webhook:
      "this deployment is trying to create a catch-all ingress while DisableCatchAll flag is set to true. Remove '.spec.defaultBackend' or set DisableCatchAll flag to false",
    fix: "Remove '.spec.defaultBackend' or set DisableCatchAll flag to false",
  });
}

/** The first port of the Service of `--default-backend-service` (controller.go, getDefaultUpstream). */
export function defaultBackendService({
  flags,
  services,
}: Pick<World, "flags" | "services">): Backend | undefined {
  const [namespace = "", service = ""] = flags.defaultBackendService?.split("/") ?? [];
  if (service === "") return undefined;
  return firstPortOf({ namespace, service }, services);
}

export function flagProblems({
  flags,
  services,
  secrets,
}: Pick<World, "flags" | "services" | "secrets">): readonly Problem[] {
  const { defaultBackendService: service, defaultSslCertificate: secret } = flags;
  const problems: Problem[] = [];
  if (service !== undefined && services.get(service) === undefined)
    problems.push({
      code: "flag-object",
      level: "notice",
      message: `There is no Service ${service} (--default-backend-service): where the cluster has none either, the controller does not start.`,
      fix: "Add it to the manifests, or name one that is there.",
    });
  if (secret !== undefined && secrets.get(secret) === undefined)
    problems.push({
      code: "flag-object",
      level: "warning",
      message: `There is no Secret ${secret} (--default-ssl-certificate): the controller's fake certificate is served in its place.`,
      fix: "Add it to the manifests, or name one that is there.",
    });
  return problems;
}

/** `--default-ssl-certificate`, if the Secret exists. */
export function defaultCertificate({
  flags,
  secrets,
}: Pick<World, "flags" | "secrets">): Pick<RouteTable, "defaultCertificate"> {
  const named = flags.defaultSslCertificate;
  return named !== undefined && secrets.get(named) !== undefined ? { defaultCertificate: named } : {};
}
