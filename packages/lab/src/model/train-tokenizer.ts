import { BYTE_CHARACTERS, toByteCharacters } from "./byte-level.ts";
import { CHAT_TEMPLATE } from "./chat-template.ts";
import { learnMerges } from "./learn-merges.ts";
import type { TokenizerFiles } from "./tokenizer.ts";
import { WORD_PATTERN } from "./tokenizer-schema.ts";

/** The special tokens of the lab's tokenizers; a token's place is its id. */
const SPECIAL_TOKENS = ["<pad>", "<s>", "</s>", "<|system|>", "<|user|>", "<|assistant|>"] as const;
export const PAD_TOKEN = 0;
export const BOS_TOKEN = 1;
export const EOS_TOKEN = 2;

/** Of the tokens beyond single bytes, those that are whole words: the rest are pieces, for words that were not seen. */
const WORD_SHARE = 0.85;
/** What occurs once is not learned. */
const MIN_COUNT = 2;

/**
 * Trains a byte-level BPE (Sennrich et al. 2016; Radford et al. 2019) of at most `vocabSize` tokens on the contents of
 * messages, counted as the chat template shows them: words with the space in front of them. Frequent words are tokens without
 * the merges that would lead to them, so that a small vocabulary holds them all. The same texts give the same files.
 */
export function trainTokenizer(
  texts: Iterable<string>,
  options: { readonly vocabSize: number },
): TokenizerFiles {
  const words = countWords(texts);
  const alphabet = BYTE_CHARACTERS.toSorted();
  const room = options.vocabSize - SPECIAL_TOKENS.length - alphabet.length;
  const whole = frequentWords(words, Math.floor(WORD_SHARE * room));
  const merges = learnMerges(words, room, new Set(SPECIAL_TOKENS), whole);
  const tokens = new Set([...SPECIAL_TOKENS, ...alphabet, ...whole, ...merges.map((pair) => pair.join(""))]);
  return {
    tokenizer: {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: SPECIAL_TOKENS.map((content, id) => ({
        id,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      })),
      normalizer: null,
      pre_tokenizer: {
        type: "Sequence",
        pretokenizers: [
          { type: "Split", pattern: { Regex: WORD_PATTERN }, behavior: "Isolated", invert: false },
          { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
        ],
      },
      post_processor: null,
      decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
      model: {
        type: "BPE",
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        fuse_unk: false,
        byte_fallback: false,
        ignore_merges: true, // a word that is a token is taken whole, as Llama 3 does
        vocab: Object.fromEntries([...tokens].map((token, id) => [token, id])),
        merges,
      },
    },
    config: {
      bos_token: SPECIAL_TOKENS[BOS_TOKEN],
      clean_up_tokenization_spaces: false,
      eos_token: SPECIAL_TOKENS[EOS_TOKEN],
      pad_token: SPECIAL_TOKENS[PAD_TOKEN],
      tokenizer_class: "PreTrainedTokenizerFast",
    },
    chatTemplate: CHAT_TEMPLATE,
  };
}

/** How often each word occurs, in byte characters. */
function countWords(texts: Iterable<string>): Map<string, number> {
  const pattern = new RegExp(WORD_PATTERN, "g");
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const [word] of ` ${text.trim()}`.matchAll(pattern)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return new Map([...counts].map(([word, count]) => [toByteCharacters(word), count]));
}

/** The words that occur most often, those of one count by code units. */
function frequentWords(counts: ReadonlyMap<string, number>, most: number): string[] {
  return [...counts]
    .filter(([word, count]) => count >= MIN_COUNT && word.length > 1 && !isSpecial(word))
    .toSorted(([word, count], [other, otherCount]) => otherCount - count || (word < other ? -1 : 1))
    .slice(0, Math.max(0, most))
    .map(([word]) => word);
}

const isSpecial = (word: string): boolean => SPECIAL_TOKENS.some((token) => token === word);
