import { StringDecoder } from "node:string_decoder";

/** Shown bytes of a request's body; the rest is counted and dropped. */
const MOST_BODY_BYTES = 65_536;

/** A complete body as it is shown. */
export interface ShownBody {
  readonly text: string;
  /** Of all of it. */
  readonly bytes: number;
}

/** Collects what is shown of a body. */
export class BodyReading {
  #decoder: StringDecoder | undefined;
  #text = "";
  #bytes = 0;

  add(chunk: Buffer): void {
    const room = MOST_BODY_BYTES - this.#bytes;
    this.#bytes += chunk.length;
    if (room <= 0) return;
    this.#decoder ??= new StringDecoder("utf8");
    this.#text += this.#decoder.write(room < chunk.length ? chunk.subarray(0, room) : chunk);
  }

  end(): ShownBody {
    // A character cut in two by the limit is left out; one cut by the client is shown as U+FFFD.
    if (this.#decoder !== undefined && this.#bytes <= MOST_BODY_BYTES) this.#text += this.#decoder.end();
    return { text: this.#text, bytes: this.#bytes };
  }
}
