import { connect, type Socket } from "node:net";
import type { Fault } from "../fault.ts";
import type { Address } from "./served-pods.ts";

/** Target and callbacks of a connection to a pod's port. */
export interface PodConnectionOptions {
  readonly address: Address | undefined;
  readonly port: number;
  readonly pod: string;
  readonly fault: Fault | undefined;
  /** Data for the client; `sent` is called when it has gone out. */
  readonly data: (bytes: Buffer, sent: () => void) => void;
  /** A failure in words, which is the end as well. */
  readonly fail: (text: string) => void;
  /** The pod has closed its side. */
  readonly end: () => void;
  /** The pod vanished. */
  readonly vanish: () => void;
}

const FLOOD_CHUNK = Buffer.alloc(64 * 1024, "flood ");

/** One TCP connection to what stands for a pod's port, with the faults of a port-forward. */
export class PodConnection {
  readonly #options: PodConnectionOptions;
  readonly #socket: Socket | undefined;
  #sent = 0;
  #silent = false;
  #over = false;

  constructor(options: PodConnectionOptions) {
    this.#options = options;
    const { address, fault } = options;
    if (this.#due() && fault?.do !== "stalled-writer") return;
    if (fault?.do === "flood") {
      this.#flood(fault.bytes);
      return;
    }
    if (address === undefined) {
      this.#fail();
      return;
    }
    this.#socket = connect({ host: address.host, port: address.port, allowHalfOpen: true });
    this.#socket.setNoDelay(true);
    this.#socket.on("data", (bytes) => this.#receive(bytes));
    this.#socket.on("end", () => this.#end());
    this.#socket.on("error", () => this.#fail());
  }

  /** Data from the client; `false`: wait for `drained`. */
  write(bytes: Buffer): boolean {
    return this.#socket === undefined || this.#socket.destroyed || this.#socket.write(bytes);
  }

  drained(then: () => void): void {
    this.#socket?.once("drain", then);
    this.#socket?.once("close", then);
  }

  /** The client sends no more. */
  finish(): void {
    this.#socket?.end();
  }

  /** Ends the callbacks; the connection stays. */
  silence(): void {
    this.#silent = true;
    this.#socket?.pause();
  }

  destroy(): void {
    this.#over = true;
    this.#socket?.destroy();
  }

  #receive(bytes: Buffer): void {
    if (this.#silent || this.#over) return;
    const limit = this.#limit();
    const left = limit === undefined ? bytes.length : Math.max(0, limit - this.#sent);
    const now = bytes.subarray(0, left);
    this.#sent += now.length;
    if (now.length > 0) {
      this.#socket?.pause();
      this.#options.data(now, () => {
        if (!this.#silent) this.#socket?.resume();
      });
    }
    this.#due();
  }

  #limit(): number | undefined {
    const { fault } = this.#options;
    if (fault === undefined || !("afterBytes" in fault) || fault.afterBytes === undefined) {
      return fault !== undefined && ENDING.includes(fault.do) ? 0 : undefined;
    }
    return fault.afterBytes;
  }

  /** Triggers a due fault; true if there was one. */
  #due(): boolean {
    const { fault } = this.#options;
    const limit = this.#limit();
    if (this.#over || fault === undefined || limit === undefined || this.#sent < limit) return false;
    if (fault.do === "stalled-writer") {
      this.silence();
      return true;
    }
    this.#over = true;
    this.#socket?.destroy();
    // After the constructor, so that its caller knows the connection.
    queueMicrotask(() => {
      if (fault.do === "error-text") this.#options.fail(fault.text);
      else if (fault.do === "data-closes-early") this.#options.end();
      else this.#options.vanish();
    });
    return true;
  }

  #flood(bytes: number): void {
    if (this.#over) return;
    if (bytes <= 0) {
      this.#options.end();
      return;
    }
    const chunk = FLOOD_CHUNK.subarray(0, Math.min(bytes, FLOOD_CHUNK.length));
    this.#options.data(chunk, () => setImmediate(() => this.#flood(bytes - chunk.length)));
  }

  #end(): void {
    if (this.#over || this.#silent) return;
    this.#over = true;
    this.#socket?.end();
    this.#options.end();
  }

  /** In containerd's words. */
  #fail(): void {
    if (this.#over) return;
    this.#over = true;
    const { port, pod } = this.#options;
    const text = `error forwarding port ${port} to pod ${pod}, uid : failed to execute portforward in network namespace "/var/run/netns/cni-0": failed to connect to localhost:${port} inside namespace "${pod}", IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused IPv6 dial tcp6: address localhost: no suitable address found`;
    queueMicrotask(() => this.#options.fail(text));
  }
}

const ENDING: readonly Fault["do"][] = ["error-text", "pod-killed", "data-closes-early", "stalled-writer"];
