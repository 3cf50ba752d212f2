import type { Field } from "../row.ts";

// All three begin where no identifier goes on and bound every run, so that each unit is looked at a constant number of times.
const EQUALS =
  /(?<![\w.\-@$]|<Data )([A-Za-z_][\w.-]{1,39})=(?![=>~])(?:"([^"\n]{0,256})"|'([^'\n]{0,256})'|([^\s,;&|<>()"'`{}[\]]{1,256}))/g;
const QUOTED_KEY =
  /["']([A-Za-z_][\w.-]{0,39})["']\s{0,4}:\s{0,4}(?:"((?:[^"\\\n]|\\.){0,256})"|'((?:[^'\\\n]|\\.){0,256})'|(-?\d[\w.+-]{0,40}|[Tt]rue|[Ff]alse))/g;
const TAG = /<([A-Za-z][\w.:-]{0,39})((?:\s[^<>]{0,200})?)>([^<>]{1,256})<\/\1>/g;
const TAG_NAME = /\bName=["']([\w.\- ]{1,40})["']/; // Windows event XML: <Data Name="TargetUserName">alice</Data>

const HTML_TAGS = new Set(
  (
    "p a b i u s em strong li ul ol td th tr h1 h2 h3 h4 h5 h6 span div title code pre option button label small " +
    "sub sup q blockquote script style dt dd caption figcaption summary cite del ins mark body head html font center " +
    "answer think thinking reasoning question input output instruction example text context document"
  ).split(" "),
);

/** Fields inside running text: `user=alice`, `"user": "alice"` (also of broken or Python-style objects), `<user>alice</user>`. */
export function inlinePairs(text: string): Field[] {
  const fields: Field[] = [];
  if (text.includes("=")) {
    for (const match of text.matchAll(EQUALS))
      add(fields, match[1], match[2] ?? match[3] ?? bare(match[4] ?? ""));
  }
  if (text.includes(":")) {
    for (const match of text.matchAll(QUOTED_KEY)) add(fields, match[1], match[2] ?? match[3] ?? match[4]);
  }
  if (text.includes("</")) {
    for (const match of text.matchAll(TAG)) {
      const name = TAG_NAME.exec(match[2] ?? "")?.[1] ?? match[1];
      if (!HTML_TAGS.has((name ?? "").toLowerCase())) add(fields, name, match[3]);
    }
  }
  return fields;
}

function add(fields: Field[], key: string | undefined, value: string | undefined): void {
  const text = value?.trim() ?? "";
  if (key !== undefined && text !== "") fields.push([key, text]);
}

/** An unquoted value without the full stop or colon of the sentence it ends. */
function bare(value: string): string {
  return value.replace(/[.:!?]$/, "");
}
