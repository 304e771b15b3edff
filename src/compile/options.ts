import type { StandIns } from "../model/stand-ins.ts";
import type { ControllerName } from "./controllers.ts";

/** Whose behaviour a table is compiled for, and which Ingresses it serves. */
export interface CompileOptions {
  readonly controller: ControllerName;
  /**
   * Class names that are served, whatever controller their IngressClass names, and no others. Default: the controller's
   * `ClassRule`.
   */
  readonly ingressClasses?: readonly string[] | undefined;
  /** The `spec.controller` that counts as ours. Default: the controller's own; beside class names, none. */
  readonly controllerClass?: string | undefined;
  /** What becomes of an Ingress without a class that the controller ignores: served with a notice, or ignored. */
  readonly classless: "served" | "ignored";
  /** Files may be a part of what is applied; a cluster is whole, and what it lacks is not there. Default: partial. */
  readonly completeness?: "partial" | "whole" | undefined;
  /** In the place of Secrets and ConfigMaps that the snapshot lacks. Default: nothing, as in the controller. */
  readonly standIns?: StandIns | undefined;
  /** The address of clients, for what is said of them. Default: 127.0.0.1. */
  readonly clientAddress?: string | undefined;
  /** The controller's own ConfigMap, `NAMESPACE/NAME`; where it is left out, the one that its installations make. */
  readonly configMap?: string | undefined;
  /** The controller's own flags, beside its ConfigMap. */
  readonly flags?: ControllerFlags | undefined;
}

/** Command-line flags of ingress-nginx's own (pkg/flags/flags.go). Secrets and Services are `NAMESPACE/NAME`. */
export interface ControllerFlags {
  /** `--default-backend-service`: what answers where no Ingress does. */
  readonly defaultBackendService?: string | undefined;
  /** `--default-ssl-certificate`: in place of the fake certificate. */
  readonly defaultSslCertificate?: string | undefined;
  /** `--disable-catch-all`: an Ingress with a `defaultBackend` is ignored. */
  readonly disableCatchAll?: boolean | undefined;
  /**
   * `--enable-ssl-passthrough`: without it the controller ends all TLS itself. Default: on, so that the annotation can be
   * tried.
   */
  readonly enableSslPassthrough?: boolean | undefined;
  /** `--disable-svc-external-name`: a Service that is an ExternalName has no endpoints. */
  readonly disableSvcExternalName?: boolean | undefined;
}
