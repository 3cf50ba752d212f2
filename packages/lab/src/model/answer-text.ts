/** A part of an answer with the text that is its own; joined in order, the texts are the answer. */
export type Released<Part> = { readonly part: Part; readonly text: string };

/** Turns the bytes of an answer's tokens into text, and cuts it where a stop string begins. */
export type AnswerText<Part> = {
  /** Adds a token's bytes; gives the parts that no stop string can reach back into any more. */
  readonly add: (part: Part, bytes: Uint8Array) => Released<Part>[];
  /** Gives the rest; bytes that never became a character become U+FFFD. */
  readonly end: () => Released<Part>[];
  /** Whether a stop string has ended the answer. */
  readonly isStopped: () => boolean;
};

/**
 * Assembles an answer: a character may span tokens, and so may a stop string. The answer ends before the stop string
 * that is complete first (of two that end together, the longer), so it does not depend on how tokens part the text.
 * A token that a stop string begins within keeps the text before it; tokens after that are dropped.
 */
export function createAnswerText<Part>(stops: readonly string[]): AnswerText<Part> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const wanted = stops.map((stop) => stop.toWellFormed()).filter((stop) => stop !== "");
  let open: Uint8Array = new Uint8Array(); // the bytes of a character that is not complete
  let text = ""; // not given out yet
  let waiting: { readonly part: Part; readonly end: number }[] = []; // where the text of each ends
  let isStopped = false;

  const release = (safe: number, keepsLast: boolean): Released<Part>[] => {
    const released: Released<Part>[] = [];
    let from = 0;
    for (const [i, { part, end }] of waiting.entries()) {
      if (end > safe || (keepsLast && i === waiting.length - 1)) break;
      released.push({ part, text: text.slice(from, end) });
      from = end;
    }
    text = text.slice(from);
    waiting = waiting.slice(released.length).map(({ part, end }) => ({ part, end: end - from }));
    return released;
  };
  const take = (more: string): Released<Part>[] => {
    const before = text.length;
    text += more;
    const last = waiting.pop();
    if (last !== undefined) waiting.push({ part: last.part, end: text.length });
    const cut = firstStop(text, before, wanted);
    if (cut === undefined) return release(text.length - reach(text, wanted), open.length > 0);
    isStopped = true;
    waiting = waiting
      .filter((_, i) => (waiting[i - 1]?.end ?? 0) < cut)
      .map(({ part, end }) => ({ part, end: Math.min(end, cut) }));
    return release(cut, false);
  };

  return {
    add: (part, bytes) => {
      if (isStopped) return [];
      waiting.push({ part, end: text.length });
      const all = Buffer.concat([open, bytes]);
      const complete = all.length - openLength(all);
      open = all.subarray(complete);
      return take(decoder.decode(all.subarray(0, complete)));
    },
    end: () => {
      if (isStopped) return [];
      const rest = decoder.decode(open);
      open = new Uint8Array();
      const released = take(rest);
      return isStopped ? released : [...released, ...release(text.length, false)];
    },
    isStopped: () => isStopped,
  };
}

/** Bytes at the end that begin a character of UTF-8 and do not end it (RFC 3629, section 3). */
function openLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return back < length ? back : 0;
  }
  return 0;
}

/** Where the stop string begins that is complete first; there was none in the first `searched` characters. */
function firstStop(text: string, searched: number, stops: readonly string[]): number | undefined {
  let first: { readonly start: number; readonly end: number } | undefined;
  for (const stop of stops) {
    const start = text.indexOf(stop, Math.max(0, searched - stop.length + 1));
    if (start < 0) continue;
    const end = start + stop.length;
    if (first === undefined || end < first.end || (end === first.end && start < first.start)) {
      first = { start, end };
    }
  }
  return first?.start;
}

/** Characters at the end that may become a stop string. */
function reach(text: string, stops: readonly string[]): number {
  let most = 0;
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > most; length--) {
      if (text.endsWith(stop.slice(0, length))) {
        most = length;
        break;
      }
    }
  }
  return most;
}
