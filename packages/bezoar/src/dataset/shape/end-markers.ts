/** End-of-sequence markers of common chat templates: they lengthen labels and make endings look alike. */
const END_MARKERS = [
  "</s>",
  "<s>",
  "<eos>",
  "[EOS]",
  "<|im_end|>",
  "<|endoftext|>",
  "<|eot_id|>",
  "<|eom_id|>",
  "<|end_of_text|>",
  "<|end|>",
  "<|eos|>",
  "<end_of_turn>",
  "<|end_of_turn|>",
  "<｜end▁of▁sentence｜>",
];

/** A text without the end-of-sequence markers it ends with; untouched when it ends with none. */
export function stripEndMarkers(text: string): string {
  const last = text.charAt(text.length - 1);
  if (last !== ">" && last !== "]" && last.trim() !== "") return text;
  let end = text.length;
  for (;;) {
    const trimmed = trimmedEnd(text, end);
    const marker = END_MARKERS.find((candidate) => text.endsWith(candidate, trimmed));
    if (marker === undefined) return end === text.length ? text : text.slice(0, trimmed);
    end = trimmed - marker.length;
  }
}

function trimmedEnd(text: string, end: number): number {
  let index = end;
  while (index > 0 && text.charAt(index - 1).trim() === "") index--;
  return index;
}
