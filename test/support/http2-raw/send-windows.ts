import { FLAG, FRAME, type Frame, SETTING } from "./frames.ts";

/** How much the server lets its client send (RFC 9113 section 6.9). unit: bytes */
export class SendWindows {
  #connection = 65_535;
  #initial = 65_535;
  /** Of streams, beside the initial one. */
  readonly #more = new Map<number, number>();

  /** Reads what the server gives. */
  take({ type, flags, stream, payload }: Frame): void {
    if (type === FRAME.windowUpdate) {
      const by = payload.readUInt32BE(0);
      if (stream === 0) this.#connection += by;
      else this.#more.set(stream, (this.#more.get(stream) ?? 0) + by);
    }
    if (type !== FRAME.settings || flags === FLAG.ack) return;
    for (let at = 0; at < payload.length; at += 6)
      if (payload.readUInt16BE(at) === SETTING.initialWindowSize)
        this.#initial = payload.readUInt32BE(at + 2);
  }

  room(stream: number): number {
    return Math.min(this.#connection, this.#initial + (this.#more.get(stream) ?? 0));
  }

  spend(stream: number, bytes: number): void {
    this.#connection -= bytes;
    this.#more.set(stream, (this.#more.get(stream) ?? 0) - bytes);
  }
}
