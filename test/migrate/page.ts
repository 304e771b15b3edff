import { join, relative } from "node:path";
import { type Answer, numberOf, ROWS, type Row } from "./row.ts";

export const PAGE = join(ROWS, "..", "ingress-nginx-to-traefik.md");

/** The page with the table of each section written anew, between its heading and the next one. */
export function pageWithRows(page: string, rows: readonly Row[]): string {
  return page.replace(
    /(<!-- rows of (\w+) -->\n)[\s\S]*?(<!-- end of rows -->)/g,
    (_, begin: string, section: string, end: string) =>
      `${begin}${tableOf(rows.filter(({ file }) => file.startsWith(`${section}/`)))}${end}`,
  );
}

function tableOf(rows: readonly Row[]): string {
  const lines = rows.map((row) =>
    cells([
      `[${numberOf(row.file)}](${relative(join(PAGE, ".."), join(ROWS, row.file))})`,
      `${row.opens ? "⚠ " : ""}${row.sentence}`,
      row.requests.map(({ method, url }) => `\`${method} ${url.replace("http://", "")}\``).join("<br>"),
      row.requests.map(({ answers }) => answerCell(answers.get("ingress-nginx"))).join("<br>"),
      row.requests.map(({ answers }) => answerCell(answers.get("traefik-nginx"))).join("<br>"),
    ]),
  );
  return [
    cells(["", "What changes", "Request", "ingress-nginx", "Traefik"]),
    "|-|-|-|-|-|",
    ...lines,
    "",
  ].join("\n");
}

function cells(parts: readonly string[]): string {
  return `| ${parts.map((part) => part.replaceAll("|", "\\|")).join(" | ")} |`;
}

function answerCell(answer: Answer | undefined): string {
  if (answer === undefined) return "";
  const headers = answer.headers.map(
    ({ of, name, value }) =>
      `${WHOSE[of]}${name}${value === undefined ? ": none" : `: ${value || "(empty)"}`}`,
  );
  return [answer.oneOf.join(" or "), ...headers].map((part) => `\`${part.trim()}\``).join(" ");
}

/** Before the names of headers. */
const WHOSE = { "<": "", ">": "sent ", "?": "asked " } as const;
