/**
 * The channel protocol of port-forwards over a WebSocket, the newest first (kubernetes
 * `apimachinery/pkg/util/httpstream/wsstream`). Each binary message is a channel's number and its bytes. v5 can also
 * end a channel.
 */
export const CHANNEL_PROTOCOLS = ["v5.channel.k8s.io", "v4.channel.k8s.io"] as const;

export type ChannelProtocol = (typeof CHANNEL_PROTOCOLS)[number];

/** One port has one pair of channels (kubelet `portforward/websocket.go`). */
const DATA = 0;
const ERROR = 1;
/** v5: the channel in the next byte has ended (`remotecommand/constants.go`, StreamClose). */
const CLOSE = 255;

/** The rest of a text on the error channel is dropped. */
const MOST_TEXT_BYTES = 4_096;

type ChannelEvent =
  | { readonly kind: "nothing" }
  /** Both channels have announced the port: bytes may be sent. */
  | { readonly kind: "ready" }
  | { readonly kind: "data"; readonly bytes: Buffer }
  /** All text of the error channel. */
  | { readonly kind: "failure"; readonly text: string }
  | { readonly kind: "end" }
  /** A sentence about what a server must not send. */
  | { readonly kind: "violation"; readonly what: string };

/** Reads messages in order. Never throws. */
export type ChannelReader = (message: Buffer, isBinary: boolean) => ChannelEvent;

const NOTHING: ChannelEvent = { kind: "nothing" };
const READY: ChannelEvent = { kind: "ready" };
const END: ChannelEvent = { kind: "end" };

/**
 * Makes a reader for a port-forward to one port. The first message of either channel must be that port alone, 16 bits
 * little endian.
 */
export function createChannelReader(port: number, protocol: ChannelProtocol): ChannelReader {
  const announced = [false, false];
  let text: Buffer = Buffer.alloc(0);

  function announce(channel: number, bytes: Buffer): ChannelEvent {
    if (bytes.length < 2) return violation(`a first message of ${bytes.length} byte on channel ${channel}`);
    const said = bytes.readUInt16LE(0);
    if (said !== port) return violation(`the port ${said} where ${port} was asked for`);
    if (bytes.length > 2) return violation(`more than the port in the first message of channel ${channel}`);
    announced[channel] = true;
    return announced[DATA] && announced[ERROR] ? READY : NOTHING;
  }

  function fail(bytes: Buffer): ChannelEvent {
    text = Buffer.concat([text, bytes.subarray(0, MOST_TEXT_BYTES - text.length)]);
    return { kind: "failure", text: oneLine(text.toString("utf8")) };
  }

  return (message, isBinary) => {
    if (!isBinary) return violation("a text message, where the channel protocol has binary ones");
    const channel = message[0];
    // Some servers send an empty message when a connection is there (kubelet `remotecommand/websocket.go`).
    if (channel === undefined || message.length === 1) return NOTHING;
    if (channel === CLOSE && protocol === "v5.channel.k8s.io") return message[1] === DATA ? END : NOTHING;
    if (channel !== DATA && channel !== ERROR) return violation(`a message on channel ${channel}`);
    const bytes = message.subarray(1);
    if (announced[channel] !== true) return announce(channel, bytes);
    return channel === DATA ? { kind: "data", bytes } : fail(bytes);
  };
}

export function dataMessage(bytes: Buffer): Buffer {
  const message = Buffer.allocUnsafe(bytes.length + 1);
  message[0] = DATA;
  bytes.copy(message, 1);
  return message;
}

/** The message that ends the data; only v5 has one. */
export function endMessage(protocol: ChannelProtocol): Buffer | undefined {
  return protocol === "v5.channel.k8s.io" ? Buffer.from([CLOSE, DATA]) : undefined;
}

function violation(what: string): ChannelEvent {
  return { kind: "violation", what };
}

/** Runtimes write several lines of any text. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
}
