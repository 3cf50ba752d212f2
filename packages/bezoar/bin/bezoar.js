#!/usr/bin/env node
// Plain JavaScript that any Node can parse. It only decides which Node runs the real command.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const main = new URL("../dist/cli/main.js", import.meta.url);
const [major] = process.versions.node.split(".").map(Number);

function bundledNode() {
  try {
    return createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/bin/node`);
  } catch {
    return undefined;
  }
}

if (!existsSync(main)) {
  console.error("bezoar is not built yet: run `npm run build`");
  process.exitCode = 2;
} else if (major >= 24) {
  await import(main.href);
} else {
  const node = bundledNode();
  if (node) {
    const { status, signal } = spawnSync(node, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: "inherit" });
    process.exitCode = signal ? 130 : (status ?? 2);
  } else {
    console.error(`bezoar needs Node.js 24 or newer; this is ${process.version}`);
    process.exitCode = 2;
  }
}
