import type { Annotations } from "../annotations.ts";

/**
 * True for one word of nginx's configuration. nginx.tmpl writes it unquoted, so blanks separate words and `{`
 * opens a block (ngx_conf_read_token). Any other value is a stop.
 */
export function isOneWord(annotations: Annotations, name: string, value: string, directive: string): boolean {
  const isBlock = /[{}]/.test(value.replace(/\$\{\w+\}/g, ""));
  if (!isBlock && !/\s/.test(value)) return true;
  const words = isBlock
    ? `directive "${directive}" is not terminated by ";"`
    : `invalid number of arguments in "${directive}" directive`;
  const what = `"${value}" is not one word in nginx's configuration, where it stands without quotes`;
  annotations.report.stop(name, words, what, "Write it without blanks and braces.");
  return false;
}
