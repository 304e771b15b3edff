import fc from "fast-check";
import { expect, test } from "vitest";
import { convertText } from "../../src/convert/convert.ts";
import { behaviours } from "./behaviour.ts";
import { oldManifest } from "./old-manifests.ts";

const SEED = 20_260_301;

test("300 generated manifests route, and are reported, after as before", async () => {
  let changed = 0;
  let asked = 0;
  await fc.assert(
    fc.asyncProperty(oldManifest, async ({ text, comments }) => {
      const { text: after, changes, problems } = convertText(text, "a.yaml");
      expect(problems).toEqual([]);
      changed += changes.length;
      const file = "a.yaml";
      const [old, converted] = await behaviours([{ file, text }], [{ file, text: after }]);
      expect(converted).toEqual(old);
      asked += old.outcomes.length;
      expect(commentsOf(text)).toHaveLength(comments.length);
      expect(commentsOf(after)).toEqual(commentsOf(text));
      expect(after).not.toMatch(/v1beta1|serviceName|servicePort/);
      // What is there stays: nothing is left out but the four words that are replaced.
      expect(withoutBlanks(after)).toSatisfy((whole: string) => holdsInOrder(whole, leftOver(text)));
      expect(after.includes("\r")).toBe(text.includes("\r"));
      if (text.includes("\r")) expect(after).not.toMatch(/(?<!\r)\n/);
      expect(after.startsWith("\uFEFF")).toBe(text.startsWith("\uFEFF"));
      expect(/\n$/.test(after)).toBe(/\n$/.test(text));
      const again = convertText(after, "a.yaml");
      expect(again).toMatchObject({ text: after, changes: [], problems: [] });
    }),
    { numRuns: 300, seed: SEED },
  );
  expect(changed).toBeGreaterThan(300);
  expect(asked).toBeGreaterThan(5_000);
}, 300_000);

/** Every comment of the generator has a number. */
function commentsOf(text: string): readonly string[] {
  return [...text.matchAll(/# c\d+: .*/g)].map(([found]) => found.trimEnd());
}

const withoutBlanks = (text: string) => text.replaceAll(/\s/g, "");

/** The characters that a conversion has no reason to touch. */
function leftOver(text: string): string {
  return withoutBlanks(
    text
      .replaceAll(/(?:extensions|networking\.k8s\.io)\/v1beta1|service(?:Name|Port)|\bbackend\b/g, "")
      .replaceAll(/pathType["']?:\s*(?:~|null)?/g, ""),
  );
}

/** True if the characters of `part` stand in `whole`, in their order. */
function holdsInOrder(whole: string, part: string): boolean {
  let at = 0;
  for (const char of part) {
    at = whole.indexOf(char, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
