/** The tables of DES (FIPS PUB 46-3), with bit numbers from 1. */

/** The final permutation of a block. */
export const FINAL = Array.from(
  { length: 64 },
  (_, at) => (at % 2 === 0 ? 40 : 8) + 8 * ((at % 8) >> 1) - (at >> 3),
);
/** A half block's 32 bits as 48. */
export const EXPANSION = Array.from(
  { length: 48 },
  (_, at) => ((4 * Math.floor(at / 6) + (at % 6) + 31) % 32) + 1,
);
export const PERMUTATION = numbers(
  "16 7 20 21 29 12 28 17 1 15 23 26 5 18 31 10 2 8 24 14 32 27 3 9 19 13 30 6 22 11 4 25",
);
/** The 56 effective key bits, in two halves. */
export const CHOICE_1 = numbers(
  "57 49 41 33 25 17 9 1 58 50 42 34 26 18 10 2 59 51 43 35 27 19 11 3 60 52 44 36 " +
    "63 55 47 39 31 23 15 7 62 54 46 38 30 22 14 6 61 53 45 37 29 21 13 5 28 20 12 4",
);
/** The 48 of them for a round. */
export const CHOICE_2 = numbers(
  "14 17 11 24 1 5 3 28 15 6 21 10 23 19 12 4 26 8 16 7 27 20 13 2 " +
    "41 52 31 37 47 55 30 40 51 45 33 48 44 49 39 56 34 53 46 42 50 36 29 32",
);
/** Rotation of the key halves before each round. */
export const SHIFTS = numbers("1 1 2 2 2 2 2 2 1 2 2 2 2 2 2 1");
/** Each box as four rows of sixteen. */
export const BOXES: readonly (readonly (readonly number[])[])[] = [
  "e4d12fb83a6c5907 0f74e2d1a6cb9538 41e8d62bfc973a50 fc8249175b3ea06d",
  "f18e6b34972dc05a 3d47f28ec01a69b5 0e7ba4d158c6932f d8a13f42b67c05e9",
  "a09e63f51dc7b428 d709346a285ecbf1 d6498f30b12c5ae7 1ad069874fe3b52c",
  "7de3069a1285bc4f d8b56f03472c1ae9 a690cb7df13e5284 3f06a1d8945bc72e",
  "2c417ab6853fd0e9 eb2c47d150fa3986 421bad78f9c5630e b8c71e2d6f09a453",
  "c1af92680d34e75b af427c9561de0b38 9ef528c3704a1db6 432c95fabe17608d",
  "4b2ef08d3c975a61 d0b7491ae35c2f86 14bdc37eaf680592 6bd814a7950fe23c",
  "d2846fb1a93e50c7 1fd8a374c56b0e92 7b419ce206adf358 21e74a8dfc90356b",
].map((rows) => rows.split(" ").map((row) => [...row].map((digit) => Number.parseInt(digit, 16))));

function numbers(text: string): readonly number[] {
  return text.split(" ").map(Number);
}
