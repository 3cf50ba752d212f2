#!/usr/bin/env node
import { launch } from "./launch.js";

await launch("bezoar", new URL("../dist/cli/main.js", import.meta.url));
