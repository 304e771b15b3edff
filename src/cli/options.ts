import { CONTROLLERS, type ControllerName } from "../compile/controllers.ts";
import { type ControllerChoice, controllers, items, type MapText, maps } from "./options/lists.ts";
import type { OptionReader } from "./options/values.ts";
import {
  address,
  clientAddress,
  codes,
  controllerFlags,
  namespacedName,
  oneOf,
  port,
  text,
  texts,
  yesOrNo,
} from "./options/values.ts";

/** The settings of one controller, with ports of its own. */
export interface ControllerSettings extends Settings {
  readonly controller: ControllerName;
}

/** Every option's final value: flag, else variable, else `ingress-dev.yaml`, else default. */
export interface Settings {
  /** Manifests; `undefined` if not named. */
  readonly filename: readonly string[] | undefined;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly bind: string;
  /** Flags, then variable, then file; the first for a Service wins. */
  readonly map: readonly MapText[];
  /** default: the current context, if a cluster is read */
  readonly context: string | undefined;
  /** default: as kubectl finds it */
  readonly kubeconfig: string | undefined;
  /** Namespaces to read; `undefined` if not named. */
  readonly namespace: readonly string[] | undefined;
  readonly allNamespaces: boolean;
  readonly controller: ControllerChoice;
  /** Flags of the controller, in its own spelling. */
  readonly controllerFlag: readonly string[];
  /** default: those of the controller's `ClassRule` */
  readonly ingressClass: readonly string[] | undefined;
  /** default: the controller's own */
  readonly controllerClass: string | undefined;
  /** `NAMESPACE/NAME`. default: the one that the controller's installations create */
  readonly configmap: string | undefined;
  /** Flags of the controller. Objects are `NAMESPACE/NAME`. */
  readonly defaultBackendService: string | undefined;
  readonly defaultSslCertificate: string | undefined;
  readonly disableCatchAll: boolean;
  readonly enableSslPassthrough: boolean;
  readonly disableSvcExternalName: boolean;
  /** A HAR file for what clients ask and get. */
  readonly record: string | undefined;
  /** With cookies and credentials. */
  readonly recordSecrets: boolean;
  readonly watchIngressWithoutClass: boolean;
  /** default: the system's */
  readonly hostsFile: string | undefined;
  readonly noHosts: boolean;
  /** default: in the user's data folder */
  readonly certsDir: string | undefined;
  /** Replaces the address of every client. default: the connection's */
  readonly clientAddress: string | undefined;
  readonly noEcho: boolean;
  readonly exact: boolean;
  /** Codes of problems that `check` leaves out. */
  readonly ignore: readonly string[];
  /** default: by the kind of output */
  readonly output: "tui" | "text" | "json" | undefined;
}

export interface OptionSpec<T> {
  /** For commander: `--http-port <N>`. */
  readonly flags: string;
  readonly help: string;
  /** Every given value counts. */
  readonly repeatable?: "repeatable";
  /** The place between items of a variable. default: each comma */
  readonly splitAt?: RegExp;
  /** The key in `ingress-dev.yaml`. default: the flag in camelCase */
  readonly fileKey?: string;
  readonly read: OptionReader<T>;
  readonly fallback: T;
}

/** Options by name; source of help texts, variables and file keys. */
export const OPTIONS: { readonly [Key in keyof Settings]: OptionSpec<Settings[Key]> } = {
  filename: {
    flags: "-f, --filename <PATH>",
    help: "a manifest, a folder of them (read recursively), a glob, or - for standard input; repeatable",
    repeatable: "repeatable",
    fileKey: "manifests",
    read: items,
    fallback: undefined,
  },
  httpPort: {
    flags: "--http-port <N>",
    help: "port for http; 0 picks a free one",
    read: port,
    fallback: 31000,
  },
  httpsPort: {
    flags: "--https-port <N>",
    help: "port for https; 0 picks a free one",
    read: port,
    fallback: 32000,
  },
  bind: {
    flags: "--bind <ADDRESS>",
    help: "address to listen on; 127.0.0.1 includes ::1",
    read: address,
    fallback: "127.0.0.1",
  },
  map: {
    flags: "--map <[NAMESPACE/]SERVICE[:PORT]=TARGET>",
    help: "where a Service's traffic goes: PORT, HOST:PORT or a URL; repeatable",
    repeatable: "repeatable",
    fileKey: "services",
    read: maps,
    fallback: [],
  },
  context: {
    flags: "--context <NAME>",
    help: "read the cluster of this context; required for one that is not on this computer",
    read: text,
    fallback: undefined,
  },
  kubeconfig: {
    flags: "--kubeconfig <FILE>",
    help: "kubeconfig to read contexts from (default: as kubectl finds it)",
    read: text,
    fallback: undefined,
  },
  namespace: {
    flags: "-n, --namespace <NAME>",
    help: "namespace to read from the cluster; repeatable or comma-separated (default: all)",
    repeatable: "repeatable",
    read: texts,
    fallback: undefined,
  },
  allNamespaces: {
    flags: "-A, --all-namespaces",
    help: "read all namespaces of the cluster",
    read: yesOrNo,
    fallback: false,
  },
  controller: {
    flags: "--controller <NAME[,NAME...]>",
    help: `controller to imitate: auto (those that the manifests' classes name), ${CONTROLLERS.map(({ name, summary }) => `${name} (${summary})`).join(", ")}; several have ports of their own`,
    read: controllers,
    fallback: "auto",
  },
  controllerFlag: {
    flags: "--controller-flag <FLAG>",
    help: "a command-line flag of the controller, in its own spelling; repeatable (default: those of its Deployment among the manifests)",
    repeatable: "repeatable",
    fileKey: "controllerFlags",
    splitAt: /,(?=-)/,
    read: controllerFlags,
    fallback: [],
  },
  ingressClass: {
    flags: "--ingress-class <NAME>",
    help: "served class, whatever controller its IngressClass names; repeatable or comma-separated (default: the controller's own)",
    repeatable: "repeatable",
    read: texts,
    fallback: undefined,
  },
  controllerClass: {
    flags: "--controller-class <NAME>",
    help: "spec.controller of the served IngressClasses (default: the controller's own)",
    read: text,
    fallback: undefined,
  },
  configmap: {
    flags: "--configmap <NAMESPACE/NAME>",
    help: "the controller's ConfigMap (default: the one that its installations create)",
    read: namespacedName,
    fallback: undefined,
  },
  defaultBackendService: {
    flags: "--default-backend-service <NAMESPACE/NAME>",
    help: "the controller's flag: Service for requests without an Ingress (default: nginx's 404)",
    read: namespacedName,
    fallback: undefined,
  },
  defaultSslCertificate: {
    flags: "--default-ssl-certificate <NAMESPACE/NAME>",
    help: "the controller's flag: Secret for hosts without a certificate",
    read: namespacedName,
    fallback: undefined,
  },
  disableCatchAll: {
    flags: "--disable-catch-all",
    help: "the controller's flag: ignore an Ingress with a defaultBackend",
    read: yesOrNo,
    fallback: false,
  },
  enableSslPassthrough: {
    flags: "--enable-ssl-passthrough",
    help: "the controller's flag: honour ssl-passthrough (default: not with --exact)",
    read: yesOrNo,
    fallback: false,
  },
  disableSvcExternalName: {
    flags: "--disable-svc-external-name",
    help: "the controller's flag: ExternalName Services have no endpoints",
    read: yesOrNo,
    fallback: false,
  },
  record: {
    flags: "--record <FILE.har>",
    help: "record requests and answers to this new file, for replay and for browsers' tools",
    read: text,
    fallback: undefined,
  },
  recordSecrets: {
    flags: "--record-secrets",
    help: "record cookies and credentials as sent (default: their values are masked)",
    read: yesOrNo,
    fallback: false,
  },
  watchIngressWithoutClass: {
    flags: "--watch-ingress-without-class",
    help: "the controller's flag: serve an Ingress without a class (default: not with --exact)",
    read: yesOrNo,
    fallback: false,
  },
  hostsFile: {
    flags: "--hosts-file <FILE>",
    help: "hosts file to write (default: the system's)",
    read: text,
    fallback: undefined,
  },
  noHosts: { flags: "--no-hosts", help: "do not edit the hosts file", read: yesOrNo, fallback: false },
  certsDir: {
    flags: "--certs-dir <DIR>",
    help: "folder for issued certificates (default: in your data folder)",
    read: text,
    fallback: undefined,
  },
  clientAddress: {
    flags: "--client-address <ADDRESS>",
    help: "client address for allow-lists and limits (default: the connection's)",
    read: clientAddress,
    fallback: undefined,
  },
  noEcho: {
    flags: "--no-echo",
    help: "no echo service: a Service without a target answers 503, as in the cluster",
    read: yesOrNo,
    fallback: false,
  },
  exact: {
    flags: "--exact",
    help: "answer as the cluster, byte for byte: no local ports in redirects, HSTS on",
    read: yesOrNo,
    fallback: false,
  },
  ignore: {
    flags: "--ignore <CODE>",
    help: "code of problems that check leaves out; repeatable or comma-separated",
    repeatable: "repeatable",
    read: codes,
    fallback: [],
  },
  output: {
    flags: "-o, --output <FORM>",
    help: "tui, text or json (default: tui on a terminal, else text)",
    read: oneOf(["tui", "text", "json"]),
    fallback: undefined,
  },
};

export type OptionKey = keyof Settings;

export const OPTION_KEYS = Object.keys(OPTIONS) as readonly OptionKey[];

/** `http-port` */
export function longName(key: OptionKey): string {
  return /--([a-z-]+)/.exec(OPTIONS[key].flags)?.[1] ?? key;
}

/** `INGRESS_DEV_HTTP_PORT` */
export function variableOf(key: OptionKey): string {
  return `INGRESS_DEV_${longName(key).toUpperCase().replaceAll("-", "_")}`;
}

/** The key in `ingress-dev.yaml`. */
export function fileKeyOf(key: OptionKey): string {
  return OPTIONS[key].fileKey ?? key;
}
