import type { RouteCompression } from "../../../model/client-options/compression.ts";
import {
  type Json,
  type JsonObject,
  jsonFields,
  jsonNumber,
  jsonString,
  jsonStrings,
} from "../../../model/json.ts";
import { Lost } from "../lost.ts";
import type { Build } from "./building.ts";

const ENCODINGS: RouteCompression["encodings"] = ["gzip", "br", "zstd"];

/** unit: bytes */
const USUAL_LENGTH = 1024;

/** gRPC is never compressed (pkg/middlewares/compress, New). */
const NEVER = "application/grpc";

/** pkg/middlewares/compress */
export const buildCompress: Build = ({ spec }) => {
  const fields = jsonFields(spec);
  const lower = (name: string) => jsonStrings(fields[name]).map((each) => each.trim().toLowerCase());
  const [included, excluded] = [lower("includedContentTypes"), lower("excludedContentTypes")];
  if (included.length > 0 && excluded.length > 0)
    return new Lost(
      "excludedContentTypes and includedContentTypes are both given",
      "Remove one of the two lists.",
    );
  const encodings = encodingsOf(fields);
  if (encodings instanceof Lost) return encodings;
  const usual = ENCODINGS.find((each) => each === jsonString(fields.defaultEncoding));
  const minLength = jsonNumber(fields.minResponseBodyBytes) || USUAL_LENGTH;
  const compression: RouteCompression = {
    ...{ encodings, usual, minLength, included, excluded: [...excluded, NEVER] },
  };
  return { transport: { compression } };
};

function encodingsOf({ encodings }: JsonObject): RouteCompression["encodings"] | Lost {
  const written = jsonStrings(encodings);
  const known = written.flatMap((each) => ENCODINGS.find((name) => name === each) ?? []);
  if (known.length < written.length)
    return new Lost(`it knows not all of the encodings ${written.join(", ")}`, "Write gzip, br or zstd.");
  return known.length === 0 ? ENCODINGS : known;
}

/** What is done where `compress` would rather speak zstd, which Node.js 20 has not; `undefined`: it would not. */
export function insteadOfZstdFirst(spec: Json | undefined): string | undefined {
  const encodings = encodingsOf(jsonFields(spec));
  if (encodings instanceof Lost || encodings[0] !== "zstd") return undefined;
  const next = encodings.find((each) => each !== "zstd");
  return next === undefined
    ? "answers are sent as they are, since zstd is not done here"
    : `answers are compressed with ${next} in place of zstd, which is not done here`;
}
