/**
 * The channel protocol of port-forwards over a WebSocket, the newest first: each binary message is a channel's number and
 * its bytes (kubernetes `apimachinery/pkg/util/httpstream/wsstream`). v5 can also say that a channel has ended.
 */
export const CHANNEL_PROTOCOLS = ["v5.channel.k8s.io", "v4.channel.k8s.io"] as const;

/** One of `CHANNEL_PROTOCOLS`. */
export type ChannelProtocol = (typeof CHANNEL_PROTOCOLS)[number];

/** With one port there is one pair of channels (kubelet `portforward/websocket.go`). */
const DATA = 0;
const ERROR = 1;
/** v5: the channel in the next byte has ended (`remotecommand/constants.go`, StreamClose). */
const CLOSE = 255;

/** Of the text on the error channel; the rest is let go. */
const MOST_TEXT_BYTES = 4_096;

/** What one message means. */
export type Arrival =
  | { readonly kind: "nothing" }
  /** Both channels have said the port: bytes may be sent. */
  | { readonly kind: "ready" }
  | { readonly kind: "data"; readonly bytes: Buffer }
  /** What has come on the error channel so far. */
  | { readonly kind: "failure"; readonly text: string }
  /** No more data comes. */
  | { readonly kind: "end" }
  /** What a server must not send, as a sentence. */
  | { readonly kind: "violation"; readonly what: string };

/** Reads messages in the order of their coming. Never throws. */
export type ChannelReader = (message: Buffer, isBinary: boolean) => Arrival;

const NOTHING: Arrival = { kind: "nothing" };
const READY: Arrival = { kind: "ready" };
const END: Arrival = { kind: "end" };

/**
 * A reader for a port-forward to one port. The first message of either channel must be that port and no more, 16 bits
 * little endian.
 */
export function createChannelReader(port: number, protocol: ChannelProtocol): ChannelReader {
  const announced = [false, false];
  let text: Buffer = Buffer.alloc(0);

  function announce(channel: number, bytes: Buffer): Arrival {
    if (bytes.length < 2) return violation(`a first message of ${bytes.length} byte on channel ${channel}`);
    const said = bytes.readUInt16LE(0);
    if (said !== port) return violation(`the port ${said} where ${port} was asked for`);
    if (bytes.length > 2) return violation(`more than the port in the first message of channel ${channel}`);
    announced[channel] = true;
    return announced[DATA] && announced[ERROR] ? READY : NOTHING;
  }

  function fail(bytes: Buffer): Arrival {
    text = Buffer.concat([text, bytes.subarray(0, MOST_TEXT_BYTES - text.length)]);
    return { kind: "failure", text: oneLine(text.toString("utf8")) };
  }

  return (message, isBinary) => {
    if (!isBinary) return violation("a text message, where the channel protocol has binary ones");
    const channel = message[0];
    // An empty message is how some servers say that a connection is there (kubelet `remotecommand/websocket.go`).
    if (channel === undefined || message.length === 1) return NOTHING;
    if (channel === CLOSE && protocol === "v5.channel.k8s.io") return message[1] === DATA ? END : NOTHING;
    if (channel !== DATA && channel !== ERROR) return violation(`a message on channel ${channel}`);
    const bytes = message.subarray(1);
    if (announced[channel] !== true) return announce(channel, bytes);
    return channel === DATA ? { kind: "data", bytes } : fail(bytes);
  };
}

/** The message for some data. */
export function dataMessage(bytes: Buffer): Buffer {
  const message = Buffer.allocUnsafe(bytes.length + 1);
  message[0] = DATA;
  bytes.copy(message, 1);
  return message;
}

/** The message that says that no more data is sent; only v5 has one. */
export function endMessage(protocol: ChannelProtocol): Buffer | undefined {
  return protocol === "v5.channel.k8s.io" ? Buffer.from([CLOSE, DATA]) : undefined;
}

function violation(what: string): Arrival {
  return { kind: "violation", what };
}

/** Runtimes write several lines, and what is in them is anybody's. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
}
