import { folded, notIn, type RuneSet, runeRange, runesWhere } from "./rune-set.ts";

const CATEGORIES =
  "C Cc Cf Cn Co Cs L LC Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs";

/** Long names of categories, which Go takes since 1.25. */
const ALIASES =
  "CasedLetter=LC ClosePunctuation=Pe CombiningMark=M ConnectorPunctuation=Pc Control=Cc CurrencySymbol=Sc " +
  "DashPunctuation=Pd DecimalNumber=Nd EnclosingMark=Me FinalPunctuation=Pf Format=Cf InitialPunctuation=Pi " +
  "Letter=L LetterNumber=Nl LineSeparator=Zl LowercaseLetter=Ll Mark=M MathSymbol=Sm ModifierLetter=Lm " +
  "ModifierSymbol=Sk NonspacingMark=Mn Number=N OpenPunctuation=Ps Other=C OtherLetter=Lo OtherNumber=No " +
  "OtherPunctuation=Po OtherSymbol=So ParagraphSeparator=Zp PrivateUse=Co Punctuation=P Separator=Z " +
  "SpaceSeparator=Zs SpacingMark=Mc Surrogate=Cs Symbol=S TitlecaseLetter=Lt Unassigned=Cn UppercaseLetter=Lu " +
  "cntrl=Cc digit=Nd punct=P";

const SCRIPTS =
  "Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah Batak Bengali " +
  "Bhaiksuki Bopomofo Brahmi Braille Buginese Buhid Canadian_Aboriginal Carian Caucasian_Albanian " +
  "Chakma Cham Cherokee Chorasmian Common Coptic Cuneiform Cypriot Cypro_Minoan Cyrillic Deseret " +
  "Devanagari Dives_Akuru Dogra Duployan Egyptian_Hieroglyphs Elbasan Elymaic Ethiopic Georgian " +
  "Glagolitic Gothic Grantha Greek Gujarati Gunjala_Gondi Gurmukhi Han Hangul Hanifi_Rohingya Hanunoo " +
  "Hatran Hebrew Hiragana Imperial_Aramaic Inherited Inscriptional_Pahlavi Inscriptional_Parthian " +
  "Javanese Kaithi Kannada Katakana Kawi Kayah_Li Kharoshthi Khitan_Small_Script Khmer Khojki Khudawadi " +
  "Lao Latin Lepcha Limbu Linear_A Linear_B Lisu Lycian Lydian Mahajani Makasar Malayalam Mandaic " +
  "Manichaean Marchen Masaram_Gondi Medefaidrin Meetei_Mayek Mende_Kikakui Meroitic_Cursive " +
  "Meroitic_Hieroglyphs Miao Modi Mongolian Mro Multani Myanmar Nabataean Nag_Mundari Nandinagari " +
  "New_Tai_Lue Newa Nko Nushu Nyiakeng_Puachue_Hmong Ogham Ol_Chiki Old_Hungarian Old_Italic " +
  "Old_North_Arabian Old_Permic Old_Persian Old_Sogdian Old_South_Arabian Old_Turkic Old_Uyghur Oriya " +
  "Osage Osmanya Pahawh_Hmong Palmyrene Pau_Cin_Hau Phags_Pa Phoenician Psalter_Pahlavi Rejang Runic " +
  "Samaritan Saurashtra Sharada Shavian Siddham SignWriting Sinhala Sogdian Sora_Sompeng Soyombo " +
  "Sundanese Syloti_Nagri Syriac Tagalog Tagbanwa Tai_Le Tai_Tham Tai_Viet Takri Tamil Tangsa Tangut " +
  "Telugu Thaana Thai Tibetan Tifinagh Tirhuta Toto Ugaritic Vai Vithkuqi Wancho Warang_Citi Yezidi Yi " +
  "Zanabazar_Square";

/** What JavaScript calls each property, by its name in letters of one case. Made at the first `\p`. */
let properties: ReadonlyMap<string, string> | undefined;

function allProperties(): ReadonlyMap<string, string> {
  return new Map([
    ...CATEGORIES.split(" ").map((name) => [plain(name), name] as const),
    ...ALIASES.split(" ").map((pair): readonly [string, string] => {
      const [name = "", category = ""] = pair.split("=");
      return [plain(name), category];
    }),
    ...SCRIPTS.split(" ").map((name) => [plain(name), `Script=${name}`] as const),
  ]);
}

/** Case, blanks, hyphens and underscores do not count. */
function plain(name: string): string {
  return name.replace(/[-_ ]/g, "").toLowerCase();
}

/** The set of `\p{name}`; `undefined` for a name that Go does not know. */
export function unicodeSet(name: string, letters: "any case" | "exact case"): RuneSet | undefined {
  const base = propertySet(plain(name));
  if (base === undefined) return undefined;
  return letters === "any case" ? folded(base) : base;
}

function propertySet(name: string): RuneSet | undefined {
  if (name === "any") return runeRange(0, 0x10ffff);
  if (name === "ascii") return runeRange(0, 0x7f);
  if (name === "assigned") return notIn(runesOf("Cn"));
  properties ??= allProperties();
  const property = properties.get(name);
  return property === undefined ? undefined : runesOf(property);
}

/** `property` is one of the names above: nothing of a manifest reaches the expression. */
function runesOf(property: string): RuneSet {
  const expression = new RegExp(`^\\p{${property}}$`, "u");
  return runesWhere((rune) => expression.test(String.fromCodePoint(rune)));
}
