import { ALPHABET } from "./alphabet.ts";
import { BOXES, CHOICE_1, CHOICE_2, EXPANSION, FINAL, PERMUTATION, SHIFTS } from "./des-tables.ts";

type Bits = readonly number[];

const ENCRYPTIONS = 25;

/**
 * The traditional crypt(3) hash: a zero block, encrypted 25 times by DES. The key is the low seven bits of
 * the first eight bytes; the two-character salt changes the expansion. Takes about 2 ms.
 */
export function desCrypt(password: Buffer, salt: string): string {
  const keys = roundKeys(password);
  const expansion = salted(salt);
  let left: Bits = Array(32).fill(0);
  let right = left;
  for (let time = 0; time < ENCRYPTIONS; time++) {
    for (const key of keys) [left, right] = [right, xor(left, scrambled(right, key, expansion))];
    // The final permutation and the next initial one cancel out.
    [left, right] = [right, left];
  }
  const bits = [...pick([...left, ...right], FINAL), 0, 0];
  const letters = Array.from({ length: 11 }, (_, at) => ALPHABET[numberOf(bits.slice(6 * at, 6 * at + 6))]);
  return salt + letters.join("");
}

function roundKeys(password: Buffer): readonly Bits[] {
  const bits = Array.from({ length: 64 }, (_, at) => (((password[at >> 3] ?? 0) << 1) >> (7 - (at % 8))) & 1);
  const halves = pick(bits, CHOICE_1);
  let first: Bits = halves.slice(0, 28);
  let second: Bits = halves.slice(28);
  return SHIFTS.map((shift) => {
    first = [...first.slice(shift), ...first.slice(0, shift)];
    second = [...second.slice(shift), ...second.slice(0, shift)];
    return pick([...first, ...second], CHOICE_2);
  });
}

/** Each set bit of the salt swaps two entries of the expansion. */
function salted(salt: string): Bits {
  const expansion = [...EXPANSION];
  for (let bit = 0; bit < 12; bit++) {
    if (((ALPHABET.indexOf(salt[bit < 6 ? 0 : 1] ?? ".") >> (bit % 6)) & 1) === 0) continue;
    [expansion[bit], expansion[bit + 24]] = [expansion[bit + 24] ?? 0, expansion[bit] ?? 0];
  }
  return expansion;
}

function scrambled(half: Bits, key: Bits, expansion: Bits): Bits {
  const mixed = xor(pick(half, expansion), key);
  const out = BOXES.flatMap((rows, box) => {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mixed.slice(6 * box, 6 * box + 6);
    const value = rows[numberOf([a, f])]?.[numberOf([b, c, d, e])] ?? 0;
    return [(value >> 3) & 1, (value >> 2) & 1, (value >> 1) & 1, value & 1];
  });
  return pick(out, PERMUTATION);
}

function pick(bits: Bits, places: Bits): Bits {
  return places.map((place) => bits[place - 1] ?? 0);
}

function xor(a: Bits, b: Bits): Bits {
  return a.map((bit, at) => bit ^ (b[at] ?? 0));
}

function numberOf(bits: Bits): number {
  return bits.reduce((value, bit) => value * 2 + bit, 0);
}
