import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { kernels } from "./kernels.ts";

const dataset = join(import.meta.dirname, "..");

test("every kernel of the detectors is known to the workers, under a name of its own", async () => {
  const names: string[] = [];
  for (const file of globSync("**/*.ts", { cwd: dataset })) {
    if (file.endsWith(".test.ts")) continue;
    const declared = [
      ...readFileSync(join(dataset, file), "utf8").matchAll(/^(?:export )?const (\w+): Kernel</gm),
    ];
    if (declared.length === 0) continue;
    const module: Record<string, unknown> = await import(join(dataset, file));
    for (const [, variable = ""] of declared) {
      const kernel = module[variable];
      expect(kernel, `${file}: ${variable} must be exported`).toBeTypeOf("object");
      if (typeof kernel === "object" && kernel !== null && "name" in kernel) names.push(String(kernel.name));
    }
  }
  expect(names.length).toBeGreaterThan(10);
  expect(names.toSorted()).toEqual([...kernels.keys()].toSorted());
  expect(new Set(names).size).toBe(names.length);
});
