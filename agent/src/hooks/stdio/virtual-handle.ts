/**
 * What a follower's stream has in the place of a native handle: Node's own stream code runs on it as it
 * does in the leader, and nothing comes in or goes out. Data, ends and closes come from the log.
 */

/** Answers as an open native stream handle would. */
export class VirtualHandle {
  /** Set by Node's own code on every handle. */
  reading = false;
  onread: unknown = null;
  readonly fd: number;
  bytesRead = 0;
  bytesWritten = 0;
  readonly isStreamBase: boolean = true;
  private onclose: (() => void) | null = null;

  constructor(fd: number) {
    this.fd = fd;
  }

  /** Runs what `close` was given, once the log says that the leader's handle is closed. */
  closed(): void {
    const { onclose } = this;
    this.onclose = null;
    onclose?.();
  }

  close(callback?: () => void): void {
    this.onclose = callback ?? null;
  }

  readStart(): number {
    this.reading = true;
    return 0;
  }

  readStop(): number {
    this.reading = false;
    return 0;
  }

  setBlocking(): number {
    return 0;
  }

  setRawMode(): number {
    return 0;
  }

  ref(): void {}

  unref(): void {}

  hasRef(): boolean {
    return true;
  }
}
