import type { PassedBody } from "./passed-exchange.ts";

/** Types whose bodies are text, whatever their bytes. */
const TEXT =
  /^(?:text\/|application\/(?:[\w.+-]*(?:json|xml|javascript)|x-www-form-urlencoded|graphql)|multipart\/)/i;

/** `postData`; `undefined` without a body. HAR has no encoding there, so ours is `_encoding`. */
export function postDataOf({ bytes, size }: PassedBody, type: string | undefined) {
  if (size === 0) return undefined;
  const { text, encoding } = written(bytes, type, size);
  const comment = bytes.length < size ? `the first ${bytes.length} of ${size} bytes` : undefined;
  return { mimeType: type ?? "application/octet-stream", params: [], text, _encoding: encoding, comment };
}

interface ContentFacts {
  readonly type: string | undefined;
  readonly coding: string | undefined;
  /** Masks secrets of the request, which an echo repeats. */
  readonly masked: (text: string) => string;
}

/** `content`: without its coding, as browsers show it. */
export function contentOf(
  { bytes, size }: PassedBody,
  decoded: Buffer | undefined,
  { type = "", coding, masked }: ContentFacts,
) {
  const isCoded = coding !== undefined && coding !== "" && coding !== "identity" && decoded === undefined;
  const shown = decoded ?? bytes;
  const whole = decoded === undefined ? size : decoded.length;
  // What is still coded is no text.
  const { text, encoding } = written(shown, isCoded ? undefined : type, isCoded ? -1 : whole);
  const safe = encoding === undefined ? masked(text) : text;
  const cut = shown.length < whole ? `the first ${shown.length} of ${whole} bytes` : undefined;
  const comment = isCoded && size > 0 ? [cut, `coded by ${coding}`].filter(Boolean).join(", ") : cut;
  return {
    size: whole,
    compression: decoded === undefined ? undefined : decoded.length - size,
    mimeType: type === "" ? "x-unknown" : type,
    ...(whole === 0 ? {} : { text: safe, encoding }),
    comment,
  };
}

/** As text if it is UTF-8, else in base64. `size`: of the whole body; a text may be cut within a character */
function written(
  bytes: Buffer,
  type: string | undefined,
  size: number,
): { readonly text: string; readonly encoding?: "base64" | undefined } {
  const isCut = size >= 0 && bytes.length < size;
  const whole = isCut ? bytes.subarray(0, bytes.length - unfinished(bytes)) : bytes;
  const text = whole.toString("utf8");
  const isText = (type !== undefined && TEXT.test(type)) || !/[\0-\x08\x0e-\x1f]/.test(text);
  if (isText && size >= 0 && !text.includes("\ufffd")) return { text };
  return { text: bytes.toString("base64"), encoding: "base64" };
}

/** Bytes at the end that are the beginning of a character. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}
