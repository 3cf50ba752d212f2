// Plain JavaScript that any Node can parse. It only decides which Node runs the real command.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const [major] = process.versions.node.split(".").map(Number);

function bundledNode() {
  try {
    return createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/bin/node`);
  } catch {
    return undefined;
  }
}

/** Runs the command in another Node: signals are passed on, and how it ended is how this process ends. */
function runWith(node, name, main) {
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`${name}: ${node} cannot be run (${error.message}); install Node.js 24 or newer`);
    process.exitCode = 2;
  });
  child.on("exit", (status, signal) => {
    process.exitCode = status ?? 128 + constants.signals[signal];
  });
}

/** Runs the command `name`, whose compiled entry is the URL `main`, in this Node or in the one that was installed with it. */
export async function launch(name, main) {
  if (!existsSync(main)) {
    console.error(`${name} is not built yet: run \`npm run build\``);
    process.exitCode = 2;
  } else if (major >= 24) {
    await import(main.href);
  } else {
    const node = bundledNode();
    if (node) runWith(node, name, main);
    else {
      console.error(`${name} needs Node.js 24 or newer; this is ${process.version}`);
      process.exitCode = 2;
    }
  }
}
