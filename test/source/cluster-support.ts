import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect as connectTcp, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { connect } from "../../src/kube/connect.ts";
import { chooseContext } from "../../src/kube/context.ts";
import { readKubeConfig } from "../../src/kube/kubeconfig.ts";
import { API_LIMITS, type ApiLimits } from "../../src/kube/limits.ts";
import type { ApiConnection } from "../../src/model/cluster.ts";
import type { ClusterEvent } from "../../src/model/event.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { type ClusterOptions, type WatchedCluster, watchCluster } from "../../src/source/cluster/cluster.ts";
import { CLUSTER_LIMITS, type ClusterLimits } from "../../src/source/cluster/limits.ts";
import type { Reading } from "../../src/source/files.ts";
import { type ApiServer, type ApiServerOptions, startApiServer } from "../support/api-server/api-server.ts";
import type { KubeObject } from "../support/api-server/object.ts";

/** The real times, thirty times as fast. */
export const QUICK: ClusterLimits = {
  ...CLUSTER_LIMITS,
  firstPauseMs: 30,
  longestPauseMs: 400,
  spacingMs: 10,
  retryAfterMs: 2_000,
  refusedMs: 100,
  watchSeconds: 1,
  graceMs: 300,
};

const QUICK_API: ApiLimits = {
  ...API_LIMITS,
  connectMs: 2_000,
  answerMs: 400,
  idleMs: 400,
  renewMs: 30,
};

/** Catches hangs, not slowness. */
export const PATIENCE = { timeout: 40_000, interval: 10 };

/** An Ingress of `default` with one host, and with a Secret if named. */
export function ingress(name: string, more: { secret?: string; namespace?: string } = {}): KubeObject {
  const host = `${name}.test`;
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name, namespace: more.namespace ?? "default" },
    spec: {
      ingressClassName: "nginx",
      ...(more.secret === undefined ? {} : { tls: [{ hosts: [host], secretName: more.secret }] }),
      rules: [
        {
          host,
          http: {
            paths: [
              { path: "/", pathType: "Prefix", backend: { service: { name: "web", port: { number: 80 } } } },
            ],
          },
        },
      ],
    },
  };
}

/** A relay to a server that can be frozen, like a broken network. */
interface Relay {
  readonly port: number;
  /** Freezes connections; returns the function that ends it. */
  readonly freeze: (which: "old connections" | "all connections") => () => void;
  readonly close: () => void;
}

async function startRelay(target: number): Promise<Relay> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let isFrozen = false;
  const relay = createServer((client) => {
    const upstream = connectTcp(target, "127.0.0.1");
    const pair = [client, upstream] as const;
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of pair) socket.on("error", end).on("close", end);
    if (!isFrozen) client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  return {
    port: (relay.address() as AddressInfo).port,
    freeze: (which) => {
      const frozen = [...pairs];
      for (const [client, upstream] of frozen) {
        client.unpipe();
        upstream.unpipe().removeAllListeners("close");
        // The system accepts what arrives, but nobody answers.
        client.resume();
        upstream.resume();
      }
      isFrozen = which === "all connections";
      return () => {
        isFrozen = false;
        for (const [client] of [...pairs]) client.destroy();
      };
    },
    close: () => {
      relay.close();
      for (const [client] of [...pairs]) client.destroy();
    },
  };
}

/** A server and a connection to it by its own kubeconfig. */
export interface World {
  readonly server: ApiServer;
  readonly api: ApiConnection;
  readonly kubeconfig: string;
  readonly rewrite: (text: string) => void;
  readonly relay: Relay;
}

export async function world(
  options: ApiServerOptions & {
    readonly limits?: Partial<ApiLimits>;
    readonly kubeconfigUser?: object;
    readonly relayed?: "relayed" | undefined;
  } = {},
): Promise<World> {
  const server = await startApiServer(options);
  const folder = mkdtempSync(join(tmpdir(), "ingress-dev-cluster-"));
  const file = join(folder, "config");
  const rewrite = (text: string) => writeFileSync(file, text);
  const relay = await startRelay(Number(new URL(server.url).port));
  rewrite(
    server.kubeconfig({
      ...(options.kubeconfigUser === undefined ? {} : { user: options.kubeconfigUser }),
      ...(options.relayed === undefined ? {} : { cluster: { server: `http://127.0.0.1:${relay.port}` } }),
    }),
  );
  const place = { file, env: process.env };
  const limits = { ...QUICK_API, ...options.limits };
  const api = connect(chooseContext(await readKubeConfig(place), undefined), { place, limits });
  onTestFinished(async () => {
    api.close();
    relay.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { server, api, kubeconfig: file, rewrite, relay };
}

/** A watched cluster and its reports. */
export interface Watching {
  readonly watched: WatchedCluster;
  readonly readings: Reading[];
  readonly states: ClusterEvent[];
  readonly now: () => Snapshot;
  /** Names of the Ingresses of the last reading. */
  readonly names: () => string;
  readonly until: (names: string) => Promise<void>;
}

export async function watching(api: ApiConnection, more: Partial<ClusterOptions> = {}): Promise<Watching> {
  const readings: Reading[] = [];
  const states: ClusterEvent[] = [];
  const watched = await watchCluster(
    { api, namespaces: "all-or-own", limits: QUICK, ...more },
    { onReading: (reading) => readings.push(reading), onState: (event) => states.push(event) },
  );
  onTestFinished(() => watched.close());
  const now = () => (readings.at(-1) ?? watched.first).snapshot;
  const names = () => namesOf(now());
  return {
    watched,
    readings,
    states,
    now,
    names,
    until: (expected) =>
      vi.waitFor(() => {
        if (names() !== expected) throw new Error(`${names()} is not ${expected}`);
      }, PATIENCE),
  };
}

export function namesOf({ ingresses }: Snapshot): string {
  return ingresses
    .map(({ metadata }) => metadata.name)
    .sort()
    .join(" ");
}
