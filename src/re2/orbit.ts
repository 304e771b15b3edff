/**
 * Code points that are one where case does not count, and that JavaScript's own lower and upper case do not find: Go's
 * unicode.SimpleFold of Unicode 15. `ı` is no `i`.
 */
const IRREGULAR =
  "Kk\u212a|Ss\u017f|\u00b5\u039c\u03bc|\u00c5\u00e5\u212b|\u00df\u1e9e|\u01c4\u01c5\u01c6|\u01c7\u01c8\u01c9|" +
  "\u01ca\u01cb\u01cc|\u01f1\u01f2\u01f3|\u0131|\u0345\u0399\u03b9\u1fbe|\u0392\u03b2\u03d0|\u0395\u03b5\u03f5|" +
  "\u0398\u03b8\u03d1\u03f4|\u039a\u03ba\u03f0|\u03a0\u03c0\u03d6|\u03a1\u03c1\u03f1|\u03a3\u03c2\u03c3|" +
  "\u03a6\u03c6\u03d5|\u03a9\u03c9\u2126|\u0412\u0432\u1c80|\u0414\u0434\u1c81|\u041e\u043e\u1c82|" +
  "\u0421\u0441\u1c83|\u0422\u0442\u1c84\u1c85|\u042a\u044a\u1c86|\u0462\u0463\u1c87|\u1c88\ua64a\ua64b|" +
  "\u1e60\u1e61\u1e9b|\u1fb3\u1fbc|\u1fc3\u1fcc|\u1ff3\u1ffc";

/** Greek letters with iota subscript: a small one and the capital eight further on. */
const WITH_IOTA = [0x1f80, 0x1f90, 0x1fa0];

/** Made at the first letter beyond ASCII. */
let irregular: ReadonlyMap<number, readonly number[]> | undefined;

function irregularOrbits(): ReadonlyMap<number, readonly number[]> {
  const groups = IRREGULAR.split("|").map((group) => [...group].map((char) => char.charCodeAt(0)));
  const pairs = WITH_IOTA.flatMap((first) =>
    Array.from({ length: 8 }, (_, at) => [first + at, first + at + 8]),
  );
  return new Map([...groups, ...pairs].flatMap((orbit) => orbit.map((member) => [member, orbit] as const)));
}

const [KELVIN, LONG_S] = [0x212a, 0x17f];

/** A code point and those that equal it in another case. */
export function orbit(rune: number): readonly number[] {
  if (rune < 128) return asciiOrbit(rune);
  irregular ??= irregularOrbits();
  return irregular.get(rune) ?? regular(rune);
}

function asciiOrbit(rune: number): readonly number[] {
  const small = rune | 0x20;
  if (small < 0x61 || small > 0x7a) return [rune];
  const both = [rune, rune ^ 0x20];
  return small === 0x6b ? [...both, KELVIN] : small === 0x73 ? [...both, LONG_S] : both;
}

function regular(rune: number): readonly number[] {
  const char = String.fromCodePoint(rune);
  const members = [rune];
  for (const other of [char.toLowerCase(), char.toUpperCase()]) {
    const point = other.codePointAt(0) ?? rune;
    if (point !== rune && String.fromCodePoint(point) === other) members.push(point);
  }
  return members;
}
