import type { SetHeader } from "../controller.ts";
import type { Backend } from "../route.ts";

/** Error backends: `custom-http-errors`, `default-backend`, `disable-proxy-intercept-errors`. */
export interface ErrorPageSettings {
  /** Statuses of the annotation, else of the controller's ConfigMap. */
  readonly codes: readonly number[];
  /** The Service of `default-backend` if it can answer, or always the controller's default backend. */
  readonly answeredBy: "default-backend" | "controller";
  /** Also for the backend's statuses, not only for nginx's own. */
  readonly intercept: boolean;
  /**
   * `default-backend`: answers for a backend without endpoints. Without endpoints of its own, the
   * controller's default backend answers for the statuses.
   */
  readonly defaultBackend?: Backend | undefined;
  readonly own: OwnDefaultBackend;
  /** The Ingress of these annotations; absent for a location without Ingress. */
  readonly ingress?: { readonly namespace: string; readonly name: string } | undefined;
  /** `the annotation custom-http-errors of Ingress default/web` */
  readonly named: { readonly codes: string; readonly defaultBackend: string };
}

/** The controller's default backend. */
export interface OwnDefaultBackend {
  /** `--default-backend-service`. Without it, or without its endpoints, nginx answers. */
  readonly backend?: Backend | undefined;
  /** nginx's answer: 404, or 500 if the ConfigMap's `custom-http-errors` lists 404. */
  readonly status: 404 | 500;
  /** Headers of responses outside of a location. */
  readonly everywhere?: readonly SetHeader[] | undefined;
}
