import type { Annotations } from "../annotations.ts";
import { PREFIX } from "../prefix.ts";

/**
 * `annotation-value-word-blocklist`: an Ingress is not served where one of its annotations holds one of these words
 * (store.go, checkBadAnnotationValue). They are parted by commas alone, so a blank before a word belongs to it, and the
 * empty word behind a trailing comma is in every value.
 */
export function refuseBlockedWords(annotations: Annotations, words: readonly string[]): void {
  if (words.length === 0) return;
  for (const [name, value] of annotations.entries()) {
    if (!name.startsWith(PREFIX)) continue;
    const word = words.find((one) => value.includes(one));
    if (word === undefined) continue;
    const webhook = `${name} annotation contains invalid word ${word}`;
    const fix = `Write it without "${word}"; annotation-value-word-blocklist of the controller's ConfigMap forbids it.`;
    annotations.refuse(name, webhook, fix, webhook);
  }
}

/** The words of the option, as the controller parts them. */
export function blockedWords(text: string | undefined): readonly string[] {
  return text === undefined || text === "" ? [] : text.trim().split(",");
}
