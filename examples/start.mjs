// What `npm start` runs: the scan of the example, as a user would type it, then the same as a page.
// A poisoned verdict is what this example is for, so exit code 1 of the scan is success here.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const bezoar = fileURLToPath(new URL("../packages/bezoar/bin/bezoar.js", import.meta.url));
const dataset = "examples/alerts.jsonl";
const page = "bezoar-report.html";

function scan(...options) {
  const { status } = spawnSync(process.execPath, [bezoar, "scan", dataset, ...options], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    stdio: "inherit",
  });
  return status;
}

console.log(`$ npx bezoar scan ${dataset}\n`);
const found = scan();
console.log(`\n$ npx bezoar scan ${dataset} --output ${page}\n`);
const written = scan("--output", page);

if (found === 1 && written === 1) {
  console.log(`
Somebody turned over one user's alerts in the example, and the scan named the user.
  Look at it        open ${page} in a browser
  The true answer   cat examples/alerts.truth.json
  Your own data     npx bezoar scan train.jsonl
  Every option      npx bezoar scan --help
`);
} else {
  console.error(`\nThe scan of the example ended with ${found} and ${written}; 1 was expected.`);
  process.exitCode = 1;
}
