import { describe, expect, test } from "vitest";
import {
  type ChannelProtocol,
  createChannelReader,
  dataMessage,
  endMessage,
} from "../../../src/upstream/port-forward/channels.ts";

/** `0:5000` is a message of the bytes 0x50 0x00 on channel 0; `-` an empty one; `"…"` a text message. */
function readAll(messages: readonly string[], protocol: ChannelProtocol = "v4.channel.k8s.io"): string[] {
  const read = createChannelReader(80, protocol);
  return messages.map((message) => {
    const [channel = "", hex = ""] = message.split(":");
    const bytes =
      message === "-"
        ? Buffer.alloc(0)
        : Buffer.concat([Buffer.of(Number(channel)), Buffer.from(hex, "hex")]);
    const arrival = message.startsWith('"') ? read(Buffer.from(message), false) : read(bytes, true);
    if (arrival.kind === "data") return `data ${arrival.bytes.toString("hex")}`;
    if (arrival.kind === "failure") return `failure ${arrival.text}`;
    return arrival.kind === "violation" ? arrival.what : arrival.kind;
  });
}

describe("what a message means to a port-forward to port 80", () => {
  const OPEN = ["0:5000", "1:5000"];
  const hex = (text: string) => Buffer.from(text).toString("hex");
  test.each<[string, string[], string[]]>([
    ["both channels say the port", OPEN, ["nothing", "ready"]],
    ["in the other order", ["1:5000", "0:5000"], ["nothing", "ready"]],
    [
      "data before the error channel has said it",
      ["0:5000", "0:61", "1:5000"],
      ["nothing", "data 61", "ready"],
    ],
    ["data is whatever it is", [...OPEN, "0:5000", "0:ff"], ["nothing", "ready", "data 5000", "data ff"]],
    [
      "empty messages mean nothing",
      ["-", "0:", "0:5000", "1:", "1:5000", "0:"],
      ["nothing", "nothing", "nothing", "nothing", "ready", "nothing"],
    ],
    ["another port", ["0:5100"], ["the port 81 where 80 was asked for"]],
    ["the port in the wrong order of bytes", ["0:0050"], ["the port 20480 where 80 was asked for"]],
    ["half a port", ["0:50"], ["a first message of 1 byte on channel 0"]],
    ["a port and more", ["1:500061"], ["more than the port in the first message of channel 1"]],
    ["a channel that is not there", [...OPEN, "2:61"], ["nothing", "ready", "a message on channel 2"]],
    [
      "the end of a channel, which v4 does not know",
      [...OPEN, "255:00"],
      ["nothing", "ready", "a message on channel 255"],
    ],
    [
      "text",
      [...OPEN, '"0hello"'],
      ["nothing", "ready", "a text message, where the channel protocol has binary ones"],
    ],
    [
      "a failure in pieces",
      [...OPEN, `1:${hex("no way: ")}`, `1:${hex("é")}`],
      ["nothing", "ready", "failure no way:", "failure no way: é"],
    ],
    [
      "a failure is one line for a terminal",
      [...OPEN, `1:${hex("a\r\nb\u001b[2J\u2028c\n")}`],
      ["nothing", "ready", "failure a b [2J c"],
    ],
  ])("%s", (_, messages, meanings) => expect(readAll(messages)).toEqual(meanings));

  test("v5 says that a channel has ended", () => {
    expect(readAll([...OPEN, "255:01", "255:00"], "v5.channel.k8s.io")).toEqual([
      "nothing",
      "ready",
      "nothing",
      "end",
    ]);
  });

  test("of a failure without end 4096 bytes are kept", () => {
    const read = createChannelReader(80, "v4.channel.k8s.io");
    read(Buffer.from([1, 80, 0]), true);
    const long = Buffer.concat([Buffer.of(1), Buffer.alloc(3_000, "x")]);
    read(long, true);
    expect(read(long, true)).toEqual({ kind: "failure", text: "x".repeat(4_096) });
    expect(read(long, true)).toEqual({ kind: "failure", text: "x".repeat(4_096) });
  });
});

test("what is sent", () => {
  expect(dataMessage(Buffer.from("hi"))).toEqual(Buffer.from([0, 104, 105]));
  expect(endMessage("v4.channel.k8s.io")).toBeUndefined();
  expect(endMessage("v5.channel.k8s.io")).toEqual(Buffer.from([255, 0]));
});
