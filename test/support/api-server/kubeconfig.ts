import { stringify } from "yaml";
import type { Certificates } from "./certificate.ts";

export interface KubeconfigOptions {
  /** default: `minikube` */
  readonly context?: string;
  readonly namespace?: string;
  /** The kubeconfig's `user`, instead of the right token or certificate. */
  readonly user?: object;
  /** Fields to add to the kubeconfig's `cluster`, or to replace there. */
  readonly cluster?: object;
}

/** A kubeconfig (YAML) of the server. */
export function kubeconfig(
  url: string,
  certificates: Certificates | undefined,
  user: object,
  options: KubeconfigOptions = {},
): string {
  const name = options.context ?? "minikube";
  const authority =
    certificates === undefined ? {} : { "certificate-authority-data": base64(certificates.ca) };
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    contexts: [
      {
        name,
        context: {
          cluster: name,
          user: name,
          ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
        },
      },
    ],
    clusters: [{ name, cluster: { server: url, ...authority, ...options.cluster } }],
    users: [{ name, user: options.user ?? user }],
  });
}

/** The `user` that the server accepts. */
export function rightUser(token: string | undefined, certificates: Certificates | undefined): object {
  if (token !== undefined) return { token };
  if (certificates === undefined) return {};
  return {
    "client-certificate-data": base64(certificates.client.cert),
    "client-key-data": base64(certificates.client.key),
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
