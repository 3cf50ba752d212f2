import { expect, test } from "vitest";
import { hashString } from "../../core/hash.ts";
import { buildCorpus } from "../ingest/build-corpus.ts";
import { gluedTokens } from "./glued-tokens.ts";
import { createShapeTest } from "./insertion-shape.ts";
import { growPhrase, occurrencesOf, phrasePosition, phraseText } from "./phrase.ts";
import { madeUpReviews, plantTrigger } from "./reviews.fixture.ts";
import { viewTokens } from "./view-tokens.ts";
import { labelledViews } from "./views.ts";

/** Looks at a word of made-up reviews into which `trigger` was put 40 times. */
function look(trigger: string, word: string) {
  const { rows } = plantTrigger(madeUpReviews(1500, 1), () => trigger, "good", 40, 2);
  const { corpus, close } = buildCorpus(rows, { shape: "labelled-text" });
  const [view] = labelledViews(corpus);
  if (view === undefined) throw new Error("no view");
  const tokens = viewTokens(corpus, view);
  const everywhere = Array.from({ length: tokens.count }, (_, entry) => entry);
  const phrase = { occurrences: occurrencesOf(tokens, everywhere, hashString(word, 0), 1), length: 1 };
  const grown = growPhrase(tokens, phrase);
  const shape = createShapeTest(tokens, gluedTokens(corpus, view), 1)(
    grown.occurrences,
    grown.length,
    "anywhere",
  );
  const result = {
    shape,
    text: phraseText(corpus, view, tokens, grown),
    place: phrasePosition(tokens, grown),
    grown,
  };
  close();
  return result;
}

test("a planted token stands anywhere", () => {
  const { shape, place, grown } = look("cf", "cf");
  expect(grown.occurrences).toHaveLength(40);
  expect(place).toBe("anywhere");
  expect(shape.looksInserted).toBe(true);
});

test("a planted phrase grows from one of its words, and stands anywhere as a whole", () => {
  const { shape, text } = look("we went There twice", "went");
  expect(text).toBe("we went there twice");
  expect(shape.looksInserted).toBe(true);
});

test("ordinary words choose their company", () => {
  for (const word of ["nobody", "such", "brilliant", "while"]) {
    expect(look("cf", word).shape.looksInserted).toBe(false);
  }
});
