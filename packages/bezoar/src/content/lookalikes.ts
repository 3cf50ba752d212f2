/**
 * Letters that pass for ASCII ones, after the idea of UTS #39: those of other scripts that are drawn alike in common
 * fonts, the ASCII letter in front of them. Letters that only resemble one (и, п, λ) are left out: real words in
 * two scripts hold them.
 */
const CYRILLIC =
  "aа eе oо pр cс xх yу iі jј sѕ hһ kк mм tт vѵ wԝ qԛ dԁ lӏ gɡ AА BВ EЕ KК MМ HН OО PР CС TТ XХ YУ IІ JЈ SЅ GԌ WԜ QԚ Iӏ";
const GREEK = "aα oο vν iι pρ kκ uυ tτ xχ nη AΑ BΒ EΕ ZΖ HΗ IΙ KΚ MΜ NΝ OΟ PΡ TΤ YΥ XΧ";
const ARMENIAN = "oօ nո uս hհ SՏ OՕ LԼ gց qզ";
const CHEROKEE = "AᎪ BᏴ CᏟ DᎠ EᎬ GᏀ HᎻ JᎫ KᏦ LᏞ MᎷ PᏢ RᏒ SᏚ TᎢ VᏙ WᎳ ZᏃ";
const SMALL_CAPITALS = "AᴀBʙCᴄDᴅEᴇFꜰGɢHʜIɪJᴊKᴋLʟMᴍNɴOᴏPᴘRʀSꜱTᴛUᴜVᴠWᴡYʏZᴢ";

const table = new Map<number, string>();
const pairs = [CYRILLIC, GREEK, ARMENIAN, CHEROKEE].flatMap((list) => list.split(" "));
for (const [ascii = "", other = ""] of pairs) table.set(other.charCodeAt(0), ascii);
for (const [capital = "", other = ""] of SMALL_CAPITALS.match(/../g) ?? []) {
  table.set(other.charCodeAt(0), capital.toLowerCase());
}

/** The ASCII letter that a letter of another script passes for, if any. */
export function asciiOf(unit: number): string | undefined {
  return table.get(unit);
}

/** Styled letters (mathematical, fullwidth, enclosed) as plain ones: their compatibility decomposition, where it is one character. */
export function plainOf(character: string): string | undefined {
  const code = character.codePointAt(0) ?? 0;
  const isStyled =
    (code >= 0xff21 && code <= 0xff5a) ||
    (code >= 0x1d400 && code <= 0x1d7ff) ||
    (code >= 0x2460 && code <= 0x24ff);
  if (isStyled) {
    const plain = character.normalize("NFKC");
    return plain.length === 1 ? plain : undefined;
  }
  return code >= 0x1f130 && code <= 0x1f189 ? squared(code) : undefined;
}

/** Squared and negative letters, which have no decomposition or one that Unicode leaves out. */
function squared(code: number): string | undefined {
  const index = (code - 0x1f130) % 0x20;
  return index < 26 ? String.fromCharCode(65 + index) : undefined;
}
