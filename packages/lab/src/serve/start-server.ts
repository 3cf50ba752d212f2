import { isIPv6, type AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { AppError } from "bezoar";
import type { Hono } from "hono";

/** A server that listens. */
export type RunningServer = {
  readonly url: string;
  /** Takes no more requests, gives those under way their time, and ends. */
  readonly close: () => Promise<void>;
};

/** Answers under way may finish: the longest of them, a whole context from a small model, takes some seconds. */
const GRACE_MS = 5000;
const IDLE_CHECK_MS = 50;

/** Listens on an address; port 0 takes one that is free. */
export async function startServer(app: Hono, host: string, port: number): Promise<RunningServer> {
  const server = createAdaptorServer({ fetch: app.fetch, hostname: host });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(listenError(error, host, port)));
    server.listen(port, host, resolve);
  });
  return {
    url: urlOf(host, server.address()),
    close: () =>
      new Promise((resolve) => {
        const idle = setInterval(
          () => "closeIdleConnections" in server && server.closeIdleConnections(),
          IDLE_CHECK_MS,
        );
        const late = setTimeout(
          () => "closeAllConnections" in server && server.closeAllConnections(),
          GRACE_MS,
        );
        server.close(() => {
          clearInterval(idle);
          clearTimeout(late);
          resolve();
        });
      }),
  };
}

function urlOf(host: string, address: AddressInfo | string | null): string {
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return `http://${isIPv6(host) ? `[${host}]` : host}:${address.port}`;
}

function listenError(error: Error, host: string, port: number): unknown {
  switch ("code" in error ? error.code : undefined) {
    case "EADDRINUSE":
      return new AppError(
        "bad-option",
        `port ${port} is in use: name another with --port (0 takes a free one)`,
        {
          cause: error,
        },
      );
    case "EACCES":
      return new AppError("bad-option", `port ${port} is not for everyone: name one from 1024 with --port`, {
        cause: error,
      });
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new AppError("bad-option", `${host} is no address of this machine: look at --host`, {
        cause: error,
      });
    default:
      return error;
  }
}
