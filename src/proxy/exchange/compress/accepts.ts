/** True if the client accepts gzip, as nginx reads Accept-Encoding (ngx_http_gzip_accept_encoding). */
export function acceptsGzip(header: string): boolean {
  const found = /(?:^|[, ])gzip/i.exec(header);
  if (found === null) return false;
  const [, after = "", rest = ""] = /^ *(.?)(.*)$/s.exec(header.slice(found.index + found[0].length)) ?? [];
  if (after === "" || after === ",") return true;
  if (after !== ";") return false;
  const weight = /^ *(?:$|[qQ]=(.*)$)/s.exec(rest);
  return weight !== null && (weight[1] === undefined || quantity(weight[1]) > 0);
}

/** In hundredths, with nginx's arithmetic: it adds up the decimals' digits (ngx_http_gzip_quantity). */
function quantity(text: string): number {
  const [, whole, point, digits = "", end = ""] = /^([01])(\.?)(\d*)(.?)/s.exec(text) ?? [];
  if (whole === undefined || (point === "" && digits !== "")) return 0;
  if (end !== "" && end !== "," && end !== " ") return 0;
  const sum = Number(whole) * 100 + [...digits].reduce((sum, digit) => sum + Number(digit), 0);
  return sum > 100 || digits.length > 3 ? 0 : sum;
}

/** The same for brotli (ngx_http_brotli_filter_module.c, check_accept_encoding). */
export function acceptsBrotli(header: string): boolean {
  const found = /(?:^|[, ])br(?=$|[, ;])/i.exec(header);
  if (found === null) return false;
  const rest = header.slice(found.index + found[0].length);
  return !/^ *; *q *= *0(?:$|[^.]|\.(?:0{0,2}(?:$|\D)|000))/.test(rest);
}
