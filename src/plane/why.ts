import { type Reason, textsOf } from "../model/reason.ts";

/** The reasons of an answer, below nginx's own page. */
export function whyBlock(why: readonly Reason[]): string {
  const lines = why.map(({ text }) => `<li>${escaped(text)}</li>`).join("");
  return `<div style="font:1rem/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto"><b>ingress-dev</b><ul>${lines}</ul></div>\r\n`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}

const WHY_CHARS = 800;

/** The reasons in one header line: printable ASCII, other characters as `?`, at most 800 characters. */
export function whyHeader(why: readonly Reason[]): string {
  const line = textsOf(why)
    .join(" | ")
    .replace(/[^\x20-\x7e]/g, "?");
  return line.length <= WHY_CHARS ? line : `${line.slice(0, WHY_CHARS - 3)}...`;
}
