import { createPaint, type Screen } from "../report/terminal/layout.ts";

const WIDTH_WITHOUT_TERMINAL = 80;

/** How standard output shows text; a file has no colour and the usual width. */
export function screenOf(isFile: boolean): Screen {
  const { stdout, env } = process;
  if (isFile) return { paint: createPaint(false), width: WIDTH_WITHOUT_TERMINAL };
  const width = (stdout.isTTY ? stdout.columns : 0) || WIDTH_WITHOUT_TERMINAL; // a pseudo-terminal may say 0
  return { paint: createPaint(wantsColor(stdout, env)), width };
}

/** FORCE_COLOR (as Node reads it) over NO_COLOR (no-color.org: not empty) over what the terminal can do. */
function wantsColor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  return stream.isTTY && stream.hasColors();
}
