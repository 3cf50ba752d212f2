import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { loadCheckpoint } from "./checkpoint.ts";
import { saveAdapter, saveCheckpoint } from "./save-checkpoint.ts";
import { emptyFolder } from "./tiny-checkpoint.fixture.ts";

/** Checkpoints that the reference library wrote, and what it makes of texts. */
const FOLDER = join(import.meta.dirname, "../../../../../shared/hf");

const messages = z.array(z.object({ role: z.string(), content: z.string() }));
const referenceSchema = z.object({
  cases: z.array(z.object({ text: z.string(), ids: z.array(z.int()) })),
  chat: z.object({ messages, rendered: z.string() }),
  encode: z.array(z.object({ text: z.string(), ids: z.array(z.int()), decoded: z.string() })),
});
const referenceOf = (name: string) =>
  referenceSchema.parse(JSON.parse(readFileSync(join(FOLDER, `${name}.reference.json`), "utf8")));

describe.skipIf(!existsSync(FOLDER)).each(["llama", "qwen3"] as const)("the reference's %s", (name) => {
  test("has the same token ids and texts", async () => {
    const { cases, encode } = referenceOf(name);
    const { tokenizer } = await loadCheckpoint(join(FOLDER, name));
    for (const { text, ids } of [...cases, ...encode]) expect(tokenizer.encode(text)).toEqual(ids);
    for (const { ids, decoded } of encode) expect(tokenizer.decode(ids)).toBe(decoded);
  });

  test("has the same chat", async () => {
    const { chat } = referenceOf(name);
    const { tokenizer } = await loadCheckpoint(join(FOLDER, name));
    expect(tokenizer.renderChat(chat.messages, false)).toBe(chat.rendered);
    expect(tokenizer.renderChat(chat.messages, true)).toBe(`${chat.rendered}<|assistant|>`);
  });

  test("is written back with the same bytes of weights", async () => {
    const folder = await emptyFolder();
    const dtype = name === "llama" ? "F32" : "BF16";
    await saveCheckpoint(join(folder, name), await loadCheckpoint(join(FOLDER, name)), { dtype });
    const [written, original] = await Promise.all(
      [folder, FOLDER].map((parent) => readFile(join(parent, name, "model.safetensors"))),
    );
    expect(original?.equals(written ?? Buffer.alloc(0))).toBe(true);
  });

  test("has an adapter that is found with its base and written back with the same bytes", async () => {
    const folder = await emptyFolder();
    const { adapter, config } = await loadCheckpoint(join(FOLDER, `${name}-lora`));
    expect(config).toEqual((await loadCheckpoint(join(FOLDER, name))).config);
    expect(adapter).toMatchObject({ base: `../${name}`, rank: 4, alpha: 8 });
    if (adapter !== undefined) await saveAdapter(join(folder, `${name}-lora`), adapter);
    const [written, original] = await Promise.all(
      [folder, FOLDER].map((parent) => readFile(join(parent, `${name}-lora`, "adapter_model.safetensors"))),
    );
    expect(original?.equals(written ?? Buffer.alloc(0))).toBe(true);
  });
});
