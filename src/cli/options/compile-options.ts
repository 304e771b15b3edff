import type { CompileOptions } from "../../compile/compile.ts";
import type { StandIns } from "../../model/stand-ins.ts";
import type { ControllerSettings } from "../options.ts";

/** `--exact` also ignores an Ingress without a class, the controller's own default. */
export function compileOptionsOf(
  settings: ControllerSettings,
  completeness: CompileOptions["completeness"],
  standIns: StandIns = {},
): CompileOptions {
  const { controller, ingressClass, controllerClass, exact, configmap, clientAddress } = settings;
  const { defaultBackendService, defaultSslCertificate } = settings;
  const classless = exact && !settings.watchIngressWithoutClass ? "ignored" : "served";
  return {
    ...{ controller, ingressClasses: ingressClass, controllerClass, classless },
    configMap: configmap,
    controllerFlags: settings.controllerFlag,
    flags: {
      ...{ defaultBackendService, defaultSslCertificate },
      // Not given, they are the controller's own.
      disableCatchAll: settings.disableCatchAll || undefined,
      disableSvcExternalName: settings.disableSvcExternalName || undefined,
      enableSslPassthrough: settings.enableSslPassthrough || undefined,
    },
    unsaidFlags: exact ? { enableSslPassthrough: false } : undefined,
    completeness,
    exact: exact || undefined,
    // A cluster is complete, and --exact treats files as complete.
    standIns: exact || completeness === "whole" ? undefined : standIns,
    clientAddress,
  };
}
