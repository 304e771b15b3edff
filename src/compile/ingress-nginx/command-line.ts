import { jsonFields } from "../../model/json.ts";
import type { CommandLine, FlagValues } from "../command-line.ts";
import type { CompileOptions } from "../options.ts";

/**
 * FlagValues of v1.15, and those of klog that every Go program of Kubernetes has. Source: pkg/flags/flags.go; images: the Helm
 * chart, its `chroot` image, RKE2's copy, and the image before 2020.
 */
export const COMMAND_LINE: CommandLine = {
  images: [
    "ingress-nginx/controller",
    "ingress-nginx/controller-chroot",
    "nginx-ingress-controller",
    "kubernetes-ingress-controller/nginx-ingress-controller",
  ],
  read: [
    ...["configmap=", "controller-class=", "default-backend-service=", "default-ssl-certificate="],
    ...["disable-catch-all", "disable-svc-external-name", "enable-ssl-passthrough", "ingress-class="],
    ...["tcp-services-configmap=", "udp-services-configmap=", "watch-ingress-without-class"],
  ],
  idle: [
    ...["apiserver-host=", "bucket-factor=", "certificate-authority=", "disable-full-test"],
    ...["disable-leader-election", "disable-sync-events", "dynamic-configuration-retries=", "election-id="],
    ...["election-ttl=", "enable-metrics", "enable-topology-aware-routing", "exclude-socket-metrics="],
    ...["health-check-path=", "health-check-timeout=", "healthz-host=", "healthz-port=", "http-port="],
    ...["https-port=", "internal-logger-address=", "kubeconfig=", "length-buckets=", "metrics-per-host"],
    ...[
      "metrics-per-undefined-host",
      "monitor-max-batch-size=",
      "post-shutdown-grace-period=",
      "profiler-address=",
    ],
    ...[
      "profiler-port=",
      "profiling",
      "publish-service=",
      "publish-status-address=",
      "report-node-internal-ip-address",
    ],
    ...["report-status-classes", "shutdown-grace-period=", "size-buckets=", "ssl-passthrough-proxy-port="],
    ...["status-port=", "status-update-interval=", "stream-port=", "sync-period=", "sync-rate-limit="],
    ...["time-buckets=", "update-status", "update-status-on-shutdown", "validating-webhook="],
    ...["validating-webhook-certificate=", "validating-webhook-key=", "version", "default-server-port="],
    ...["maxmind-edition-ids=", "maxmind-license-key=", "maxmind-mirror=", "maxmind-retries-count="],
    "maxmind-retries-timeout=",
    ...[
      "add_dir_header",
      "alsologtostderr",
      "log_backtrace_at=",
      "log_dir=",
      "log_file=",
      "log_file_max_size=",
    ],
    ...[
      "logtostderr",
      "one_output",
      "skip_headers",
      "skip_log_headers",
      "stderrthreshold=",
      "v=",
      "vmodule=",
    ],
  ],
  unread: [
    ...["annotations-prefix=", "deep-inspect", "enable-annotation-validation", "ingress-class-by-name"],
    ...["watch-namespace=", "watch-namespace-selector="],
  ],
  asOptions,
  chart: {
    names: ["rke2-ingress-nginx"],
    flags: ({ controller }) => {
      const { extraArgs } = jsonFields(controller);
      return Object.entries(jsonFields(extraArgs)).map(([name, value]) => `--${name}=${String(value)}`);
    },
    options: ({ controller }) => jsonFields(jsonFields(controller).config),
  },
};

function asOptions(flags: FlagValues): Partial<CompileOptions> {
  const ingressClass = flags.get("ingress-class");
  const controllerClass = flags.get("controller-class");
  const isWatching = flags.get("watch-ingress-without-class") === "true";
  const configMap = flags.get("configmap");
  return {
    ...(ingressClass === undefined ? {} : { installedClass: ingressClass }),
    ...(controllerClass === undefined ? {} : { controllerClass }),
    ...(isWatching ? { classless: "served" } : {}),
    ...(configMap === undefined ? {} : { configMap }),
    flags: {
      defaultBackendService: flags.get("default-backend-service"),
      defaultSslCertificate: flags.get("default-ssl-certificate"),
      disableCatchAll: isOn(flags, "disable-catch-all"),
      enableSslPassthrough: isOn(flags, "enable-ssl-passthrough"),
      disableSvcExternalName: isOn(flags, "disable-svc-external-name"),
      tcpServicesConfigMap: flags.get("tcp-services-configmap"),
      udpServicesConfigMap: flags.get("udp-services-configmap"),
    },
  };
}

function isOn(flags: FlagValues, name: string): boolean | undefined {
  const value = flags.get(name);
  return value === undefined ? undefined : value === "true";
}
