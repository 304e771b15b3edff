import type { Difference } from "../../../diff/difference.ts";
import { headerIn, isHostLine } from "../../../request/header-line.ts";
import { bytesAsText } from "../../../request/utf8.ts";

/** Leaves a shell nothing to expand. */
const PLAIN = /^[\w/:.~%?=,@+-]+$/;

/** One word of a POSIX shell. */
function quoted(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * `GET https://shop.test/cart -H 'X-Canary: always'`: method, URL and options of curl; the same in every form. Words are
 * quoted for a shell where they need it.
 */
export function requestInWords({ request, client: who }: Pick<Difference, "request" | "client">): string {
  const { scheme, method, target, headers, bodySize, client, chance } = request;
  const host = headerIn(headers, "host") ?? "";
  const others = headers.filter((line) => !isHostLine(line));
  const words = [
    quoted(method),
    quoted(bytesAsText(`${scheme}://${host}${target}`)),
    ...(host === "" ? ["-H", "'Host:'"] : []),
    ...others.flatMap(([name, value]) => ["-H", quoted(bytesAsText(`${name}: ${value}`))]),
    ...(bodySize === undefined ? [] : ["--body-size", String(bodySize)]),
    ...(client === undefined ? [] : ["--client-address", quoted(client)]),
    // No request can ask for a share that is drawn.
    ...(chance === undefined ? [] : [`# drawn: ${chance}`]),
    ...(who === undefined ? [] : ["# of a client that is let in"]),
  ];
  return words.join(" ");
}
