import type { HeaderLine, Scheme } from "../model/decision.ts";
import type { Plane } from "../model/plane.ts";
import type { RouteTable } from "../model/route.ts";

/** Hosts that a client may name; a port in `Host` shows in what Services are told. */
const ASKED: readonly { readonly host: string; readonly scheme: Scheme; readonly shows: string }[] = [
  { host: "shop.example", scheme: "http", shows: "" },
  { host: "shop.example", scheme: "https", shows: " by https" },
  { host: "shop.example:8080", scheme: "http", shows: " where Host is shop.example:8080" },
];

/** What is otherwise for every request, whatever its rule: a sentence each. No single request is named for it. */
export function differsEverywhere([first, second]: readonly [RouteTable, RouteTable]): readonly string[] {
  const planes = [first.plane, second.plane] as const;
  return [...onward(planes), ...pages(planes), ...answers(planes)];
}

type Planes = readonly [Plane, Plane];

/** Headers that the planes themselves send to Services. */
function onward(planes: Planes): readonly string[] {
  const sentences: string[] = [];
  const told = new Set<string>();
  for (const { host, scheme, shows } of ASKED) {
    const [before, after] = planes.map((plane) => sentBy(plane, host, scheme)) as [Sent, Sent];
    const gone = namesBut(before, after, told);
    const made = namesBut(after, before, told);
    if (gone.length > 0) sentences.push(`Services are no longer sent ${gone.join(", ")}${shows}.`);
    if (made.length > 0) sentences.push(`Services are newly sent ${made.join(", ")}${shows}.`);
    for (const [key, [name, value]] of before) {
      const now = after.get(key)?.[1];
      if (now === undefined || now === value || told.has(key)) continue;
      told.add(key);
      sentences.push(`Services are sent ${name}: ${now} in place of ${value}${shows}.`);
    }
  }
  return sentences;
}

/** By lower-case name. */
type Sent = ReadonlyMap<string, HeaderLine>;

/** Who asks, and by what id, is the same for both. */
function sentBy(plane: Plane, host: string, scheme: Scheme): Sent {
  const read = plane.readHeaders(["Host", host]);
  const lines = plane.requestHeaders(
    read,
    {
      ...{ host, scheme, method: "GET", exact: true, requestId: "…" },
      remoteAddress: "203.0.113.9",
      port: scheme === "https" ? "443" : "80",
    },
    "",
  );
  const sent = new Map<string, HeaderLine>();
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const name = lines[at] ?? "";
    sent.set(name.toLowerCase(), [name, lines[at + 1] ?? ""]);
  }
  return sent;
}

/** `told`: gets them as well */
function namesBut(sent: Sent, others: Sent, told: Set<string>): readonly string[] {
  const missing = [...sent].filter(([key]) => !others.has(key) && !told.has(key));
  for (const [key] of missing) told.add(key);
  return missing.map(([, [name]]) => name);
}

/** Bodies of the planes' own answers. */
function pages(planes: Planes): readonly string[] {
  const [before, after] = planes.map((plane) => plane.answer({ status: 404 })) as [Page, Page];
  return before.body === after.body && before.contentType === after.contentType
    ? []
    : [`Own answers have another page: ${pageInWords(after)} in place of ${pageInWords(before)} for a 404.`];
}

type Page = ReturnType<Plane["answer"]>;

/** A page of HTML by its type alone. */
function pageInWords({ body, contentType }: Page): string {
  const type = contentType === "" ? "no type" : contentType;
  if (body === "") return "none";
  return body.includes("<") ? type : `"${body.trim()}" (${type})`;
}

/** Headers of every answer. */
function answers([before, after]: Planes): readonly string[] {
  const [was, is] = [before, after].map(({ everywhere = [] }) => everywhere.map((line) => line.join(": ")));
  return was?.join() === is?.join()
    ? []
    : [`Every answer has ${is?.join(", ") || "none"} in place of ${was?.join(", ") || "none"}.`];
}
