import { execFile } from "node:child_process";
import type { BigIntStats } from "node:fs";
import { access, lstat, mkdir, open, readlink, realpath, rename, symlink, unlink } from "node:fs/promises";

/** An open file. */
export interface OpenFile {
  stat(): Promise<BigIntStats>;
  /** All of it, from the start. */
  read(): Promise<Buffer>;
  /** All of `bytes`, at `position`. */
  write(bytes: Buffer, position: number): Promise<void>;
  truncate(length: number): Promise<void>;
  chmod(mode: number): Promise<void>;
  chown(uid: number, gid: number): Promise<void>;
  /** To the disk itself. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The few calls that the hosts file is read and written by, each of which a test can make fail. */
export interface Disk {
  realpath(path: string): Promise<string>;
  lstat(path: string): Promise<BigIntStats>;
  /** Rejects unless the process may do what `mode` (`constants.W_OK`) says. */
  access(path: string, mode: number): Promise<void>;
  mkdir(path: string, mode: number): Promise<void>;
  open(path: string, flags: string, mode?: number): Promise<OpenFile>;
  symlink(text: string, path: string): Promise<void>;
  readlink(path: string): Promise<string>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /**
   * Gives `to`, an empty file, the extended attributes of `from` (an SELinux context, an ACL), which Node cannot read.
   * As far as the system's `cp` can: never rejects.
   */
  copyAttributes(from: string, to: string): Promise<void>;
}

/** The real one. */
export const systemDisk: Disk = {
  realpath: (path) => realpath(path),
  lstat: (path) => lstat(path, { bigint: true }),
  access: (path, mode) => access(path, mode),
  mkdir: async (path, mode) => void (await mkdir(path, { mode })),
  open: openFile,
  symlink: (text, path) => symlink(text, path),
  readlink: (path) => readlink(path),
  rename: (from, to) => rename(from, to),
  unlink: (path) => unlink(path),
  copyAttributes,
};

async function openFile(path: string, flags: string, mode?: number): Promise<OpenFile> {
  const handle = await open(path, flags, mode);
  return {
    stat: () => handle.stat({ bigint: true }),
    // Not readFile(): that goes on from where the last read stopped.
    read: async () => {
      const parts: Buffer[] = [];
      for (let position = 0; ; ) {
        const buffer = Buffer.alloc(1 << 18);
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
        if (bytesRead === 0) return Buffer.concat(parts);
        parts.push(buffer.subarray(0, bytesRead));
        position += bytesRead;
      }
    },
    write: async (bytes, position) => {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
        done += bytesWritten;
      }
    },
    truncate: (length) => handle.truncate(length),
    chmod: (mode) => handle.chmod(mode),
    chown: (uid, gid) => handle.chown(uid, gid),
    sync: () => handle.sync(),
    close: () => handle.close(),
  };
}

/** GNU `cp` can leave the contents out; macOS `cp -p` brings them along, so the caller truncates. */
const COPY: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ["--attributes-only", "--preserve=all", "--"],
  darwin: ["-p", "--"],
};

function copyAttributes(from: string, to: string): Promise<void> {
  const options = COPY[process.platform];
  if (options === undefined) return Promise.resolve();
  return new Promise((done) => {
    execFile("cp", [...options, from, to], { timeout: 5000 }, () => done());
  });
}
