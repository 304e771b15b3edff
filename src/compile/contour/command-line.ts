import type { CommandLine } from "../command-line.ts";

/** Flags of `contour serve` (cmd/contour/serve.go). */
export const CONTOUR_COMMAND_LINE: CommandLine = {
  images: ["projectcontour/contour", "bitnami/contour"],
  read: ["ingress-class-name=", "root-namespaces="],
  idle: [
    ...["accesslog-http=", "accesslog-https=", "envoy-http-access-log=", "envoy-https-access-log="],
    ...["config-path=", "c=", "contour-cafile=", "contour-cert-file=", "contour-key-file="],
    ...["contour-config-name=", "debug", "d", "debug-http-address=", "debug-http-port="],
    ...["disable-feature=", "disable-leader-election", "envoy-service-name=", "envoy-service-namespace="],
    ...["envoy-service-http-address=", "envoy-service-http-port=", "envoy-service-https-address="],
    ...["envoy-service-https-port=", "health-address=", "health-port=", "http-address=", "http-port="],
    ...["incluster", "ingress-status-address=", "insecure", "kubeconfig=", "kubernetes-debug="],
    ...["kubernetes-client-burst=", "kubernetes-client-qps=", "log-format=", "stats-address=", "stats-port="],
    ...["leader-election-lease-duration=", "leader-election-renew-deadline="],
    ...["leader-election-resource-name=", "leader-election-resource-namespace="],
    ...["leader-election-retry-period=", "xds-address=", "xds-port=", "xds-server-type="],
  ],
  unread: ["use-proxy-protocol", "watch-namespaces="],
  asOptions: (flags) => {
    const names = flags.get("ingress-class-name");
    return names === undefined ? {} : { ingressClasses: commaNames(names) };
  },
};

/** Names with commas between them. */
export function commaNames(text: string): readonly string[] {
  return text
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
}
