import type { ConfigMap } from "../model/resource.ts";
import type { StandIns } from "../model/stand-ins.ts";
import type { ControllerName } from "./controllers.ts";

/** The controller to imitate, and the Ingresses that it serves. */
export interface CompileOptions {
  readonly controller: ControllerName;
  /** The only class names served, whatever controller their IngressClass names. default: the `ClassRule` */
  readonly ingressClasses?: readonly string[] | undefined;
  /** Our `spec.controller`. default: the controller's own; with `ingressClasses`, none */
  readonly controllerClass?: string | undefined;
  /** The class that needs no IngressClass. default: the `ClassRule`'s */
  readonly installedClass?: string | undefined;
  /** The controller's own flag: of the classes of its `spec.controller`, this one alone. default: all of them */
  readonly onlyClass?: string | undefined;
  /** For an Ingress without class that the controller ignores. `served`: with a notice. */
  readonly classless: "served" | "ignored";
  /** Files may be a part of what is applied, a cluster is whole. default: partial */
  readonly completeness?: "partial" | "whole" | undefined;
  /** Secrets that files lack: "elsewhere" means in the cluster, whatever others there are. default: only where their namespace has none */
  readonly absentSecrets?: "elsewhere" | undefined;
  /** `--exact`: files are all that there is, for what a controller decides by what is missing. default: they are not */
  readonly exact?: true | undefined;
  /** Replaces Secrets and ConfigMaps that the snapshot lacks. default: none, as in the controller */
  readonly standIns?: StandIns | undefined;
  /** The clients' address, for messages. default: 127.0.0.1 */
  readonly clientAddress?: string | undefined;
  /** The controller's ConfigMap, `NAMESPACE/NAME`. default: the one that its installations create */
  readonly configMap?: string | undefined;
  /** The same as its chart makes it of its values, where no ConfigMap is named. default: none */
  readonly helmConfigMap?: ConfigMap | undefined;
  readonly flags?: ControllerFlags | undefined;
  /** The same where nobody gives a flag. default: none */
  readonly unsaidFlags?: ControllerFlags | undefined;
  /**
   * The controller's command-line flags in its own spelling (`--a=b`, `--a b`, `--a`), in order: the last of a name counts.
   * default: those of its Deployment, else those that its chart sets
   */
  readonly controllerFlags?: readonly string[] | undefined;
}

/** Command-line flags of ingress-nginx (pkg/flags/flags.go). Secrets and Services are `NAMESPACE/NAME`. */
export interface ControllerFlags {
  /** `--default-backend-service`: answers if no Ingress does. */
  readonly defaultBackendService?: string | undefined;
  /** `--default-ssl-certificate`: replaces the fake certificate. */
  readonly defaultSslCertificate?: string | undefined;
  /** `--disable-catch-all`: ignores an Ingress with a `defaultBackend`. */
  readonly disableCatchAll?: boolean | undefined;
  /**
   * `--enable-ssl-passthrough`; without it the controller terminates all TLS. default: on, so that the
   * annotation works here
   */
  readonly enableSslPassthrough?: boolean | undefined;
  /** `--disable-svc-external-name`: an ExternalName Service has no endpoints. */
  readonly disableSvcExternalName?: boolean | undefined;
  /** `--tcp-services-configmap`, `--udp-services-configmap`. default: ConfigMaps with the usual names */
  readonly tcpServicesConfigMap?: string | undefined;
  readonly udpServicesConfigMap?: string | undefined;
}
