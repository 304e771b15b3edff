import type { Backend } from "../../../model/route.ts";
import type { ErrorPagesStep } from "../../../step/error-pages.ts";
import type { Annotations, Feature } from "../annotations.ts";
import { withLocation, withNote } from "../settings.ts";
import { firstPortOf } from "../values/first-port.ts";
import { documented } from "./documented.ts";
import { isProxied } from "./upstream-module.ts";

/**
 * `custom-http-errors`, `default-backend` and `disable-proxy-intercept-errors`
 * (annotations/customhttperrors, defaultbackend and disableproxyintercepterrors; controller.go, getBackendServers).
 */
export const errorPages: Feature = {
  annotations: [
    ...documented("Custom errors", { Low: "custom-http-errors disable-proxy-intercept-errors" }),
    ...documented("Default backend", { Low: "default-backend" }),
  ],
  applies: "always",
  apply: (annotations, settings) => {
    const { compileTime, ownDefault: own, name: configMap } = annotations.world.config;
    const given = compileTime.errors;
    const listed = readCodes(annotations);
    const defaultBackend = readDefaultBackend(annotations);
    const passesOn = annotations.boolean("disable-proxy-intercept-errors") === true;
    const isOwn = listed.length > 0;
    const codes = isOwn ? listed : given.codes;
    // `proxy_intercept_errors on` of the ConfigMap stays on in locations: nothing there switches it off (nginx.tmpl).
    const isOn = (given.codes.length > 0 && given.intercept) || (isOwn && !passesOn);
    // `grpc_intercept_errors` and `fastcgi_intercept_errors` are off, and stay so.
    const intercept = isOn && isProxied(settings.transport.protocol);
    if (codes.length === 0 && defaultBackend === undefined) return settings;
    const named = {
      codes: isOwn
        ? annotations.nameOf("custom-http-errors")
        : `the option custom-http-errors of ConfigMap ${configMap}`,
      defaultBackend: `${annotations.nameOf("default-backend")} (${defaultBackend?.service})`,
    };
    const ingress = { namespace: annotations.namespace, name: annotations.ingress.metadata.name };
    const answeredBy: ErrorPagesStep["answeredBy"] = isOwn ? "default-backend" : "controller";
    const errorPages: ErrorPagesStep = {
      kind: "error-pages",
      ...{ codes, answeredBy, intercept, defaultBackend, own, ingress, named },
    };
    const by =
      isOwn && defaultBackend !== undefined
        ? defaultBackend.service
        : `the controller's own default backend (${own.backend?.service ?? own.status})`;
    const whose = intercept ? "errors" : "nginx's own errors";
    const noted = [
      codes.length > 0 &&
        annotations.because(
          "custom-http-errors",
          `${named.codes} has ${whose} ${codes.join(", ")} answered by ${by}`,
        ),
      defaultBackend !== undefined &&
        annotations.because(
          "default-backend",
          `${named.defaultBackend} answers while the backend has no endpoints`,
        ),
    ].filter((note) => note !== false);
    return noted.reduce(withNote, withLocation(settings, { errorPages }));
  },
};

/** Blanks inside a number pass the validator, and then it is none: that ends the list. */
function readCodes(annotations: Annotations): readonly number[] {
  const name = "custom-http-errors";
  const value = annotations.text(name) ?? "";
  const parts = value.split(",").flatMap((part) => part.trim() || []);
  if (parts.every((part) => /^\d+$/.test(part))) return parts.map(Number).filter(taken(annotations));
  annotations.report.reject(name, value, "a list of statuses from 400 to 599: 404,503", "use-default");
  return [];
}

/** `error_page` takes 300 to 599 but 499; the validator takes digits that run together, too (ngx_http_core_error_page). */
function taken(annotations: Annotations): (code: number) => boolean {
  return (code) => {
    if (code >= 300 && code <= 599 && code !== 499) return true;
    const words = code === 499 ? 'invalid value "499"' : `value "${code}" must be between 300 and 599`;
    annotations.report.stop(
      "custom-http-errors",
      words,
      `${code} is no status that nginx can answer otherwise`,
      "Leave it out.",
    );
    return false;
  };
}

function readDefaultBackend(annotations: Annotations): Backend | undefined {
  const service = annotations.text("default-backend");
  if (service === undefined) return undefined;
  const { namespace, world } = annotations;
  const backend = firstPortOf({ namespace, service }, world.services);
  if (backend !== undefined) return backend;
  const fix = "Give the Service a port: its first one is asked.";
  annotations.report.bad(
    "default-backend",
    `the Service ${namespace}/${service} has no ports`,
    fix,
    "use-default",
  );
  return undefined;
}
