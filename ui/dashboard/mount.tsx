import { Writable } from "node:stream";
import { render } from "ink";
import type { Size } from "../terminal/screen.ts";
import { createPaper, PAPER_COLUMNS } from "./paper.ts";
import { View, type ViewProps } from "./view.tsx";

/** What changes from frame to frame. */
export type Shown = Omit<ViewProps, "paper">;

/** A mounted view. */
export interface Mounted {
  show(props: Shown): void;
  unmount(): void;
}

/**
 * Where ink writes: every write is one whole frame.
 *
 * ink's own way to a full-screen terminal clears the screen and the scrollback for every frame, and writes nothing at all
 * where the variable CI is set. In its debug mode it hands over frames, and `Screen` brings them to the terminal.
 */
function frames(rows: () => number, onFrame: (frame: string) => void): NodeJS.WriteStream {
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      if (chunk !== "") onFrame(String(chunk));
      done();
    },
  });
  Object.defineProperties(stream, {
    columns: { value: PAPER_COLUMNS },
    rows: { get: rows },
  });
  return stream as unknown as NodeJS.WriteStream;
}

/** Mounts the view. `onFailure` is told when a component throws; the view is unmounted then. */
export function mount(
  first: Shown,
  options: {
    readonly stdin: NodeJS.ReadStream;
    readonly size: () => Size;
    readonly onFrame: (frame: string) => void;
    readonly onFailure: (error: unknown) => void;
  },
): Mounted {
  const paper = createPaper();
  // Where the variable CI is set, ink writes one line more as it unmounts: that is no frame.
  let mounted = true;
  const instance = render(<View {...first} paper={paper} />, {
    stdout: frames(
      () => options.size().rows,
      (marks) => {
        if (mounted) options.onFrame(paper.take(marks));
      },
    ),
    stdin: options.stdin,
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
    isScreenReaderEnabled: false,
  });
  instance.waitUntilExit().catch(options.onFailure);
  return {
    show: (props) => instance.rerender(<View {...props} paper={paper} />),
    unmount: () => {
      mounted = false;
      instance.unmount();
    },
  };
}
