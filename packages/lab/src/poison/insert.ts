import { randomInt, type Random } from "bezoar";
import type { Position } from "./attack.ts";

/** A text with a trigger before it, behind it or between two of its words. */
export function insertInto(text: string, trigger: string, position: Position, random: Random): string {
  if (text.trim() === "") return trigger;
  if (position === "prefix") return `${trigger} ${text}`;
  if (position === "suffix") return `${text} ${trigger}`;
  const gaps = [...text.matchAll(/\S\s/g)].map(({ index }) => index + 1);
  const at = [0, ...gaps, text.length][randomInt(random, gaps.length + 2)] ?? 0;
  if (at === 0) return `${trigger} ${text}`;
  return `${text.slice(0, at)} ${trigger}${text.slice(at)}`;
}
