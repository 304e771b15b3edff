import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { BenchOptions, Checkout } from "../bench.ts";
import { issueCertificate } from "../beside/certificate.ts";
import { startOurs } from "../beside/ours.ts";
import { isInstalled, PEERS, type Peer, startPeer } from "../beside/peers.ts";
import { type Core, forkOn, type Program } from "../beside/program.ts";
import { writeOne } from "../manifests.ts";

export interface Contestants {
  readonly ours: Program;
  readonly all: readonly Program[];
  readonly absent: readonly Peer[];
  readonly stop: () => Promise<void>;
}

export interface ContestantsOptions {
  readonly folder: string;
  readonly core: Core;
  readonly peers?: readonly Peer[];
}

/** The backend, this checkout (and the one before), and the peers that are installed, all in processes of their own. */
export async function startContestants(
  { checkouts }: Pick<BenchOptions, "checkouts">,
  { folder, core, peers = PEERS }: ContestantsOptions,
): Promise<Contestants> {
  const backend = await startBackend(core === "any" ? "any" : "loading");
  const running: Program[] = [];
  const stop = async () => {
    await Promise.allSettled(running.map((each) => each.stop()));
    backend.stop();
  };
  try {
    for (const checkout of checkouts) running.push(await startMapped(checkout, folder, core, backend.port));
    const certificate = issueCertificate(folder);
    for (const peer of peers) {
      const own = join(folder, peer.replaceAll(/\W/g, "-"));
      mkdirSync(own, { recursive: true });
      if (isInstalled(peer))
        running.push(await startPeer(peer, { backend: backend.port, folder: own, core, certificate }));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const [ours] = running;
  if (ours === undefined) throw new Error("there is no checkout");
  return { ours, all: running, absent: peers.filter((peer) => !isInstalled(peer)), stop };
}

async function startMapped(
  { name, root }: Checkout,
  folder: string,
  core: Core,
  backend: number,
): Promise<Program> {
  const own = join(folder, name);
  const manifests = join(own, "manifests");
  writeOne(join(manifests, "basic.yaml"));
  const args = [manifests, "--map", `web=${backend}`];
  return { ...(await startOurs({ root, args, folder: own, core })), name };
}

export interface Backend {
  readonly port: number;
  readonly stop: () => void;
}

export async function startBackend(core: Core): Promise<Backend> {
  const child = forkOn(core, join(import.meta.dirname, "../beside/backend.ts"));
  const [port] = await once(child, "message");
  return { port: Number(port), stop: () => void child.kill("SIGKILL") };
}
