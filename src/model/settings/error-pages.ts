import type { Backend } from "../route.ts";

/** Who answers in place of a backend: `custom-http-errors`, `default-backend`, `disable-proxy-intercept-errors`. */
export interface ErrorPageSettings {
  /** Statuses that another backend answers for. */
  readonly codes: readonly number[];
  /** Whether that goes for the backend's statuses as well, or only for nginx's own. */
  readonly intercept: boolean;
  /**
   * `default-backend`: the Service that answers for these, and for a backend without endpoints. Without one, and while it
   * has no endpoints itself, the controller's own default backend answers: 404.
   */
  readonly defaultBackend?: Backend | undefined;
  /** The Ingress whose annotations these are. */
  readonly ingress: { readonly namespace: string; readonly name: string };
  /** The annotation and its Ingress: `the annotation custom-http-errors of Ingress default/web`. */
  readonly named: { readonly codes: string; readonly defaultBackend: string };
}
