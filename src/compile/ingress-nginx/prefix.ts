/** Annotations of ingress-nginx begin so. */
export const PREFIX = "nginx.ingress.kubernetes.io/";
