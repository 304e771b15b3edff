import type { CompileOptions } from "../../compile/compile.ts";
import type { StandIns } from "../../model/stand-ins.ts";
import type { Settings } from "../options.ts";

/** `--exact` also ignores an Ingress without a class, the controller's own default. */
export function compileOptionsOf(
  settings: Settings,
  completeness: CompileOptions["completeness"],
  standIns: StandIns = {},
): CompileOptions {
  const { controller, ingressClass, controllerClass, exact, configmap, clientAddress } = settings;
  const { defaultBackendService, defaultSslCertificate, disableCatchAll, disableSvcExternalName } = settings;
  const enableSslPassthrough = settings.enableSslPassthrough || (exact ? false : undefined);
  const classless = exact && !settings.watchIngressWithoutClass ? "ignored" : "served";
  return {
    ...{ controller, ingressClasses: ingressClass, controllerClass, classless },
    configMap: configmap,
    flags: {
      ...{ defaultBackendService, defaultSslCertificate, disableCatchAll, disableSvcExternalName },
      enableSslPassthrough,
    },
    completeness,
    // A cluster is complete, and --exact treats files as complete.
    standIns: exact || completeness === "whole" ? undefined : standIns,
    clientAddress,
  };
}
