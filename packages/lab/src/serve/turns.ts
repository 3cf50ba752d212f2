import { setImmediate } from "node:timers/promises";

/** Does a piece of work when its turn comes; rejects without doing it when `signal` was aborted before. */
export type Turn = <Result>(work: () => Result, signal: AbortSignal) => Promise<Result>;

/**
 * Makes the queue of everything that keeps the one thread busy: first come, first served, and between two pieces of
 * work the event loop reads requests and notices the ones that were given up. A request asks for a turn per token, so
 * that requests under way share the thread evenly.
 */
export function createTurns(): Turn {
  let last: Promise<unknown> = Promise.resolve();
  return (work, signal) => {
    const turn = last.then(async () => {
      signal.throwIfAborted();
      await setImmediate();
      signal.throwIfAborted();
      return work();
    });
    last = turn.catch(() => {}); // told to who asked
    return turn;
  };
}
