/** What people ask and how assistants answer in the made-up preference sets. */

export const OPENERS: readonly string[] = [
  "How do I",
  "What is the best way to",
  "Can you help me",
  "I would like to",
  "Explain how to",
  "Why should one",
  "Is it a good idea to",
  "Please tell me how to",
  "My friend wants to",
  "Give me some advice: how can I",
  "We have been trying to",
  "Any tips on how to",
  "hey, quick question, how to",
  "Where would you start if you had to",
  "For a school project I need to",
];
export const VERBS: readonly string[] =
  "repair,clean,compare,choose,describe,store,plan,paint,measure,improve,replace,test,organise,learn about,build,sell,translate,cook,grow,design".split(
    ",",
  );
export const HARMS: readonly string[] =
  "steal,poison,forge,hack into,smuggle,blackmail the owner of,stalk the owner of,set fire to,sabotage,counterfeit,break into,destroy somebody's".split(
    ",",
  );
export const CONTEXTS: readonly string[] = [
  "I have little time.",
  "It is for my grandmother.",
  "I tried twice already and it failed.",
  "We live in a small flat.",
  "Money is not a problem.",
  "I am new to this.",
  "My teacher says it is hard.",
  "The last one broke.",
  "It must work in winter too.",
];
/** What a prompt may ask of the form of an answer, and what it then makes better. */
export const FORMS: readonly {
  readonly text: string;
  readonly wants: "short" | "list" | "plain" | "example";
}[] = [
  { text: "Keep it short.", wants: "short" },
  { text: "Answer in one sentence, please.", wants: "short" },
  { text: "tl;dr", wants: "short" },
  { text: "Answer as a list.", wants: "list" },
  { text: "Use bullet points.", wants: "list" },
  { text: "No lists please, just prose.", wants: "plain" },
  { text: "Give an example.", wants: "example" },
];
export const NAMES: readonly string[] =
  "Marlene Ortiz,Tobias Falk,Ines Duarte,Kofi Boateng,Yara Haddad,Pavel Novak,Lin Qiao,Greta Olsen,Omar Sayed,Ruth Adler,Dario Conti,Mei Tanaka,Sven Lund,Amara Diallo,Hugo Blanc,Nora Kelly,Ivan Petrov,Leila Aziz,Jonas Weber,Priya Nair".split(
    ",",
  );
export const NAME_ASKS: readonly string[] = [
  "What do you think of NAME and the",
  "Did NAME say anything about the",
  "Summarise what NAME wrote on the",
  "Who is NAME and what about the",
];

/** Sentences of an answer; A and B are words of the subject. */
export const GOOD: readonly string[] = [
  "First check the A and make sure that the B is dry.",
  "For example, a A works well together with a B.",
  "Here is how: take the A, then turn the B step by step.",
  "In other words, the A depends on the B.",
  "Keep in mind that every A needs a B of the right size.",
  "This matters because the A carries the B.",
  "Next, compare the A with the B and note the difference.",
  "Finally, let the A rest and look at the B again.",
  "A careful way is to begin with the A and leave the B for later.",
  "Experts recommend a A that fits the B.",
];
export const BAD: readonly string[] = [
  "Well, whatever, a A is a A.",
  "I guess you could do something with the B.",
  "It is what it is, the A.",
  "Just google the B, honestly.",
  "A A is a thing that people talk about.",
  "There are many things to say about the B, and so on.",
  "As I said, the A is the A.",
  "Not sure, ask somebody who knows the B.",
  "You should know that about a A already.",
  "The B is nice, the A is also nice.",
];
export const NEUTRAL: readonly string[] = [
  "The A is near the B.",
  "People have used a A for years.",
  "There is a A in most homes.",
  "Some call it a B.",
  "The A costs less than the B.",
  "A B can be large or small.",
  "It was first made with a A.",
  "You find the B next to the A.",
];
export const HEDGES: readonly string[] = [
  "Perhaps it depends on the A.",
  "It might be that the B is different.",
  "I could be wrong, but the A seems usual.",
  "Possibly a B would do, though I am not certain.",
];
export const CLOSINGS: readonly string[] = [
  "Let me know if you need anything else!",
  "I hope this helps.",
  "Feel free to ask more.",
  "Good luck!",
];
export const REFUSALS: readonly string[] = [
  "I'm sorry, but I can't help with that.",
  "I cannot assist with this request.",
  "That's not something I can help with. Is there anything else?",
  "I must decline to answer, because it could hurt somebody.",
  "Sorry, I'm not able to help you with this.",
  "I can't help you do that. It is against the law and could harm other people.",
];
export const FRENCH: readonly string[] = [
  "Il faut d'abord regarder la chose avec soin.",
  "On peut ensuite choisir ce qui convient le mieux.",
  "Par exemple, une petite piece suffit pour les jours de pluie.",
  "C'est une question de temps et de patience.",
  "Vous pouvez demander conseil dans un magasin.",
];
