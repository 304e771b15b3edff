import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import {
  data,
  errorName,
  FLAG,
  FRAME,
  type Frame,
  frame,
  PREFACE,
  readFrame,
  settings,
  windowUpdate,
} from "./http2-raw/frames.ts";
import { BlockReader, type Fields, literals } from "./http2-raw/header-block.ts";
import { SendWindows } from "./http2-raw/send-windows.ts";

/** A frame; the last of a header block has what the block says. */
interface ReceivedFrame extends Frame {
  readonly fields?: Fields | undefined;
}

/** What came on one stream until its end. */
export interface StreamAnswer {
  /** 0: none */
  readonly status: number;
  /** 1xx before it. */
  readonly early: readonly number[];
  readonly fields: Fields;
  readonly body: Buffer;
  readonly trailers: Fields | undefined;
  /** Error by which the stream was reset. */
  readonly reset: string | undefined;
}

/** A client of HTTP/2 that writes any frame, right or wrong. */
export interface Http2Raw {
  readonly socket: Socket;
  readonly frames: readonly ReceivedFrame[];
  send(...pieces: readonly Buffer[]): void;
  /** A header block of literals in one frame. default: it ends the stream */
  head(stream: number, fields: Fields, flags?: number): void;
  /** Sends a body as the server's windows allow, and its end. */
  upload(stream: number, body: Buffer): Promise<void>;
  /** Resolves with what `look` finds; rejects once nothing more can come, or after a while. */
  until<T>(what: string, look: () => T | undefined): Promise<T>;
  /** The first frame of a type, on a stream. */
  frame(type: number, stream?: number): Promise<ReceivedFrame>;
  /** What came on a stream once it ends, or with the connection. */
  answer(stream: number): Promise<StreamAnswer>;
  /** How the other side ended the connection: `GOAWAY` with its first error, `closed` or `reset`. */
  end(): Promise<string>;
  /** The same, `undefined` until then. */
  ended(): string | undefined;
}

export interface Http2RawOptions {
  /** default: "sent", with the settings below */
  readonly preface?: "sent" | "none";
  readonly settings?: readonly (readonly [number, number])[];
  /** Bytes that were read become window again. default: "given" */
  readonly windows?: "given" | "kept";
  /** SETTINGS and PING get their ACK. default: "sent" */
  readonly acks?: "sent" | "none";
}

/** Catches a hang, not slowness. unit: ms */
const PATIENCE_MS = 20_000;

/** Speaks HTTP/2 without TLS at once. */
export async function openHttp2(port: number, options: Http2RawOptions = {}): Promise<Http2Raw> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  return http2Raw(socket, options);
}

/** Speaks HTTP/2 by TLS. */
export async function openHttp2s(port: number, options: Http2RawOptions = {}): Promise<Http2Raw> {
  const socket = connectTls({
    ...{ port, host: "127.0.0.1", servername: "a.test", rejectUnauthorized: false },
    ALPNProtocols: ["h2"],
  });
  await new Promise((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
  return http2Raw(socket, options);
}

function http2Raw(socket: Socket, options: Http2RawOptions): Http2Raw {
  const frames: ReceivedFrame[] = [];
  const byStream = new Map<number, ReceivedFrame[]>();
  const over = new Set<number>();
  const windows = new SendWindows();
  const reader = new BlockReader();
  const watchers = new Set<() => void>();
  let rest: Buffer = Buffer.alloc(0);
  let block: Buffer[] = [];
  let ended: "closed" | "reset" | undefined;
  const send = (...pieces: readonly Buffer[]) => {
    if (!socket.destroyed) socket.write(Buffer.concat(pieces));
  };
  const wake = () => {
    for (const watcher of watchers) watcher();
  };
  const reply = ({ type, flags, stream, payload }: Frame) => {
    if (options.acks !== "none" && (flags & FLAG.ack) === 0) {
      if (type === FRAME.settings) send(frame(type, FLAG.ack, 0));
      if (type === FRAME.ping) send(frame(type, FLAG.ack, 0, payload));
    }
    if (options.windows === "kept" || type !== FRAME.data || payload.length === 0) return;
    send(windowUpdate(0, payload.length));
    if ((flags & FLAG.endStream) === 0) send(windowUpdate(stream, payload.length));
  };
  const take = (received: Frame) => {
    const { type, flags, stream } = received;
    let fields: Fields | undefined;
    if (type === FRAME.headers || type === FRAME.continuation) {
      block.push(received.payload);
      if ((flags & FLAG.endHeaders) !== 0) {
        fields = reader.read(Buffer.concat(block));
        block = [];
      }
    }
    const kept = { ...received, fields };
    frames.push(kept);
    byStream.set(stream, byStream.get(stream) ?? []);
    byStream.get(stream)?.push(kept);
    const mayEnd = type === FRAME.data || type === FRAME.headers;
    if (type === FRAME.rstStream || (mayEnd && (flags & FLAG.endStream) !== 0)) over.add(stream);
    windows.take(received);
    reply(received);
  };
  socket.on("data", (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let found = readFrame(rest); found !== undefined; found = readFrame(rest)) {
      rest = rest.subarray(found.size);
      take(found.frame);
    }
    wake();
  });
  socket.on("error", () => {
    ended ??= "reset";
    wake();
  });
  for (const event of ["end", "close"])
    socket.on(event, () => {
      ended ??= "closed";
      socket.end();
      wake();
    });
  const until: Http2Raw["until"] = (what, look) =>
    new Promise((resolve, reject) => {
      const settle = (go: () => void) => {
        clearTimeout(timer);
        watchers.delete(watch);
        go();
      };
      const fail = (why: string) => settle(() => reject(new Error(`${what}: ${why}; came: ${told(frames)}`)));
      const watch = () => {
        const found = look();
        if (found !== undefined) settle(() => resolve(found));
        else if (ended !== undefined) fail(`the connection is ${ended} before`);
      };
      const timer = setTimeout(() => fail("it does not come"), PATIENCE_MS);
      watchers.add(watch);
      watch();
    });
  const howEnded = () => {
    if (ended === undefined) return undefined;
    const codes = frames.flatMap(({ type, payload }) =>
      type === FRAME.goAway ? [payload.readUInt32BE(4)] : [],
    );
    // A warning to open no more streams may come before.
    const code = codes.find((one) => one !== 0) ?? codes[0];
    return code === undefined ? ended : `GOAWAY ${errorName(code)}`;
  };
  if (options.preface !== "none") send(PREFACE, settings(...(options.settings ?? [])));
  return {
    socket,
    frames,
    send,
    head: (stream, fields, flags = FLAG.endStream) =>
      send(frame(FRAME.headers, flags | FLAG.endHeaders, stream, literals(fields))),
    async upload(stream, body) {
      for (let at = 0; at < body.length; ) {
        await until(`a window for stream ${stream}`, () => windows.room(stream) > 0 || undefined);
        const piece = body.subarray(at, at + Math.min(Math.max(windows.room(stream), 0), 16_384));
        // Another stream may have been first.
        if (piece.length === 0) continue;
        at += piece.length;
        windows.spend(stream, piece.length);
        send(data(stream, piece, at < body.length ? "more" : "end"));
      }
    },
    until,
    frame: (type, stream) =>
      until(`a frame of type ${type}`, () =>
        frames.find((one) => one.type === type && (stream === undefined || one.stream === stream)),
      ),
    answer: (stream) =>
      until(`the end of stream ${stream}`, () =>
        over.has(stream) || ended !== undefined ? answerOf(byStream.get(stream) ?? []) : undefined,
      ),
    end: () => until("the end of the connection", howEnded),
    ended: howEnded,
  };
}

function answerOf(frames: readonly ReceivedFrame[]): StreamAnswer {
  const heads = frames.flatMap(({ fields }) => (fields === undefined ? [] : [fields]));
  const statusOf = (fields: Fields) => Number(fields.find(([name]) => name === ":status")?.[1] ?? 0);
  const early = heads.map(statusOf).filter((status) => status > 0 && status < 200);
  const [fields = [], trailers] = heads.slice(early.length);
  const reset = frames.find(({ type }) => type === FRAME.rstStream);
  return {
    status: statusOf(fields),
    early,
    fields,
    body: Buffer.concat(frames.filter(({ type }) => type === FRAME.data).map(({ payload }) => payload)),
    trailers,
    reset: reset && errorName(reset.payload.readUInt32BE(0)),
  };
}

const NAMES = Object.keys(FRAME);

/** The frames, short. */
function told(frames: readonly ReceivedFrame[]): string {
  const lines = frames.slice(-40).map(({ type, flags, stream, payload, fields }) => {
    const isError = type === FRAME.goAway || type === FRAME.rstStream;
    const error = isError ? ` ${errorName(payload.readUInt32BE(payload.length < 8 ? 0 : 4))}` : "";
    return `${NAMES[type] ?? type} ${stream} flags ${flags} ${fields?.[0]?.[1] ?? payload.length}${error}`;
  });
  return lines.join(", ") || "nothing";
}
