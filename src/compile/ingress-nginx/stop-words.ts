/** An annotation for which nginx refuses its whole configuration, once a location is rendered with it. */
export interface Stop {
  readonly annotation: string;
  /** nginx's words. */
  readonly words: string;
  /** The fault, a clause. */
  readonly what: string;
  readonly fix: string;
}

/**
 * The effect of every stop. Measured on the real controller: it keeps its configuration and follows no other
 * change, not even of other Services' endpoints (controller/nginx.go, OnUpdate).
 */
export function stopInWords(words: string): string {
  return `nginx refuses the configuration (${words}), so no change of any Ingress takes effect until this goes`;
}

/** nginx's words for an unknown variable, with its `$` (ngx_http_script_compile, ngx_http_variables_init_vars). */
export function unknownVariable(variable: string): string {
  return variable === "$" ? "invalid variable name" : `unknown "${variable.slice(1)}" variable`;
}
