/** A field: its kind, and whether it may be left out. */
type Kind = "string" | "number" | "boolean" | "time" | Shape | readonly [Shape];
interface Shape {
  readonly [field: string]: Kind | { readonly optional: Kind };
}

const NAMED: Shape = { name: "string", value: "string", comment: { optional: "string" } };
const COOKIE: Shape = {
  ...NAMED,
  path: { optional: "string" },
  domain: { optional: "string" },
  expires: { optional: "time" },
  httpOnly: { optional: "boolean" },
  secure: { optional: "boolean" },
};
const MESSAGE: Shape = {
  httpVersion: "string",
  cookies: [COOKIE],
  headers: [NAMED],
  headersSize: "number",
  bodySize: "number",
  comment: { optional: "string" },
};

/** HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/ */
const HAR: Shape = {
  log: {
    version: "string",
    creator: { name: "string", version: "string", comment: { optional: "string" } },
    browser: { optional: { name: "string", version: "string" } },
    pages: { optional: [{ startedDateTime: "time", id: "string", title: "string", pageTimings: {} }] },
    comment: { optional: "string" },
    entries: [
      {
        pageref: { optional: "string" },
        startedDateTime: "time",
        time: "number",
        request: {
          ...MESSAGE,
          method: "string",
          url: "string",
          queryString: [NAMED],
          postData: {
            optional: {
              mimeType: "string",
              params: [{ name: "string", value: { optional: "string" } }],
              text: "string",
              comment: { optional: "string" },
            },
          },
        },
        response: {
          ...MESSAGE,
          status: "number",
          statusText: "string",
          content: {
            size: "number",
            compression: { optional: "number" },
            mimeType: "string",
            text: { optional: "string" },
            encoding: { optional: "string" },
            comment: { optional: "string" },
          },
          redirectURL: "string",
        },
        cache: {},
        timings: { send: "number", wait: "number", receive: "number" },
        serverIPAddress: { optional: "string" },
        connection: { optional: "string" },
        comment: { optional: "string" },
      },
    ],
  },
};

/** What of a value is not as HAR 1.2 has it; fields with `_` are free. */
export function harFaults(value: unknown): readonly string[] {
  return faultsOf(value, HAR, "har");
}

function faultsOf(value: unknown, kind: Kind, path: string): readonly string[] {
  if (kind === "time")
    return typeof value === "string" && new Date(value).toISOString() === value ? [] : [`${path} is no time`];
  if (typeof kind === "string") {
    const isRight = typeof value === kind && (kind !== "number" || Number.isFinite(value));
    return isRight ? [] : [`${path} is no ${kind}: ${JSON.stringify(value)}`];
  }
  if (isList(kind))
    return Array.isArray(value)
      ? value.flatMap((item, i) => faultsOf(item, kind[0], `${path}[${i}]`))
      : [`${path} is no list`];
  if (typeof value !== "object" || value === null) return [`${path} is no object`];
  const unknown = Object.keys(value).filter((name) => !name.startsWith("_") && !(name in kind));
  return [
    ...unknown.map((name) => `${path}.${name} is not in HAR 1.2`),
    ...Object.entries(kind).flatMap(([name, field]) => {
      const inner: unknown = Reflect.get(value, name);
      const isOptional = typeof field === "object" && !isList(field) && "optional" in field;
      if (!isOptional) return faultsOf(inner, field, `${path}.${name}`);
      return inner === undefined ? [] : faultsOf(inner, field.optional as Kind, `${path}.${name}`);
    }),
  ];
}

function isList(kind: object): kind is readonly [Shape] {
  return Array.isArray(kind);
}
