import { anyOf, asWritten, blanksRemoved, bool, serviceName, validServerName } from "../kinds.ts";
import * as p from "../patterns.ts";
import { BOOLEAN, flag, number, ON_OFF, onOff, SECRET_NAME, SIZE, size, type ValueRows } from "./shared.ts";

export const PROXY: ValueRows = {
  "backendprotocol/main.go": {
    "backend-protocol": [
      anyOf(["auto_http", "http", "https", "grpc", "grpcs", "fcgi"], "any case"),
      "HTTP, HTTPS, AUTO_HTTP, GRPC, GRPCS or FCGI",
    ],
  },
  "clientbodybuffersize/main.go": {
    "client-body-buffer-size": [blanksRemoved(p.SizeRegex), SIZE, "refuse-ingress"],
  },
  "connection/main.go": {
    "connection-proxy-header": [
      blanksRemoved(p.validConnectionHeaderValue),
      "close or keep-alive",
      "refuse-ingress",
    ],
  },
  "customhttperrors/main.go": {
    "custom-http-errors": [
      blanksRemoved(p.arrayOfHTTPErrors),
      "a list of statuses from 400 to 599: 404,503",
      "refuse-ingress",
    ],
  },
  "defaultbackend/main.go": {
    "default-backend": [serviceName, "the name of a Service of the same namespace", "refuse-ingress"],
  },
  "disableproxyintercepterrors/main.go": { "disable-proxy-intercept-errors": flag },
  "fastcgi/main.go": {
    "fastcgi-index": [
      blanksRemoved(p.regexValidIndexAnnotationAndKey),
      "the name of one file, such as index.php",
      "refuse-ingress",
    ],
    "fastcgi-params-configmap": [
      blanksRemoved(p.BasicCharsRegex),
      "the name of a ConfigMap",
      "refuse-ingress",
    ],
  },
  "http2pushpreload/main.go": { "http2-push-preload": [bool, BOOLEAN, "refuse-ingress"] },
  "log/main.go": { "enable-access-log": flag, "enable-rewrite-log": flag },
  "mirror/main.go": {
    "mirror-request-body": [blanksRemoved(p.OnOffRegex), ON_OFF],
    "mirror-target": [validServerName, "a URL, with nginx's variables: https://test.example.com$request_uri"],
    "mirror-host": [validServerName, "a host name"],
  },
  "modsecurity/main.go": {
    "enable-modsecurity": flag,
    "enable-owasp-core-rules": flag,
    "modsecurity-transaction-id": [blanksRemoved(p.NGINXVariable), "text with nginx's variables"],
  },
  "opentelemetry/main.go": {
    "enable-opentelemetry": flag,
    "opentelemetry-trust-incoming-span": flag,
    "opentelemetry-operation-name": [
      blanksRemoved(p.regexOperationName),
      "letters, digits, - and _",
      "refuse-ingress",
    ],
  },
  "proxy/main.go": {
    "proxy-connect-timeout": number,
    "proxy-send-timeout": number,
    "proxy-read-timeout": number,
    "proxy-buffers-number": number,
    "proxy-buffer-size": size,
    "proxy-busy-buffers-size": size,
    "proxy-cookie-path": [blanksRemoved(p.URLIsValidRegex), '"off", or "FROM TO": "/ /shop/"'],
    "proxy-cookie-domain": [asWritten(p.cookieDomainRegex), '"off", or "FROM TO": "internal.test shop.test"'],
    "proxy-body-size": [blanksRemoved(p.SizeRegex), "a size such as 8m, 512k or 0"],
    "proxy-next-upstream": [
      asWritten(p.validUpstreamAnnotation),
      "off, or words of nginx's proxy_next_upstream: error timeout http_503",
    ],
    "proxy-next-upstream-timeout": number,
    "proxy-next-upstream-tries": number,
    "proxy-request-buffering": onOff,
    "proxy-redirect-from": [blanksRemoved(p.URLIsValidRegex), "off, default or a URL"],
    "proxy-redirect-to": [blanksRemoved(p.URLIsValidRegex), "off or a URL"],
    "proxy-buffering": onOff,
    "proxy-http-version": [anyOf(["1.0", "1.1"], "exact case"), "1.0 or 1.1"],
    "proxy-max-temp-file-size": size,
  },
  "proxyssl/main.go": {
    "proxy-ssl-secret": [blanksRemoved(p.BasicCharsRegex), SECRET_NAME, "refuse-ingress"],
    "proxy-ssl-ciphers": [blanksRemoved(p.proxySSLCiphersRegex), "a list of ciphers as OpenSSL writes it"],
    "proxy-ssl-protocols": [blanksRemoved(p.proxySSLProtocolRegex), "TLSv1.2, TLSv1.3 or both"],
    "proxy-ssl-name": [validServerName, "the name of a server"],
    "proxy-ssl-verify": [blanksRemoved(p.OnOffRegex), ON_OFF],
    "proxy-ssl-verify-depth": number,
    "proxy-ssl-server-name": [blanksRemoved(p.OnOffRegex), ON_OFF],
  },
  "upstreamvhost/main.go": { "upstream-vhost": [validServerName, "a host name", "refuse-ingress"] },
};
