import { clipDecoded, type ContentHit } from "./content-hit.ts";
import { rot13 } from "./rot13.ts";

/** Instructions written backwards or by rot13, the two ciphers that every model reads; `recheck` judges the text so turned. */
export function findTurnedText(
  text: string,
  recheck: (decoded: string) => readonly ContentHit[],
): ContentHit[] {
  const ways = [
    {
      form: "rot13",
      name: "text in rot13",
      decoded: rot13(text),
      place: (start: number, end: number) => ({ start, end }),
    },
    {
      form: "backwards",
      name: "text written backwards",
      decoded: Array.from(text).toReversed().join(""),
      place: (start: number, end: number) => ({ start: text.length - end, end: text.length - start }),
    },
  ];
  const hits: ContentHit[] = [];
  for (const { form, name, decoded, place } of ways) {
    for (const { rule, start, end, what, severity } of recheck(decoded)) {
      if (rule !== "content/injection" || severity === "info") continue;
      hits.push({
        rule: "content/encoded-payload",
        form,
        ...place(start, end),
        what: `${name}, ${what}`,
        decoded: clipDecoded(decoded.slice(start, end)),
        severity,
      });
    }
  }
  return hits;
}
