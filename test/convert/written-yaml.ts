/** A value to be written, with the draws of its style. */
export type Value =
  | {
      readonly kind: "map";
      readonly entries: readonly (readonly [string, Value])[];
      readonly anchor?: string;
    }
  | { readonly kind: "list"; readonly items: readonly Value[]; readonly anchor?: string }
  | { readonly kind: "scalar"; readonly value: string | number | null; readonly anchor?: string }
  | { readonly kind: "alias"; readonly name: string };

/** Draws of one file. `chance(3)` is true once in three. */
export interface Draws {
  readonly chance: (of: number) => boolean;
  readonly one: <T>(list: readonly T[]) => T;
}

interface Style extends Draws {
  readonly step: string;
  readonly dash: string;
  readonly indentedLists: boolean;
  readonly comments: string[];
}

/** Writes a value in any of YAML's styles, with comments wherever they may stand. */
export function writeYaml(value: Value, draws: Draws, comments: string[]): string {
  const style: Style = {
    ...draws,
    step: draws.one(["  ", "  ", "    ", "   "]),
    dash: draws.one(["- ", "- ", "-   "]),
    indentedLists: draws.chance(2),
    comments,
  };
  return `${block(value, "", style).join("\n")}\n`;
}

export function writeJson(value: Value, draws: Draws): string {
  const step = draws.one([0, 0, 2, 4, "\t"]);
  return `${JSON.stringify(plain(value), undefined, step)}\n`;
}

/** Aliases of a JSON file are written out by the generator. */
function plain(value: Value): unknown {
  if (value.kind === "alias") throw new Error("JSON has no aliases");
  if (value.kind === "list") return value.items.map(plain);
  if (value.kind === "scalar") return value.value;
  return Object.fromEntries(value.entries.map(([key, one]) => [key, plain(one)]));
}

function comment(style: Style): string {
  const text = `# c${style.comments.length}: ${style.one(["why", "kind: Ingress", "{not: flow}", "a 'quote"])}`;
  style.comments.push(text);
  return text;
}

function trailing(style: Style, of = 6): string {
  return style.chance(of) ? `${style.one([" ", "  "])}${comment(style)}` : "";
}

function key(name: string, style: Style): string {
  return style.chance(15) ? `"${name}"` : style.chance(25) ? `'${name}'` : name;
}

function scalar(value: string | number | null, style: Style): string {
  if (value === null) return style.one(["", "~", "null"]);
  if (typeof value === "number") return String(value);
  const isSafe = /^[A-Za-z/][A-Za-z0-9./-]*$/.test(value);
  if (isSafe && !style.chance(4)) return value;
  return style.chance(2) ? JSON.stringify(value) : `'${value}'`;
}

const props = (value: Value) =>
  value.kind === "alias" || value.anchor === undefined ? "" : `&${value.anchor} `;

function block(value: Value, indent: string, style: Style): string[] {
  if (value.kind === "map") return value.entries.flatMap(([name, one]) => entry(name, one, indent, style));
  if (value.kind === "list") return value.items.flatMap((item) => listItem(item, indent, style));
  throw new Error("a document is a collection");
}

function entry(name: string, value: Value, indent: string, style: Style): string[] {
  const above = style.chance(10) ? [`${style.chance(4) ? "" : indent}${comment(style)}`] : [];
  if (style.chance(25)) above.push("");
  const start = `${indent}${key(name, style)}:`;
  if (value.kind === "alias") return [...above, `${start} *${value.name}${trailing(style)}`];
  if (value.kind === "scalar") {
    const text = `${props(value)}${scalar(value.value, style)}`.trimEnd();
    return [...above, `${start}${text === "" ? "" : ` ${text}`}${trailing(style)}`];
  }
  const isEmpty = (value.kind === "map" ? value.entries : value.items).length === 0;
  if (isEmpty || style.chance(6)) {
    const lines = flow(value, indent, style);
    return [...above, `${start} ${props(value)}${lines[0]}`, ...lines.slice(1)];
  }
  const inner = value.kind === "list" && !style.indentedLists ? indent : indent + style.step;
  const head = `${start}${props(value) === "" ? "" : ` ${props(value).trimEnd()}`}${trailing(style)}`;
  return [...above, head, ...block(value, inner, style)];
}

function listItem(item: Value, indent: string, style: Style): string[] {
  const above = style.chance(10) ? [`${indent}${comment(style)}`] : [];
  if (item.kind === "alias") return [...above, `${indent}- *${item.name}${trailing(style)}`];
  if (item.kind === "scalar") return [...above, `${indent}- ${scalar(item.value, style)}${trailing(style)}`];
  const isEmpty = (item.kind === "map" ? item.entries : item.items).length === 0;
  if (isEmpty || style.chance(8)) {
    const lines = flow(item, indent, style);
    return [...above, `${indent}- ${props(item)}${lines[0]}`, ...lines.slice(1)];
  }
  if (props(item) !== "" || style.chance(8)) {
    const head = `${indent}- ${props(item)}`.trimEnd();
    return [...above, `${head}${trailing(style)}`, ...block(item, `${indent}${style.step}`, style)];
  }
  const lines = block(item, `${indent}${" ".repeat(style.dash.length)}`, style);
  const first = lines[0] ?? "";
  // A comment or a blank line comes first: the dash stands alone.
  if (!first.startsWith(`${indent}${" ".repeat(style.dash.length)}`) || first.trim().startsWith("#")) {
    return [...above, `${indent}-`, ...lines];
  }
  return [
    ...above,
    `${indent}${style.dash}${first.slice(indent.length + style.dash.length)}`,
    ...lines.slice(1),
  ];
}

/** In braces: on one line, or a key a line. */
function flow(value: Value, indent: string, style: Style): string[] {
  return style.chance(3) ? flowLines(value, indent, style) : [flowLine(value, style)];
}

function flowLine(value: Value, style: Style): string {
  if (value.kind === "alias") return `*${value.name} `;
  if (value.kind === "scalar") return `${props(value)}${scalar(value.value, style)}`;
  const pad = style.one(["", " "]);
  const parts =
    value.kind === "list"
      ? value.items.map((item) => propsOf(item) + flowLine(item, style))
      : value.entries.map(([name, one]) => `${key(name, style)}: ${propsOf(one)}${flowLine(one, style)}`);
  const [open, close] = value.kind === "list" ? ["[", "]"] : ["{", "}"];
  if (parts.length === 0) return `${open}${close}`;
  return `${open}${pad}${parts.join(style.one([",", ", "]).padEnd(2))}${pad}${close}`;
}

const propsOf = (value: Value) => (value.kind === "scalar" ? "" : props(value));

function flowLines(value: Value, indent: string, style: Style): string[] {
  if (value.kind === "alias" || value.kind === "scalar") return [flowLine(value, style)];
  const [open, close] = value.kind === "list" ? ["[", "]"] : ["{", "}"];
  const all: readonly (readonly [string, Value])[] =
    value.kind === "list" ? value.items.map((item) => ["", item] as const) : value.entries;
  if (all.length === 0) return [`${open}${close}`];
  const inner = indent + style.step;
  const lines = all.flatMap(([name, one], at) => {
    const head = `${value.kind === "list" ? "" : `${key(name, style)}: `}${propsOf(one)}`;
    const body = style.chance(2) ? flowLines(one, inner, style) : [flowLine(one, style)];
    const comma = at < all.length - 1 || style.chance(5) ? "," : "";
    const written = [`${inner}${head}${body[0]}`, ...body.slice(1)];
    const last = `${written.at(-1)}${comma}${trailing(style, 4)}`;
    return [...(style.chance(12) ? [`${inner}${comment(style)}`] : []), ...written.slice(0, -1), last];
  });
  return [`${open}${trailing(style)}`, ...lines, `${indent}${close}`];
}
