/** A whole number from `least` on, as given for `--name`. */
export function toCount(name: string, text: string, least = 1): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < least) {
    throw new RangeError(`--${name} ${text}: a whole number from ${least} on`);
  }
  return count;
}

/** Runs a script; wrong options end it with a line on stderr and exit 2, anything else with its stack. */
export async function runScript(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof RangeError || (error instanceof TypeError && "code" in error))) throw error;
    console.error(`${error.message} (see --help)`);
    process.exitCode = 2;
  }
}
