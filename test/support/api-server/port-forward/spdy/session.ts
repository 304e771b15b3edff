import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Fault } from "../../fault.ts";
import { reset } from "../../listener.ts";
import type { ApiRequest } from "../../request.ts";
import type { World } from "../../world.ts";
import { PodConnection } from "../pod-connection.ts";
import { dataFrame, type Frame, readFrames, synReply } from "./frame.ts";
import { FIRST_EMPTY_BLOCK, HeaderReader, NEXT_EMPTY_BLOCK } from "./headers.ts";

/** The subprotocol of a port-forward over SPDY. */
export const SPDY_PORT_FORWARD = "portforward.k8s.io";

/** The two streams of one forwarded connection, which come one after the other. */
interface Pair {
  readonly port: number;
  error: number | undefined;
  data: number | undefined;
  connection: PodConnection | undefined;
}

/**
 * A port-forward as kubectl has it: for each connection a SYN_STREAM with `streamtype: error`, then one with `streamtype:
 * data`, both with the same `requestid` (kubernetes `pkg/kubelet/.../portforward/httpstream.go`). There is no flow control
 * but that of TCP, as in `spdystream`.
 */
export class SpdySession {
  readonly request: ApiRequest;
  readonly #world: World;
  readonly #duplex: Duplex;
  readonly #socket: Socket;
  readonly #fault: Fault | undefined;
  readonly #headers = new HeaderReader();
  readonly #pairs = new Map<string, Pair>();
  readonly #byStream = new Map<number, Pair>();
  #replied = false;

  constructor(world: World, request: ApiRequest, duplex: Duplex, socket: Socket, fault: Fault | undefined) {
    this.request = request;
    this.#world = world;
    this.#duplex = duplex;
    this.#socket = socket;
    this.#fault = fault;
    duplex.on("error", () => {});
    world.running.add(this);
    duplex.on("close", () => this.#over());
    if (fault?.do === "close" || fault?.do === "reset" || fault?.do === "stalled") this.hit(fault);
    void this.#run();
  }

  /** Triggers the fault now. */
  hit(fault: Fault): void {
    switch (fault.do) {
      case "reset":
        reset(this.#socket);
        return;
      case "close":
      case "truncated":
      case "pod-killed":
        this.#socket.destroySoon();
        return;
      case "stalled":
        for (const pair of this.#pairs.values()) pair.connection?.silence();
        return;
      case "error-text":
        for (const pair of [...this.#pairs.values()]) this.#fail(pair, fault.text);
        return;
      default:
    }
  }

  async #run(): Promise<void> {
    try {
      for await (const frame of readFrames(this.#duplex)) {
        await this.#receive(frame);
        if (this.#fault?.do === "stalled-reader" && this.#byStream.size >= 2) return;
      }
    } catch {
      // Malformed or broken off: the session ends below.
    }
    this.#duplex.destroy();
  }

  async #receive(frame: Frame): Promise<void> {
    switch (frame.kind) {
      case "syn-stream":
        return this.#open(frame.stream, await this.#headers.read(frame.headers));
      case "data":
        return this.#data(frame.stream, frame.bytes, frame.last);
      case "reset":
        this.#byStream.get(frame.stream)?.connection?.destroy();
        return;
      case "ping":
        this.#duplex.write(frame.bytes);
        return;
      default:
    }
  }

  #open(stream: number, headers: ReadonlyMap<string, string>): void {
    const id = headers.get("requestid") ?? "";
    const pair = this.#pairs.get(id) ?? {
      port: Number(headers.get("port")),
      error: undefined,
      data: undefined,
      connection: undefined,
    };
    this.#pairs.set(id, pair);
    this.#byStream.set(stream, pair);
    if (headers.get("streamtype") === "error") pair.error = stream;
    else pair.data = stream;
    this.#duplex.write(synReply(stream, this.#replied ? NEXT_EMPTY_BLOCK : FIRST_EMPTY_BLOCK));
    this.#replied = true;
    if (pair.error !== undefined && pair.data !== undefined) pair.connection = this.#connect(pair, pair.data);
  }

  #connect(pair: Pair, stream: number): PodConnection {
    const { target } = this.request;
    return new PodConnection({
      address: this.#world.pods.find(target?.namespace ?? "", target?.name ?? "", pair.port),
      port: pair.port,
      pod: target?.name ?? "",
      fault: this.#fault ?? this.#world.faults.take(this.request),
      data: (bytes, sent) => this.#duplex.write(dataFrame(stream, bytes, "more"), () => sent()),
      fail: (text) => this.#fail(pair, text),
      end: () => this.#end(pair),
      vanish: () => this.#socket.destroySoon(),
    });
  }

  async #data(stream: number, bytes: Buffer, last: boolean): Promise<void> {
    const pair = this.#byStream.get(stream);
    if (pair?.data !== stream || pair.connection === undefined) return;
    const { connection } = pair;
    if (bytes.length > 0 && !connection.write(bytes)) {
      await new Promise<void>((resolve) => connection.drained(resolve));
    }
    if (last) connection.finish();
  }

  #fail(pair: Pair, text: string): void {
    if (pair.error !== undefined) this.#duplex.write(dataFrame(pair.error, Buffer.from(text), "more"));
    this.#end(pair);
  }

  #end(pair: Pair): void {
    for (const stream of [pair.data, pair.error]) {
      if (stream === undefined) continue;
      this.#byStream.delete(stream);
      this.#duplex.write(dataFrame(stream, Buffer.alloc(0), "last"));
    }
    for (const [id, one] of this.#pairs) if (one === pair) this.#pairs.delete(id);
  }

  #over(): void {
    this.#world.running.delete(this);
    this.#headers.close();
    for (const pair of this.#pairs.values()) pair.connection?.destroy();
  }
}
