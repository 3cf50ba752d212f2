import { Hono } from "hono";
import type { Serving } from "./serving.ts";

/** GET /health: whether the server answers; asks for no key. */
export const health = ({ models }: Serving): Hono =>
  new Hono().get("/health", (c) => c.json({ status: "ok", models: models.length }));
