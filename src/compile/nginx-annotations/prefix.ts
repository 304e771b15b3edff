export const PREFIX = "nginx.ingress.kubernetes.io/";
