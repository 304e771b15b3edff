/** Fields of an `Authorization: Digest …` header (RFC 7616 section 3.4), by lower-case name. */
export type DigestFields = ReadonlyMap<string, string>;

const FIELD = /\s*([a-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]*))\s*(?:,|$)/iy;
const NEEDED = ["username", "realm", "nonce", "uri", "response"];

/** `undefined` for another scheme or a missing field. */
export function readDigest(header: string | undefined): DigestFields | undefined {
  const text = /^digest +(.*)$/i.exec(header?.trim() ?? "")?.[1];
  if (text === undefined) return undefined;
  const fields = new Map<string, string>();
  FIELD.lastIndex = 0;
  while (FIELD.lastIndex < text.length) {
    const [, name, quoted, bare] = FIELD.exec(text) ?? [];
    if (name === undefined) return undefined;
    fields.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, "$1") ?? bare ?? "");
  }
  return NEEDED.every((name) => fields.has(name)) ? fields : undefined;
}
