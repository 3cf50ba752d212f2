import { Hono } from "hono";
import { modelOf, type Serving } from "./serving.ts";

/** GET /v1/models and /v1/models/{id}, whose id may hold slashes. */
export function models(serving: Serving): Hono {
  const told = ({ id }: { readonly id: string }) => ({
    id,
    object: "model",
    created: serving.startedSeconds,
    owned_by: "bezoar-lab",
  });
  return new Hono()
    .get("/v1/models", (c) => c.json({ object: "list", data: serving.models.map(told) }))
    .get("/v1/models/:id{.+}", (c) => c.json(told(modelOf(serving, c.req.param("id")))));
}
