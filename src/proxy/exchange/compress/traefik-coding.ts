import type { RouteCompression } from "../../../model/client-options/compression.ts";
import type { Coding, CompressionResponse } from "./coding.ts";

/** The codings of bodies here, as `Accept-Encoding` calls them. */
type Spoken = RouteCompression["encodings"][number];

const LEVEL = 6;

/**
 * What the middleware `compress` does with a response. It says `Vary` of all that a client with such an `Accept-Encoding` could
 * get compressed, and nothing to others.
 *
 * Source: pkg/middlewares/compress, klauspost/compress/gzhttp
 */
export function traefikCodingOf(
  { encodings, usual, minLength, included, excluded }: RouteCompression,
  { method, acceptEncoding }: { readonly method: string; readonly acceptEncoding: string | undefined },
  { contentType = "", contentEncoding = "", length }: CompressionResponse,
): Coding {
  if (method === "HEAD") return undefined;
  if (acceptEncoding === undefined) return usual === undefined ? undefined : { kind: "identity" };
  const chosen = chosenAmong(encodings, usual, acceptEncoding);
  if (chosen === undefined) return undefined;
  const type = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const isOfType = included.length > 0 ? included.includes(type) : !excluded.includes(type);
  const isLong = length === -1 || length >= minLength;
  if (contentEncoding !== "" || !isOfType || !isLong) return { kind: "identity" };
  const spoken = chosen === "zstd" ? insteadOfZstd(encodings, usual, acceptEncoding) : chosen;
  return spoken === undefined ? { kind: "identity" } : { kind: spoken, level: LEVEL };
}

/** What the client likes next: Node.js 20 has no zstd. */
function insteadOfZstd(
  encodings: readonly Spoken[],
  usual: Spoken | undefined,
  header: string,
): "gzip" | "br" | undefined {
  const others = encodings.filter((each) => each !== "zstd");
  const next = chosenAmong(others, usual === "zstd" ? undefined : usual, header);
  return next === "zstd" ? undefined : next;
}

/** The one that the client likes best; of equal ones the first in the list. `*` is the usual one. */
function chosenAmong(
  encodings: readonly Spoken[],
  usual: Spoken | undefined,
  header: string,
): Spoken | undefined {
  let best: { readonly name: Spoken; readonly weight: number; readonly at: number } | undefined;
  for (const part of header.split(",")) {
    const [word = "", ...parameters] = part.split(";").map((each) => each.trim());
    const name =
      word === "*" ? (usual ?? encodings[0]) : encodings.find((each) => each === word.toLowerCase());
    const weight = Number(/^q=(.*)$/i.exec(parameters[0] ?? "")?.[1] ?? 1);
    if (name === undefined || !(weight > 0)) continue;
    const at = encodings.indexOf(name);
    if (best === undefined || weight > best.weight || (weight === best.weight && at < best.at))
      best = { name, weight, at };
  }
  return best?.name;
}
