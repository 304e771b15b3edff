import type { RouteCompression } from "../../../model/client-options/compression.ts";
import { jsonFields, jsonNumber, jsonString, jsonStrings } from "../../../model/json.ts";
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
  const written = jsonStrings(fields.encodings);
  const encodings = written.flatMap((each) => ENCODINGS.find((known) => known === each) ?? []);
  if (encodings.length < written.length)
    return new Lost(`it knows not all of the encodings ${written.join(", ")}`, "Write gzip, br or zstd.");
  const usual = ENCODINGS.find((each) => each === jsonString(fields.defaultEncoding));
  const minLength = jsonNumber(fields.minResponseBodyBytes) || USUAL_LENGTH;
  const compression: RouteCompression = {
    encodings: encodings.length === 0 ? ENCODINGS : encodings,
    ...{ usual, minLength, included, excluded: [...excluded, NEVER] },
  };
  return { transport: { compression } };
};
