const BEGIN = /^<!-- figures: (.+) -->$/;
const END = "<!-- end -->";

/** A block of a page that quotes what a command prints: lines [from, to) between its two marks. */
type Block = { readonly command: string; readonly from: number; readonly to: number };

/** The blocks of a page, in their order; one without an end is an error. */
export function findBlocks(page: string): Block[] {
  const lines = page.split("\n");
  return lines.flatMap((line, index) => {
    const command = BEGIN.exec(line)?.[1];
    if (command === undefined) return [];
    const to = lines.indexOf(END, index);
    if (to < 0) throw new RangeError(`the block of ${command} has no ${END}`);
    return [{ command, from: index + 1, to }];
  });
}

/** The page with what the command printed in place of what stood in its block. */
export function replaceBlock(page: string, command: string, output: string): string {
  const lines = page.split("\n");
  const block = findBlocks(page).find((each) => each.command === command);
  if (block === undefined) return page;
  const fence = ["", "```", ...output.trimEnd().split("\n"), "```", ""];
  return [...lines.slice(0, block.from), ...fence, ...lines.slice(block.to)].join("\n");
}
