import type { Socket } from "node:net";
import { WebSocket } from "ws";
import type { Fault } from "../fault.ts";
import { reset } from "../listener.ts";
import type { ApiRequest } from "../request.ts";
import type { World } from "../world.ts";
import { PodConnection } from "./pod-connection.ts";

/** The signal of v5 that one channel has ended: this byte, then the channel's number. */
const CLOSE = 255;

export interface Wanted {
  readonly ports: readonly number[];
  /** True if the end of each channel is sent (v5). */
  readonly halfClose: boolean;
  readonly fault: Fault | undefined;
}

/**
 * A port-forward over the channels of a WebSocket (`v4.channel.k8s.io`, as kubelets speak it; `v5` adds the end of single
 * channels): for the port at place n of `ports`, data is channel 2n and errors are channel 2n+1, and the first frame of
 * each is the port's number in two bytes, the lower one first (kubernetes `pkg/kubelet/.../portforward/websocket.go`).
 */
export class ChannelForward {
  readonly request: ApiRequest;
  readonly #webSocket: WebSocket;
  readonly #socket: Socket;
  readonly #wanted: Wanted;
  readonly #connections: readonly PodConnection[];
  #open: number;

  constructor(world: World, request: ApiRequest, webSocket: WebSocket, socket: Socket, wanted: Wanted) {
    this.request = request;
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#wanted = wanted;
    this.#open = wanted.ports.length;
    const { fault } = wanted;
    webSocket.on("error", () => {});
    world.running.add(this);
    webSocket.on("close", () => {
      world.running.delete(this);
      for (const connection of this.#connections) connection.destroy();
    });
    this.#greet(fault);
    this.#connections = wanted.ports.map((port, place) => this.#connect(world, port, place));
    if (fault?.do === "stalled-reader") webSocket.pause();
    webSocket.on("message", (frame: Buffer, binary) => this.#receive(frame, binary));
    if (fault?.do === "close" || fault?.do === "reset" || fault?.do === "stalled") this.hit(fault);
  }

  /** Triggers the fault now. */
  hit(fault: Fault): void {
    switch (fault.do) {
      case "reset":
        reset(this.#socket);
        return;
      case "close":
      case "truncated":
        this.#socket.destroySoon();
        return;
      case "stalled":
        this.#webSocket.pause();
        for (const connection of this.#connections) connection.silence();
        return;
      case "pod-killed":
        this.#webSocket.close();
        return;
      case "error-text":
        this.#fail(0, fault.text);
        return;
      default:
    }
  }

  #greet(fault: Fault | undefined): void {
    if (fault?.do === "unknown-channel") this.#send(fault.channel ?? 77, Buffer.from("lost"));
    if (fault?.do === "text-frame") this.#webSocket.send(fault.text ?? "hello");
    this.#wanted.ports.forEach((port, place) => {
      const said = Buffer.alloc(fault?.do === "short-port" ? 1 : 2);
      if (said.length === 2) said.writeUInt16LE(fault?.do === "wrong-port" ? (fault.port ?? port ^ 1) : port);
      else said[0] = port & 0xff;
      this.#send(2 * place, said);
      this.#send(2 * place + 1, said);
    });
  }

  #connect(world: World, port: number, place: number): PodConnection {
    const { target } = this.request;
    return new PodConnection({
      address: world.pods.find(target?.namespace ?? "", target?.name ?? "", port),
      port,
      pod: target?.name ?? "",
      fault: this.#wanted.fault,
      data: (bytes, sent) => this.#send(2 * place, bytes, sent),
      fail: (text) => this.#fail(place, text),
      end: () => this.#end(place),
      vanish: () => this.#webSocket.close(),
    });
  }

  #receive(frame: Buffer, binary: boolean): void {
    const channel = frame[0];
    if (!binary || channel === undefined) return;
    if (channel === CLOSE && this.#wanted.halfClose) {
      this.#connections[(frame[1] ?? 0) >> 1]?.finish();
      return;
    }
    const connection = channel % 2 === 0 ? this.#connections[channel >> 1] : undefined;
    if (connection === undefined) return;
    if (connection.write(frame.subarray(1))) return;
    this.#webSocket.pause();
    connection.drained(() => this.#webSocket.resume());
  }

  #send(channel: number, bytes: Buffer, sent?: () => void): void {
    if (this.#webSocket.readyState !== WebSocket.OPEN) return;
    this.#webSocket.send(Buffer.concat([Buffer.from([channel]), bytes]), { binary: true }, () => sent?.());
  }

  #fail(place: number, text: string): void {
    this.#send(2 * place + 1, Buffer.from(text));
    this.#end(place);
  }

  /** The end of one port's data: v4 knows only the end of all. */
  #end(place: number): void {
    if (this.#wanted.halfClose) {
      if (this.#webSocket.readyState !== WebSocket.OPEN) return;
      this.#webSocket.send(Buffer.from([CLOSE, 2 * place]), { binary: true });
      this.#webSocket.send(Buffer.from([CLOSE, 2 * place + 1]), { binary: true });
      if (--this.#open > 0) return;
    }
    this.#webSocket.close();
  }
}
