import type { HeaderLine } from "../model/decision.ts";

/** What a request has beside scheme, host and path. */
export interface Variation {
  /** `with Origin https://shop.test`. `""`: a plain GET */
  readonly shows: string;
  readonly method?: string | undefined;
  readonly headers?: readonly HeaderLine[] | undefined;
  /** `name=value` */
  readonly cookies?: readonly string[] | undefined;
  /** Without `?`. */
  readonly query?: string | undefined;
  /** unit: bytes */
  readonly bodySize?: number | undefined;
  readonly client?: string | undefined;
  readonly chance?: number | undefined;
  /** `Host` names a port too. */
  readonly port?: true | undefined;
}

export const PLAIN_GET: Variation = { shows: "" };

/** Both; of the same header the second's. */
export function combined(first: Variation, second: Variation): Variation {
  if (first === PLAIN_GET) return second;
  if (second === PLAIN_GET) return first;
  const replaced = new Set(second.headers?.map(([name]) => name.toLowerCase()));
  const kept = first.headers?.filter(([name]) => !replaced.has(name.toLowerCase()));
  return {
    shows: [first.shows, second.shows].filter((text) => text !== "").join(", "),
    method: second.method ?? first.method,
    headers: joined(kept, second.headers),
    cookies: joined(first.cookies, second.cookies),
    query: joined(listOf(first.query), listOf(second.query))?.join("&"),
    bodySize: second.bodySize ?? first.bodySize,
    client: second.client ?? first.client,
    chance: second.chance ?? first.chance,
    port: second.port ?? first.port,
  };
}

function listOf<T>(value: T | undefined): readonly T[] | undefined {
  return value === undefined ? undefined : [value];
}

function joined<T>(
  first: readonly T[] | undefined,
  second: readonly T[] | undefined,
): readonly T[] | undefined {
  return first === undefined || second === undefined ? (first ?? second) : [...first, ...second];
}

/** Something that routes ask of a request, with the values that make a difference. */
export interface Asked {
  /**
   * "crossed": the value matters together with those of other asks. "alone": it is enough to ask each value by itself.
   */
  readonly mode: "crossed" | "alone";
  /** Without the plain request. */
  readonly values: readonly Variation[];
  /** The value that gets past refusals. default: the plain request does */
  readonly admitted?: Variation | undefined;
}

/** Requests of one pair of routes. */
const MOST_CROSSED = 128;

/** All that is asked, and whether nothing was left out for being too much. */
export function variationsOf(asks: readonly Asked[]): {
  readonly all: readonly Variation[];
  readonly whole: boolean;
} {
  const crossed = asks.filter(({ mode }) => mode === "crossed");
  const admitted = crossed.reduce((known, ask) => combined(known, ask.admitted ?? PLAIN_GET), PLAIN_GET);
  const alone = asks
    .filter(({ mode }) => mode === "alone")
    .flatMap(({ values }) => values.map((value) => combined(admitted, value)));
  const count = crossed.reduce((product, { values }) => product * (values.length + 1), 1);
  const whole = count <= MOST_CROSSED;
  const products = whole ? everyCombination(crossed) : eachByItself(crossed);
  return { all: [...products, ...alone], whole };
}

function everyCombination(asks: readonly Asked[]): readonly Variation[] {
  return asks.reduce<readonly Variation[]>(
    (known, { values }) => known.flatMap((one) => [one, ...values.map((value) => combined(one, value))]),
    [PLAIN_GET],
  );
}

/** Each value, while the others let the request in. */
function eachByItself(asks: readonly Asked[]): readonly Variation[] {
  return [
    PLAIN_GET,
    ...asks.flatMap((ask) => {
      const others = asks.filter((other) => other !== ask);
      const admitted = others.reduce(
        (known, other) => combined(known, other.admitted ?? PLAIN_GET),
        PLAIN_GET,
      );
      return [admitted, ...ask.values.map((value) => combined(admitted, value))];
    }),
  ];
}
