/** Bytes looked at before they are read: `head` comes again as the beginning of `chunks`. */
export type Peeked = {
  readonly head: Buffer;
  readonly isWhole: boolean;
  readonly chunks: AsyncGenerator<Buffer>;
};

/** Reads ahead until `isEnough` or the end; linear however small the pieces are. */
export async function peek(
  source: AsyncIterator<Buffer>,
  isEnough: (head: Buffer) => boolean,
): Promise<Peeked> {
  let held = Buffer.alloc(0);
  let used = 0;
  let isWhole = false;
  while (!isWhole && !isEnough(held.subarray(0, used))) {
    const next = await source.next();
    if (next.done === true) {
      isWhole = true;
      continue;
    }
    if (used + next.value.length > held.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(held.length * 2, used + next.value.length));
      held.copy(grown, 0, 0, used);
      held = grown;
    }
    used += next.value.copy(held, used);
  }
  const head = held.subarray(0, used);
  async function* chunks(): AsyncGenerator<Buffer> {
    try {
      if (head.length > 0) yield head;
      for (;;) {
        const next = await source.next();
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await source.return?.();
    }
  }
  return { head, isWhole, chunks: chunks() };
}
