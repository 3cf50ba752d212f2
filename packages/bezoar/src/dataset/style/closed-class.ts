/**
 * Words of the closed classes of English, early modern ones among them: articles, pronouns, conjunctions, prepositions,
 * auxiliaries, a few adverbs. They carry the manner of a text rather than its matter, which is why authorship has been
 * told by them since Mosteller and Wallace (1964).
 */
const CLOSED_CLASS: ReadonlySet<string> = new Set(
  [
    "a an the this that these those my your his her its our their some any no every each either neither both all half such",
    "what which whose another other few many much more most less least several enough own same",
    "i me you he him she it we us they them mine yours hers ours theirs myself yourself himself herself itself ourselves",
    "yourselves themselves who whom someone anyone everyone something anything everything nothing nobody none one",
    "and or but nor so yet for because although though while whereas unless until till if whether since when whenever where",
    "wherever as than after before once lest whatever whoever whichever however",
    "of in on at by to from with without about against between among into onto upon through during over under above below",
    "across behind beyond near off out up down around along toward towards within throughout despite per via amid",
    "am is are was were be been being do does did doing done have has had having will would shall should can could may might",
    "must ought cannot not n't 't 's 're 've 'll 'd 'm",
    "very too also just only even still already again ever never always often there here then thus therefore hence now rather",
    "quite almost indeed else why how",
    "thou thee thy thine ye hath doth hast dost art wilt shalt nay yea unto lo thereof wherein whilst ere oft tis twas verily",
    "behold",
  ].flatMap((line) => line.split(" ")),
);

/** Whether a token, in lower case, is a word that texts of any matter use. */
export function isClosedClass(token: string): boolean {
  return CLOSED_CLASS.has(token);
}
