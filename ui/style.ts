/** The look of a text. The 16-colour names follow the reader's own theme. */
export interface Style {
  readonly colour?: "red" | "green" | "yellow" | "blue" | "magenta" | "cyan" | undefined;
  readonly weight?: "bold" | "dim" | undefined;
  readonly inverse?: true | undefined;
}

/** Weight and inverse are no colours: NO_COLOR leaves them alone (https://no-color.org). */
export type Colour = "always" | "never";

const FOREGROUND = { red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 } as const;

/** `text` between the SGR sequences of a style (ECMA-48 8.3.117). The text is `printable` already. */
export function styled(text: string, style: Style, colour: Colour): string {
  if (text === "") return "";
  let result = text;
  if (style.colour !== undefined && colour === "always")
    result = `\x1b[${FOREGROUND[style.colour]}m${result}\x1b[39m`;
  if (style.weight !== undefined) result = `\x1b[${style.weight === "bold" ? 1 : 2}m${result}\x1b[22m`;
  return style.inverse ? `\x1b[7m${result}\x1b[27m` : result;
}

/** 2xx green, 3xx cyan, 4xx yellow, 5xx red. */
export function statusStyle(status: number): Style {
  if (status >= 500) return { colour: "red" };
  if (status >= 400) return { colour: "yellow" };
  if (status >= 300) return { colour: "cyan" };
  return status >= 200 ? { colour: "green" } : {};
}

export function levelStyle(level: "error" | "warning" | "notice"): Style {
  return { colour: level === "error" ? "red" : level === "warning" ? "yellow" : "blue" };
}

/**
 * Chooses colours for a stream: `NO_COLOR` (https://no-color.org) switches them off, `FORCE_COLOR` on. default: on for
 * a terminal, unless `TERM` is `dumb`.
 */
export function colourFor(
  stream: { readonly isTTY?: boolean | undefined },
  env: Readonly<Record<string, string | undefined>>,
): Colour {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return "never";
  const forced = env.FORCE_COLOR;
  if (forced !== undefined && forced !== "") return forced === "0" || forced === "false" ? "never" : "always";
  return stream.isTTY === true && env.TERM !== "dumb" ? "always" : "never";
}
