import type { Plane, SpokenBy } from "../../../model/plane.ts";
import { latin1 } from "../../exchange/header-lines.ts";

/** The remaining headers, names and values alternating, and their announced length (-1: none). */
export interface ResponseHeaders {
  readonly kept: string[];
  readonly length: number;
}

/** Headers as the backend sent them, one char per byte. Order, case and duplicates stay. */
export function responseHeaders(
  { hidden: hiddenBy }: Plane,
  raw: readonly (Buffer | string)[],
  by: SpokenBy = "proxy",
): ResponseHeaders {
  const hidden = hiddenBy[by];
  const kept: string[] = [];
  let length = -1;
  let isTyped = false;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = latin1(raw[i]);
    const lower = name.toLowerCase();
    if (hidden.has(lower)) continue;
    const value = latin1(raw[i + 1]);
    if (lower === "content-length") {
      length = Number(value);
      // nginx writes the number, so it has no zeros before it.
      kept.push("Content-Length", value.startsWith("0") ? value.replace(/^0+(?=\d)/, "") : value);
    } else if (lower !== "content-type") kept.push(name, value);
    else if (!isTyped && value !== "") {
      // nginx has one (ngx_http_upstream_copy_content_type); since 1.23 it is the first.
      isTyped = true;
      kept.push(name, value);
    }
  }
  return { kept, length };
}
