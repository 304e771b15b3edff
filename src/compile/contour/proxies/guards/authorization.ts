import { type JsonObject, jsonFields, jsonItems, jsonNumber, jsonString } from "../../../../model/json.ts";
import { reason } from "../../../../model/reason.ts";
import type { CustomResource } from "../../../../model/resource.ts";
import type { AnswerStep } from "../../../../step/answer.ts";
import type { Step } from "../../../../step/step.ts";
import { ingressName } from "../../../problem.ts";
import { placeOf } from "../../../route.ts";
import type { Objects } from "../../objects.ts";
import type { ProxyContext } from "../context.ts";
import type { StatusWords } from "../statuses.ts";

/** `globalExtAuth` of contour.yaml, whose service is not asked. */
export const FOR_ALL: AnswerStep = {
  ...{ kind: "answer", status: 403, text: "" },
  why: [
    reason("external-auth", "globalExtAuth of contour.yaml: its service is not asked, and nobody is let in"),
  ],
};

const API_VERSION = "projectcontour.io/v1alpha1";

/** The reference to the service of `authorization`. `undefined`: nobody is asked */
export function extensionRefOf(host: JsonObject): JsonObject | undefined {
  const ref = jsonFields(jsonFields(host.authorization).extensionRef);
  return (jsonString(ref.name) ?? "") === "" ? undefined : ref;
}

function isDisabled(policy: JsonObject[string]): boolean {
  return jsonFields(policy).disabled === true;
}

export function authorizationFault(
  host: JsonObject,
  namespace: string,
  objects: Objects,
): StatusWords | undefined {
  const ref = extensionRefOf(host);
  if (ref === undefined || isDisabled(jsonFields(host.authorization).authPolicy)) return undefined;
  const version = jsonString(ref.apiVersion) ?? API_VERSION;
  if (version !== API_VERSION)
    return [
      ...(["AuthError", "AuthBadResourceVersion"] as const),
      `Spec.Virtualhost.Authorization.extensionRef specifies an unsupported resource version "${version}"`,
    ];
  const name = extensionName(ref, namespace);
  return objects.hasExtension(name)
    ? undefined
    : [
        ...(["AuthError", "ExtensionServiceNotFound"] as const),
        `Spec.Virtualhost.Authorization.ServiceRef extension service "${name}" not found`,
      ];
}

function extensionName(ref: JsonObject, namespace: string): string {
  return `${jsonString(ref.namespace) || namespace}/${jsonString(ref.name) ?? ""}`;
}

/**
 * Asks the service of `authorization` by HTTP. One that speaks gRPC is not asked: nobody is let in, as while Envoy cannot
 * reach it. `undefined`: nobody is asked
 */
export function authorizationStep(
  proxy: CustomResource,
  host: JsonObject,
  { objects, settings }: Pick<ProxyContext, "objects" | "settings">,
): Step | undefined {
  const authorization = jsonFields(host.authorization);
  const ref = extensionRefOf(host);
  if (host.authorization === undefined) return settings.authorization && FOR_ALL;
  if (ref === undefined || isDisabled(authorization.authPolicy)) return undefined;
  const { namespace } = proxy.metadata;
  const name = extensionName(ref, namespace);
  const named = `the authorization of HTTPProxy ${ingressName(proxy)}`;
  const extension = objects.extension(name);
  const [service] = jsonItems(extension?.spec.services).map(jsonFields);
  if (authorization.serviceType !== "http" || extension === undefined || service === undefined) {
    const text = `${named} asks the ExtensionService ${name} by gRPC, which ingress-dev does not: nobody is let in`;
    const why = reason("external-auth", text, placeOf(proxy, "spec.virtualhost.authorization"));
    return { kind: "answer", status: 403, text: "", only: "https", why: [why] };
  }
  const { pathPrefix, allowedUpstreamHeaders } = jsonFields(authorization.httpSettings);
  return {
    kind: "envoy-ext-auth",
    service: {
      namespace: extension.metadata.namespace,
      service: jsonString(service.name) ?? "",
      port: { number: jsonNumber(service.port) ?? 0 },
    },
    prefix: jsonString(pathPrefix) ?? "",
    toBackend: jsonItems(allowedUpstreamHeaders).flatMap((each) => {
      const exact = jsonString(jsonFields(each).exact);
      return exact === undefined ? [] : [exact];
    }),
    failure: authorization.failOpen === true ? "open" : undefined,
    only: "https",
    named,
  };
}

/** A route may go unasked, but for one that redirects. */
export function isUnasked({ authPolicy }: JsonObject): boolean {
  return isDisabled(authPolicy);
}
