import type { Buffers } from "../../../model/route/transport.ts";
import { readSize } from "../../../request/size.ts";
import type { Annotations, Feature } from "../annotations.ts";
import { DEFAULT_BUFFERS, withNote, withTransport } from "../settings.ts";
import { documented } from "./documented.ts";

/** Defaults of `proxy_buffers` and `proxy_max_temp_file_size`: `4`, and 1024 MiB. */
const USUAL_NUMBER = 4;
const BUSY_TOO_SMALL =
  '"proxy_busy_buffers_size" must be equal to or greater than the maximum of the value of "proxy_buffer_size" and one of the "proxy_buffers"';
const USUAL_FILE_BYTES = 1024 ** 3;

/**
 * nginx's buffers between client and backend (annotations/proxy/main.go,
 * annotations/clientbodybuffersize/main.go). Visible effects: the longest response head, whether a body is
 * sent before it is complete, and contradictory sizes, with which nginx does not start.
 */
export const buffering: Feature = {
  annotations: documented("Proxy", {
    Low: "client-body-buffer-size proxy-buffering proxy-buffers-number proxy-buffer-size proxy-busy-buffers-size proxy-max-temp-file-size proxy-request-buffering proxy-http-version",
  }),
  apply: (annotations, settings) => {
    const before: Buffers = settings.transport.buffers ?? DEFAULT_BUFFERS;
    const size = sizeOf(annotations, "proxy-buffer-size", bufferRefused) ?? DEFAULT_BUFFERS.responseHeadBytes;
    checkSizes(annotations, size);
    annotations.text("client-body-buffer-size");
    readDifferences(annotations);
    const request = requestBuffering(annotations) ?? before.request;
    const response = annotations.text("proxy-buffering") === "on" ? "buffered" : undefined;
    const isUsual = size === DEFAULT_BUFFERS.responseHeadBytes && request === before.request;
    if (isUsual && response === undefined) return settings;
    const buffers: Buffers = { responseHeadBytes: size, request, response };
    const noted = [
      ...(size === DEFAULT_BUFFERS.responseHeadBytes
        ? []
        : [annotations.because("proxy-buffer-size", sizeInWords(annotations, size))]),
      ...(request === before.request
        ? []
        : [annotations.because("proxy-request-buffering", requestInWords(annotations, request))]),
    ];
    return noted.reduce(withNote, withTransport(settings, { buffers }));
  },
};

/** A size that the controller's validator accepts and nginx does not is a stop. */
function sizeOf(
  annotations: Annotations,
  name: string,
  words: (bytes: number | undefined) => string,
): number | undefined {
  const text = annotations.text(name);
  if (text === undefined) return undefined;
  const bytes = readSize(text, "km");
  if (bytes !== undefined && bytes > 0) return bytes;
  annotations.report.stop(name, words(bytes), `nginx takes no size "${text}" here`, "Write it as 8k or 1m.");
  return undefined;
}

/** `proxy_buffer_size` accepts 0, but the same value in `proxy_buffers` fails (ngx_conf_set_bufs_slot). */
function bufferRefused(bytes: number | undefined): string {
  return bytes === 0
    ? '"proxy_buffers" directive invalid value'
    : '"proxy_buffer_size" directive invalid value';
}

/** A size of 0 is less than one buffer (ngx_http_proxy_merge_loc_conf). */
function busyRefused(bytes: number | undefined): string {
  return bytes === 0 ? BUSY_TOO_SMALL : '"proxy_busy_buffers_size" directive invalid value';
}

/** The sums that nginx does over its buffers when it loads (ngx_http_proxy_module.c, ngx_http_proxy_merge_loc_conf). */
function checkSizes(annotations: Annotations, size: number): void {
  const number = annotations.integer("proxy-buffers-number") ?? USUAL_NUMBER;
  const busy = sizeOf(annotations, "proxy-busy-buffers-size", busyRefused) ?? 2 * size;
  const file = fileSize(annotations);
  if (number < 2)
    annotations.report.stop(
      "proxy-buffers-number",
      number < 1 ? '"proxy_buffers" directive invalid value' : 'there must be at least 2 "proxy_buffers"',
      `nginx needs at least 2 buffers, not ${number}`,
      "Write 4, or more.",
    );
  else if (busy < size)
    annotations.report.stop(
      "proxy-busy-buffers-size",
      BUSY_TOO_SMALL,
      `${busy} bytes are less than one buffer of ${size}`,
      "Write twice proxy-buffer-size, or leave it out.",
    );
  else if (busy > (number - 1) * size)
    annotations.report.stop(
      annotations.isSaid("proxy-buffers-number") ? "proxy-buffers-number" : "proxy-busy-buffers-size",
      '"proxy_busy_buffers_size" must be less than the size of all "proxy_buffers" minus one buffer',
      `proxy_busy_buffers_size (${busy} bytes) must be less than the size of all ${number} buffers of ${size} bytes minus one`,
      "Write more buffers, or a smaller proxy-busy-buffers-size.",
    );
  if (file !== 0 && file < size)
    annotations.report.stop(
      "proxy-max-temp-file-size",
      '"proxy_max_temp_file_size" must be equal to zero to disable temporary files usage or must be equal to or greater than the maximum of the value of "proxy_buffer_size" and one of the "proxy_buffers"',
      `${file} bytes are less than one buffer of ${size}, and not 0`,
      "Write 0, or a larger size.",
    );
}

/** nginx.tmpl omits invalid offsets (template.go, isValidByteSize); nginx reads a size there, without `g`. */
function fileSize(annotations: Annotations): number {
  const name = "proxy-max-temp-file-size";
  const text = annotations.text(name);
  if (text === undefined || /b$/i.test(text)) return USUAL_FILE_BYTES;
  if (/g$/i.test(text))
    annotations.report.stop(
      name,
      '"proxy_max_temp_file_size" directive invalid value',
      `nginx takes no size "${text}" here`,
      "Write it as 1024m.",
    );
  return readSize(text, "km") ?? USUAL_FILE_BYTES;
}

/** Values under which the cluster is seen to behave otherwise. */
function readDifferences(annotations: Annotations): void {
  if (annotations.text("proxy-buffering") === "on")
    annotations.report.notHonoured(
      "proxy-buffering",
      '"on" is not honoured by ingress-dev: responses are sent on as they come; the cluster holds small pieces back until a buffer is full, so that events come late',
    );
  if (annotations.text("proxy-http-version") === "1.0")
    annotations.report.notHonoured(
      "proxy-http-version",
      '"1.0" is not honoured by ingress-dev: backends are spoken to by HTTP/1.1; in the cluster each request has a connection of its own, and there are no WebSockets',
    );
}

function requestBuffering(annotations: Annotations): Buffers["request"] {
  const value = annotations.text("proxy-request-buffering");
  if (value === undefined) return undefined;
  return value === "on" ? "gathered" : "passed-on";
}

function sizeInWords(annotations: Annotations, size: number): string {
  return `${annotations.nameOf("proxy-buffer-size")} allows ${size} bytes for the head of a response`;
}

function requestInWords(annotations: Annotations, request: Buffers["request"]): string {
  const name = annotations.nameOf("proxy-request-buffering");
  return request === "gathered"
    ? `${name}: a body of up to 1 MiB is read whole before the backend is asked`
    : `${name}: a body is sent on as it comes, and never sent again`;
}
