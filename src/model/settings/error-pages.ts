import type { SetHeader } from "../controller.ts";
import type { Backend } from "../route.ts";

/** Who answers in place of a backend: `custom-http-errors`, `default-backend`, `disable-proxy-intercept-errors`. */
export interface ErrorPageSettings {
  /** Statuses that another backend answers for: those of the annotation, else those of the controller's ConfigMap. */
  readonly codes: readonly number[];
  /** Who answers for them where it can: `default-backend`, or always the controller's own default backend. */
  readonly answeredBy: "default-backend" | "controller";
  /** Whether that goes for the backend's statuses as well, or only for nginx's own. */
  readonly intercept: boolean;
  /**
   * `default-backend`: the Service that answers for a backend without endpoints. Without one, and while it has no endpoints
   * itself, the controller's own default backend answers for the statuses.
   */
  readonly defaultBackend?: Backend | undefined;
  readonly own: OwnDefaultBackend;
  /** The Ingress whose annotations these are; absent where no Ingress has the location. */
  readonly ingress?: { readonly namespace: string; readonly name: string } | undefined;
  /** The annotation and its Ingress: `the annotation custom-http-errors of Ingress default/web`. */
  readonly named: { readonly codes: string; readonly defaultBackend: string };
}

/** The controller's own default backend. */
export interface OwnDefaultBackend {
  /** `--default-backend-service`; nginx itself answers where it is absent or has no endpoints. */
  readonly backend?: Backend | undefined;
  /** nginx's answer then: 404, or 500 where `custom-http-errors` of the ConfigMap lists 404. */
  readonly status: 404 | 500;
  /** Set on a response that is made outside of the location. */
  readonly everywhere?: readonly SetHeader[] | undefined;
}
