/** Maps keys to names. A key keeps its name; most keys keep it when names come or go. */
export interface Ring {
  find(key: string): string | undefined;
}

const POINTS_PER_NAME = 160;

/** zlib is loaded with the first ring: few backends have one. */
function crc32(data: Buffer, before?: number): number {
  return process.getBuiltinModule("node:zlib").crc32(data, before);
}

/**
 * Consistent hashing as in lua-resty-balancer (lib/resty/chash.lua, chash.c). A name has 160 points, each the CRC-32 of
 * the name and of the point before. A key is at the last point that is not above its CRC-32, else at the first.
 *
 * Names and keys have one character per byte. The controller's names are `ADDRESS:PORT` of pods: with equal names a
 * key's name agrees with its.
 */
export function createRing(names: readonly string[]): Ring {
  const points = names.flatMap((name) => pointsOf(name)).sort((a, b) => a.hash - b.hash);
  return {
    find: (key) => {
      const hash = crc32(Buffer.from(key, "latin1"));
      let low = 0;
      let high = points.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((points[middle]?.hash ?? 0) <= hash) low = middle + 1;
        else high = middle;
      }
      return points[Math.max(0, low - 1)]?.name;
    },
  };
}

interface Point {
  readonly hash: number;
  readonly name: string;
}

function pointsOf(name: string): Point[] {
  const base = crc32(Buffer.from(name, "latin1"));
  const previous = Buffer.alloc(4);
  return Array.from({ length: POINTS_PER_NAME }, () => {
    // chash.c continues from the CRC's final value as if it were an intermediate one; zlib would invert it first.
    const hash = crc32(previous, ~base >>> 0);
    previous.writeUInt32LE(hash);
    return { hash, name };
  });
}
