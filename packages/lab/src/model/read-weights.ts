import { AppError, openSafetensors, toFloat32, type Safetensors } from "bezoar";
import { join } from "node:path";
import { z } from "zod";
import { isFile, readJson } from "./model-files.ts";
import type { Tensor, Weights } from "./tensor.ts";

export const WEIGHTS_FILE = "model.safetensors";
const INDEX_FILE = "model.safetensors.index.json";
/** The largest models come in some 200 parts. */
const MAX_SHARDS = 1024;
/** Beyond this the float32 values do not fit beside an engine in WebAssembly's 4 GiB. */
const MAX_PARAMETERS = 500_000_000;

/** A part is a file of the same directory: an index must not lead elsewhere (CWE-22). */
const shardName = z.string().regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,200}\.safetensors$/);

/** The weights in a checkpoint's directory, whole or in parts; they must be exactly the ones of `shapes`. */
export async function readWeights(
  directory: string,
  shapes: ReadonlyMap<string, readonly number[]>,
): Promise<Weights> {
  const whole = join(directory, WEIGHTS_FILE);
  const index = join(directory, INDEX_FILE);
  const [hasWhole, hasIndex] = [await isFile(whole), await isFile(index)];
  if (hasWhole && hasIndex) {
    throw new AppError(
      "bad-model",
      `${directory}: holds ${WEIGHTS_FILE} and ${INDEX_FILE}: which one counts?`,
    );
  }
  if (hasWhole) return readTensors([whole], shapes, directory);
  if (!hasIndex) {
    throw new AppError(
      "bad-model",
      `${directory}: ${WEIGHTS_FILE} is missing, and so is ${INDEX_FILE}; weights in other formats are not loaded`,
    );
  }
  const places = await readIndex(index);
  const names = [...new Set(places.values())].toSorted();
  if (names.length > MAX_SHARDS) throw new AppError("bad-model", `${index}: more than ${MAX_SHARDS} parts`);
  return readTensors(
    names.map((name) => join(directory, name)),
    shapes,
    directory,
    (tensor, path) => {
      if (join(directory, places.get(tensor) ?? "") === path) return;
      throw new AppError("bad-model", `${path}: tensor ${tensor} is not where ${INDEX_FILE} says`);
    },
  );
}

async function readIndex(path: string): Promise<ReadonlyMap<string, string>> {
  const parsed = z.looseObject({ weight_map: z.unknown() }).safeParse(await readJson(path));
  const map = parsed.data?.weight_map;
  if (typeof map !== "object" || map === null) throw new AppError("bad-model", `${path}: has no weight_map`);
  const places = new Map<string, string>();
  for (const [tensor, file] of Object.entries(map)) {
    const name = shardName.safeParse(file);
    if (!name.success)
      throw new AppError("bad-model", `${path}: ${tensor} stands in no file of its directory`);
    places.set(tensor, name.data);
  }
  return places;
}

/** Tensors of safetensors files, which must be exactly the ones of `shapes`; what a file says is checked before its bytes are read. */
export async function readTensors(
  paths: readonly string[],
  shapes: ReadonlyMap<string, readonly number[]>,
  directory: string,
  checkPlace: (tensor: string, path: string) => void = () => undefined,
): Promise<Weights> {
  const parameters = [...shapes.values()].reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
  if (parameters > MAX_PARAMETERS) {
    throw new AppError(
      "bad-model",
      `${directory}: a model of ${Math.round(parameters / 1e6)} million parameters is too large for this machine (at most ${MAX_PARAMETERS / 1e6})`,
    );
  }
  const weights = new Map<string, Tensor>();
  for (const path of paths) {
    const file = await openSafetensors(path);
    try {
      for (const name of file.tensors.keys()) {
        if (weights.has(name))
          throw new AppError("bad-model", `${path}: tensor ${name} is in another part too`);
        checkPlace(name, path);
        weights.set(name, await readTensor(file, name, shapes.get(name), path));
      }
    } finally {
      await file.close();
    }
  }
  for (const name of shapes.keys()) {
    if (!weights.has(name)) throw new AppError("bad-model", `${directory}: tensor ${name} is missing`);
  }
  return weights;
}

async function readTensor(
  file: Safetensors,
  name: string,
  wanted: readonly number[] | undefined,
  path: string,
): Promise<Tensor> {
  const tensor = file.tensors.get(name);
  if (wanted === undefined || tensor === undefined) {
    throw new AppError(
      "bad-model",
      `${path}: tensor ${name} has no place in this architecture and would be ignored`,
    );
  }
  const { shape, dtype } = tensor;
  if (shape.length !== wanted.length || shape.some((length, i) => length !== wanted[i])) {
    const [is, expected] = [shape, wanted].map((each) => `[${each.join(", ")}]`);
    throw new AppError(
      "bad-model",
      `${path}: tensor ${name} has shape ${is}, the configuration asks for ${expected}`,
    );
  }
  return { shape, data: toFloat32(dtype, await file.read(name)) };
}
