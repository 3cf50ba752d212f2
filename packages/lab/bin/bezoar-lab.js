#!/usr/bin/env node
import { launch } from "bezoar/launch";

await launch("bezoar-lab", new URL("../dist/cli/main.js", import.meta.url));
