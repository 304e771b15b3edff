import { once } from "node:events";
import type { WebSocket } from "ws";
import type { ApiConnection } from "../../model/cluster.ts";
import { CHANNEL_PROTOCOLS, type ChannelProtocol } from "./channels.ts";
import { violated } from "./failure.ts";
import { PodStream, type PodStreamLimits } from "./stream.ts";

export interface PodPort {
  readonly namespace: string;
  readonly pod: string;
  /** A pod made again under the same name has another uid. `""`: unknown. */
  readonly uid: string;
  readonly port: number;
}

/** The part of the connection to the API server that a port-forward uses. */
export type ForwardingApi = Pick<ApiConnection, "webSocket">;

/**
 * Opens a stream to a port of a pod through the API server, ready to be written to. If nothing listens in the pod, that
 * comes later as an error of the stream.
 *
 * Fails as `webSocket` does (which has retried a 401 with fresh credentials), with a `ForwardFailure`, or with the
 * signal's reason.
 */
export async function openForward(
  api: ForwardingApi,
  { namespace, pod, port }: Omit<PodPort, "uid">,
  limits: PodStreamLimits,
  signal: AbortSignal,
): Promise<PodStream> {
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}/portforward?ports=${port}`;
  const socket = await api.webSocket(path, CHANNEL_PROTOCOLS, signal);
  const protocol = protocolOf(socket);
  if (protocol === undefined) {
    socket.terminate();
    throw violated(`the subprotocol ${JSON.stringify(socket.protocol)}`);
  }
  const stream = new PodStream(socket, port, protocol, limits);
  try {
    await once(stream, "connect", { signal });
  } catch (error) {
    stream.destroy();
    throw signal.aborted ? signal.reason : error;
  }
  return stream;
}

function protocolOf(socket: WebSocket): ChannelProtocol | undefined {
  return CHANNEL_PROTOCOLS.find((protocol) => protocol === socket.protocol);
}
