/**
 * The expressions that validate annotations, by their names in ingress-nginx. Overlapping repeated groups,
 * which would hang a backtracking engine, are rewritten as their pieces. Go's `\s` is five characters.
 */

/** annotations/parser/validators.go: shared expressions. */
export const IsValidRegex = /^[-._~a-zA-Z0-9/:^$[\](){}*+?|&=\\]*$/;
export const SizeRegex = /^\d+[bkmg]?$/i;
export const URLIsValidRegex = /^[-._~a-zA-Z0-9/:,?&=]*$/;
export const BasicCharsRegex = /^[-._~a-zA-Z0-9/:]*$/;
export const ExtendedCharsRegex = /^[-._~a-zA-Z0-9/:, ]*$/;
export const CharsWithSpace = /^[-._~a-zA-Z0-9/: ]*$/;
export const NGINXVariable = /^[A-Za-z0-9\-_${}]*$/;
export const RegexPathWithCapture = /^\/?[-._~a-zA-Z0-9/:$]*$/;
export const HeadersVariable = /^[A-Za-z0-9\-_, ]*$/;
export const URLWithNginxVariableRegex = /^[-._~a-zA-Z0-9/:, ?&=$]*$/;
export const MaliciousRegex = /[\r\n]/;

/** annotations/auth/main.go, not anchored. */
export const authTypeRegex = /basic|digest/;
export const authSecretTypeRegex = /auth-file|auth-map/;

/** annotations/authreq/main.go. */
export const methodsRegex = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|CONNECT|OPTIONS|TRACE)$/;

/** annotations/authtls/main.go. */
export const authVerifyClientRegex = /^(?:on|off|optional|optional_no_ca)$/;
export const redirectRegex =
  /^(?:@[A-Za-z0-9_-]+|(?:(?:https?:\/\/)?[A-Za-z0-9\-.]+(?::\d+)?)?(?:\/[A-Za-z0-9\-_.]+)*\/?)$/;

/** annotations/connection/main.go. */
export const validConnectionHeaderValue = /^(?:close|keep-alive)$/;

/** annotations/cors/main.go: a list, one origin of it, methods, headers. */
export const corsOriginRegexValidator = /^(?:(?:[-A-Za-z0-9.,]|:\d|\*\.|(?<=[a-z]):\/\/)*|\*)$/;
export const corsOriginRegex = /^(?:[a-z]+:\/\/(?:\*\.)?[-A-Za-z0-9.]*(?::\d+)?|\*|null)?$/;
export const corsMethodsRegex =
  /^[A-Za-z]+(?:(?:,[\t\n\f\r ]?|[\t\n\f\r ])[A-Za-z]+)*(?:,[\t\n\f\r ]?|[\t\n\f\r ])?$/;
export const corsExposeHeadersRegex =
  /^[\w*-]+(?:(?:,[\t\n\f\r ]?|[\t\n\f\r ])[\w*-]+)*(?:,[\t\n\f\r ]?|[\t\n\f\r ])?$/;

/** annotations/customhttperrors/main.go. */
export const arrayOfHTTPErrors = /^(?:[4,5]\d{2},?)*$/;

/** annotations/fastcgi/main.go: a file or the key of a parameter, and its value. */
export const regexValidIndexAnnotationAndKey = /^[A-Za-z0-9.\-_]+$/;
export const validFCGIValue = /^[A-Za-z0-9\-_${}/.]*$/;

/** annotations/mirror/main.go; proxySSLOnOffRegex of annotations/proxyssl/main.go. */
export const OnOffRegex = /^(?:on|off)$/;

/** annotations/opentelemetry/main.go. */
export const regexOperationName = /^[A-Za-z0-9_-]*$/;

/** annotations/proxy/main.go. */
export const validUpstreamAnnotation =
  /^(?:(?:error|timeout|invalid_header|http_500|http_502|http_503|http_504|http_403|http_404|http_429|non_idempotent|off)[\t\n\f\r ]?)+$/;
export const cookieDomainRegex = /^(?:off|[-._~a-zA-Z0-9/:]+[\t\n\f\r ]+[-._~a-zA-Z0-9/:]+)$/;

/** annotations/proxyssl/main.go. */
export const proxySSLProtocolRegex = /^(?:TLSv1\.2|TLSv1\.3| )*$/;
export const proxySSLCiphersRegex = /^[A-Za-z0-9+:_\-!]*$/;

/**
 * annotations/sessionaffinity/main.go: each half is anchored at one end only, so a leading 0 or a trailing
 * number is enough.
 */
export const affinityCookieExpiresRegex = /^0|[1-9]0*$/;

/** annotations/sslcipher/main.go. */
export const regexValidSSLCipher = /^(?:[A-Za-z0-9!:+\-_]|@STRENGTH|@SECLEVEL=[0-5])*$/;

/** annotations/upstreamhashby/main.go. */
export const hashByRegex = /^[A-Za-z0-9\-_${}]*$/;
