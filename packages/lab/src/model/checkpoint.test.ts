import { mkdir, readdir, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { saveAdapter, saveCheckpoint } from "./save-checkpoint.ts";
import type { Tensor } from "./tensor.ts";
import { emptyFolder, tinyAdapter, tinyCheckpoint } from "./tiny-checkpoint.fixture.ts";
import { writeSafetensors } from "./write-safetensors.ts";

async function saved(checkpoint: Checkpoint = tinyCheckpoint()): Promise<string> {
  const path = join(await emptyFolder(), "model");
  await saveCheckpoint(path, checkpoint, { dtype: "F32" });
  return path;
}

/** The checkpoint with other weights in place of the ones given; undefined takes a tensor away. */
function withTensors(
  checkpoint: Checkpoint,
  others: Readonly<Record<string, Tensor | undefined>>,
): Checkpoint {
  const weights = new Map(checkpoint.weights);
  for (const [name, tensor] of Object.entries(others)) {
    if (tensor === undefined) weights.delete(name);
    else weights.set(name, tensor);
  }
  return { ...checkpoint, weights };
}

async function editJson(path: string, change: Readonly<Record<string, unknown>>): Promise<void> {
  const json: object = JSON.parse(await readFile(path, "utf8"));
  await writeFile(path, JSON.stringify({ ...json, ...change }));
}

test.each(["llama", "qwen3"] as const)(
  "a %s checkpoint comes back as it was saved, to the last bit",
  async (name) => {
    const checkpoint = tinyCheckpoint(name);
    const loaded = await loadCheckpoint(await saved(checkpoint));
    expect(loaded.config).toEqual(checkpoint.config);
    expect(new Map(loaded.weights)).toEqual(new Map(checkpoint.weights));
    expect(loaded.tokenizer.files).toEqual(checkpoint.tokenizer.files);
    expect(loaded.adapter).toBeUndefined();
  },
);

test("an adapter comes back on top of its base, which is sought from the adapter", async () => {
  const checkpoint = tinyCheckpoint();
  const base = await saved(checkpoint);
  const adapter = tinyAdapter(checkpoint.config, "../model");
  await saveAdapter(join(base, "../adapter"), adapter);
  const loaded = await loadCheckpoint(join(base, "../adapter"));
  expect(loaded.adapter).toEqual(adapter);
  expect(new Map(loaded.weights)).toEqual(new Map(checkpoint.weights));
});

test("an adapter's base can be named where adapter_config.json is wrong, and is asked for", async () => {
  const checkpoint = tinyCheckpoint();
  const base = await saved(checkpoint);
  const path = join(await emptyFolder(), "adapter");
  await saveAdapter(path, tinyAdapter(checkpoint.config, "some-org/some-model"));
  await expect(loadCheckpoint(path)).rejects.toThrow(
    /base "some-org\/some-model" is not at .*write the directory.*base_model_name_or_path/,
  );
  expect((await loadCheckpoint(path, { base })).adapter?.base).toBe("some-org/some-model");
});

test("an adapter that does not fit its base is refused with the tensor's name", async () => {
  const base = await saved(tinyCheckpoint("llama"));
  const wider = { ...tinyCheckpoint().config, hiddenSize: 16 };
  await saveAdapter(join(base, "../adapter"), tinyAdapter(wider, "../model"));
  await expect(loadCheckpoint(join(base, "../adapter"))).rejects.toThrow(
    "down_proj.lora_B.weight has shape [16, 2], the configuration asks for [8, 2]",
  );
});

test("weights in parts are read as one, and each part must hold what the index says", async () => {
  const checkpoint = tinyCheckpoint();
  const path = await saved(checkpoint);
  await rm(join(path, "model.safetensors"));
  const names = [...checkpoint.weights.keys()];
  const fileOf = (name: string) => `model-0000${names.indexOf(name) < 5 ? 1 : 2}-of-00002.safetensors`;
  for (const file of new Set(names.map(fileOf))) {
    const part = new Map([...checkpoint.weights].filter(([name]) => fileOf(name) === file));
    await writeSafetensors(join(path, file), part, { dtype: "F32" });
  }
  const index = join(path, "model.safetensors.index.json");
  const weightMap = Object.fromEntries(names.map((name) => [name, fileOf(name)]));
  await writeFile(index, JSON.stringify({ metadata: {}, weight_map: weightMap }));
  expect(new Map((await loadCheckpoint(path)).weights)).toEqual(new Map(checkpoint.weights));

  const wrong = { ...weightMap, "model.norm.weight": "model-00001-of-00002.safetensors" };
  await editJson(index, { weight_map: wrong });
  await expect(loadCheckpoint(path)).rejects.toThrow("tensor model.norm.weight is not where");
  await editJson(index, { weight_map: { ...weightMap, "model.norm.weight": "../other.safetensors" } });
  await expect(loadCheckpoint(path)).rejects.toThrow("model.norm.weight stands in no file of its directory");
});

test("a missing tensor is named", async () => {
  const path = await saved(withTensors(tinyCheckpoint(), { "model.norm.weight": undefined }));
  await expect(loadCheckpoint(path)).rejects.toMatchObject({
    code: "bad-model",
    message: `${path}: tensor model.norm.weight is missing`,
  });
});

test("a tensor of another shape is named, with both shapes", async () => {
  const tensor = { shape: [4, 2], data: new Float32Array(8) };
  const path = await saved(withTensors(tinyCheckpoint(), { "model.norm.weight": tensor }));
  await expect(loadCheckpoint(path)).rejects.toThrow(
    "model.norm.weight has shape [4, 2], the configuration asks for [8]",
  );
});

test("a tensor that nothing would use is named", async () => {
  const tensor = { shape: [2], data: new Float32Array(2) };
  const path = await saved(withTensors(tinyCheckpoint(), { "lm_head.weight": tensor }));
  await expect(loadCheckpoint(path)).rejects.toThrow("lm_head.weight has no place in this architecture");
});

test("a file that was cut off names the tensor at its end", async () => {
  const path = await saved();
  const file = join(path, "model.safetensors");
  await truncate(file, (await readFile(file)).length - 1);
  await expect(loadCheckpoint(path)).rejects.toThrow('cut off inside tensor "model.norm.weight"');
});

test.each([
  ["config.json", "neither config.json nor adapter_config.json is in it"],
  ["model.safetensors", "model.safetensors is missing, and so is model.safetensors.index.json"],
  ["tokenizer.json", "tokenizer.json is missing"],
  ["tokenizer_config.json", "tokenizer_config.json is missing"],
])("a directory without %s is refused with what is missing", async (file, message) => {
  const path = await saved();
  await rm(join(path, file));
  await expect(loadCheckpoint(path)).rejects.toMatchObject({ code: "bad-model" });
  await expect(loadCheckpoint(path)).rejects.toThrow(message);
});

test("an architecture that is not computed is named", async () => {
  const path = await saved();
  await editJson(join(path, "config.json"), { architectures: ["MambaForCausalLM"] });
  await expect(loadCheckpoint(path)).rejects.toThrow('architecture "MambaForCausalLM" is unknown');
});

test("a tokenizer with more tokens than the model is refused", async () => {
  const path = await saved();
  await editJson(join(path, "config.json"), { vocab_size: 100 });
  await expect(loadCheckpoint(path)).rejects.toThrow(
    /the tokenizer has \d+ tokens, the model's vocabulary 100/,
  );
});

test("a place that is no directory is told from one that is not there", async () => {
  const path = await saved();
  await expect(loadCheckpoint(join(path, "config.json"))).rejects.toMatchObject({ code: "bad-model" });
  await expect(loadCheckpoint(join(path, "nowhere"))).rejects.toMatchObject({ code: "not-found" });
});

test("what is in the way of a checkpoint stays, and nothing is left beside it", async () => {
  const path = await saved();
  const before = await readFile(join(path, "config.json"));
  await expect(saveCheckpoint(path, tinyCheckpoint("qwen3"), { dtype: "F32" })).rejects.toMatchObject({
    code: "output",
  });
  expect(await readFile(join(path, "config.json"))).toEqual(before);
  expect(await readdir(join(path, ".."))).toEqual(["model"]);
});

test("an empty directory is filled", async () => {
  const path = join(await emptyFolder(), "model");
  await mkdir(path);
  await saveCheckpoint(path, tinyCheckpoint(), { dtype: "BF16" });
  expect(await readdir(path)).toEqual([
    "chat_template.jinja",
    "config.json",
    "generation_config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
  ]);
});

test("a template in tokenizer_config.json alone is found too", async () => {
  const path = await saved();
  await rename(join(path, "chat_template.jinja"), join(path, "old.jinja"));
  const { tokenizer } = await loadCheckpoint(path);
  expect(tokenizer.renderChat([{ role: "user", content: "hi" }], true)).toBe("<s><|user|> hi<|assistant|>");
});
