/** One answer of a backend, and the request that gets it. */
export interface Answer {
  readonly name: string;
  /** Why it is in the table. */
  readonly why: string;
  readonly method: "GET" | "HEAD" | "POST";
  /** Everything that the backend sends, what follows the answer included; one char per byte. */
  readonly bytes: string;
  /** What the backend does with its connection behind the last byte. */
  readonly end: Ending;
  /** The connection to the backend has served another request before. */
  readonly connection: "fresh" | "kept";
  /** Bytes of the request's body; the backend does not read those behind its first read. default: 3 with POST */
  readonly upload?: number | undefined;
}

export type Ending = "open" | "closed" | "reset";

/** How the bytes arrive. `split`: at some places where a reader changes its state. */
export type Arrival = "at once" | "split" | "byte by byte";

/** Bytes before or behind which readers change their state. */
const TURNS = /[\r\n:; ]|\n[0-9a-fA-F]/g;

/** The most pieces of a split answer. */
const MOST_PIECES = 3;

/** The writes of an answer; `next` draws places for `split`. */
export function piecesOf(
  bytes: string,
  arrival: Arrival,
  next: (below: number) => number,
): readonly string[] {
  if (bytes === "") return [];
  if (arrival === "at once") return [bytes];
  if (arrival === "byte by byte") return [...bytes];
  const turns = [...bytes.matchAll(TURNS)].flatMap(({ index }) => [index, index + 1]);
  const cuts = new Set<number>();
  for (let count = 1 + next(MOST_PIECES - 1); count > 0; count--)
    cuts.add(turns.length === 0 ? next(bytes.length) : (turns[next(turns.length)] ?? 0));
  const places = [...cuts].filter((cut) => cut > 0 && cut < bytes.length).sort((a, b) => a - b);
  return [0, ...places].map((from, index) => bytes.slice(from, places[index]));
}
