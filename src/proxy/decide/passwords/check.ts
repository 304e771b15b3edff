import { createHmac } from "node:crypto";

/** Compares a password with a hash; both one char per byte. */
export type PasswordCheck = (hash: string, password: string) => Promise<boolean>;

const KEPT_MS = 60_000;
/** Limit of remembered passwords. */
export const MOST_KEPT = 1024;

/**
 * Remembers a correct password for a minute: a page with fifty pictures costs one check, and parallel
 * requests wait for the same one.
 * @param clock monotonic ms
 * @param key random; passwords are kept as digests made with it
 */
export function remembering(work: PasswordCheck, clock: () => number, key: Buffer): PasswordCheck {
  const right = new Map<string, number>();
  const asked = new Map<string, Promise<boolean>>();
  const digestOf = (hash: string, password: string) =>
    createHmac("sha256", key).update(`${hash}\n${password}`, "latin1").digest("base64");
  const remember = (digest: string) => {
    const [oldest] = right.keys();
    if (right.size >= MOST_KEPT && oldest !== undefined) right.delete(oldest);
    right.set(digest, clock() + KEPT_MS);
  };
  return (hash, password) => {
    const digest = digestOf(hash, password);
    if ((right.get(digest) ?? 0) > clock()) return Promise.resolve(true);
    right.delete(digest);
    const before = asked.get(digest);
    if (before !== undefined) return before;
    const answer = work(hash, password)
      .then((is) => {
        if (is) remember(digest);
        return is;
      })
      .finally(() => asked.delete(digest));
    asked.set(digest, answer);
    return answer;
  };
}
