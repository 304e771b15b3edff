/** What the annotations of ingress-nginx begin with. */
export const PREFIX = "nginx.ingress.kubernetes.io/";
