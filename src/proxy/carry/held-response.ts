import { InvalidHeader } from "../connect/upstream-fault.ts";
import { firstOf } from "../exchange/header-lines.ts";
import type { BackendHead } from "./carrier.ts";

/** A response without a length, which is kept until all of it is known to be short enough. */
export class HeldResponse {
  readonly head: BackendHead;
  readonly chunks: Buffer[] = [];
  /** unit: bytes */
  readonly #most: number;
  #length = 0;

  constructor(head: BackendHead, most: number) {
    this.head = head;
    this.#most = most;
  }

  /** @throws for more than the route passes on */
  add(chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length > this.#most) throw tooLong(`more than ${this.#most} bytes`, this.#most);
    this.chunks.push(chunk);
  }
}

/**
 * What a route passes on of a response: all of one with a short enough length. `undefined`: it goes on as it comes.
 * @throws for one that is longer
 */
export function heldResponse(head: BackendHead, most: number | undefined): HeldResponse | undefined {
  if (most === undefined) return undefined;
  const length = firstOf(head.raw, "content-length");
  if (length === undefined) return head.bare === true ? undefined : new HeldResponse(head, most);
  if (Number(length) > most) throw tooLong(`${length} bytes`, most);
  return undefined;
}

function tooLong(length: string, most: number): InvalidHeader {
  return new InvalidHeader(`the response has ${length}, where the route passes on ${most}`);
}
