import { PREFIX } from "../../nginx-annotations/prefix.ts";
import type { Annotations } from "../annotations.ts";

/**
 * `annotation-value-word-blocklist`: an Ingress with one of these words in an annotation is not served
 * (store.go, checkBadAnnotationValue). Only commas separate words, so a leading blank belongs to a word, and
 * a trailing comma adds the empty word, which every value contains.
 */
export function refuseBlockedWords(annotations: Annotations, words: readonly string[]): void {
  if (words.length === 0) return;
  for (const [name, value] of annotations.written) {
    if (!name.startsWith(PREFIX)) continue;
    const word = words.find((blocked) => value.includes(blocked));
    if (word === undefined) continue;
    const webhook = `${name} annotation contains invalid word ${word}`;
    const fix = `Write it without "${word}"; annotation-value-word-blocklist of the controller's ConfigMap forbids it.`;
    annotations.report.refuse(name, webhook, fix, webhook);
  }
}

export function blockedWords(text: string | undefined): readonly string[] {
  return text === undefined || text === "" ? [] : text.trim().split(",");
}
