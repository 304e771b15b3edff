import type { Annotations } from "../annotations.ts";

/**
 * True of a value that is one word of nginx's configuration: nginx.tmpl writes it without quotes, blanks part words and
 * `{` begins a block (ngx_conf_read_token). Another is a stop.
 */
export function isOneWord(annotations: Annotations, name: string, value: string, directive: string): boolean {
  const isBlock = /[{}]/.test(value.replace(/\$\{\w+\}/g, ""));
  if (!isBlock && !/\s/.test(value)) return true;
  const words = isBlock
    ? `directive "${directive}" is not terminated by ";"`
    : `invalid number of arguments in "${directive}" directive`;
  const what = `"${value}" is not one word in nginx's configuration, where it stands without quotes`;
  annotations.stop(name, words, what, "Write it without blanks and braces.");
  return false;
}
