// Was der Server auf Englisch sagt, auf Deutsch: seine Regeln, Ratschläge und Belege. Ein Test hält beide Listen gleich.

/** Ganze Sätze und Teile davon. */
const PHRASES = {
  "Act now": "Jetzt handeln",
  "Contact a clinician within 24 hours": "Innerhalb von 24 Stunden ärztlichen Rat holen",
  "Be aware": "Zur Kenntnis",
  "Look after this person": "Sehen Sie nach diesem Menschen",
  "Back in your usual range; if you feel ill, call.": "Wieder in dem für Sie üblichen Bereich; wenn Sie sich krank fühlen, rufen Sie an.",
  "Closed by hand; if you feel ill, call.": "Von Hand beendet; wenn Sie sich krank fühlen, rufen Sie an.",
  "Withdrawn: a reading that arrived later explains it; if you feel ill, call.": "Zurückgenommen: eine später eingetroffene Messung erklärt es; wenn Sie sich krank fühlen, rufen Sie an.",
  "Readings are coming in again; they say nothing about the time before.": "Es kommen wieder Messungen an; über die Zeit davor sagen sie nichts.",

  "your readings need attention": "Ihre Messungen brauchen Aufmerksamkeit",
  "oxygen saturation is very low": "die Sauerstoffsättigung ist sehr niedrig",
  "the heart beats very fast at rest": "das Herz schlägt in Ruhe sehr schnell",
  "the heart beats very slowly": "das Herz schlägt sehr langsam",
  "breathing is very fast at rest": "die Atmung ist in Ruhe sehr schnell",
  "breathing is very slow": "die Atmung ist sehr langsam",
  "body temperature is dangerously high": "die Körpertemperatur ist gefährlich hoch",
  "body temperature is dangerously low": "die Körpertemperatur ist gefährlich niedrig",
  "blood pressure is very low": "der Blutdruck ist sehr niedrig",
  "blood pressure is extremely high": "der Blutdruck ist äußerst hoch",
  "blood pressure is very high": "der Blutdruck ist sehr hoch",
  "one vital sign alone scores 3 in NEWS2": "ein Wert allein erreicht 3 Punkte in NEWS2",
  "NEWS2 reaches 5": "NEWS2 erreicht 5",
  "NEWS2 reaches 7": "NEWS2 erreicht 7",
  "newly confused, or not fully awake": "neu verwirrt oder nicht ganz wach",
  "the heart beats faster than effort explains at this age": "das Herz schlägt schneller, als Anstrengung in diesem Alter erklärt",
  "several readings together are unusual for you": "mehrere Messungen zusammen sind ungewöhnlich für Sie",
  "your readings stay far from your usual": "Ihre Messungen bleiben weit von dem für Sie Üblichen entfernt",
  "heart rate variability fell by 15 % or more within half an hour while the heart rate rose": "die Herzratenvariabilität fiel in einer halben Stunde um 15 % oder mehr, während der Puls stieg",
  "breathing became 40 % faster or more while oxygen saturation fell": "die Atmung wurde 40 % oder mehr schneller, während die Sauerstoffsättigung fiel",
  "oxygen saturation is 4 points or more below your usual": "die Sauerstoffsättigung liegt 4 Punkte oder mehr unter dem für Sie Üblichen",
  "body temperature is 1 °C or more above your usual and the heart beats faster with it": "die Körpertemperatur liegt 1 °C oder mehr über dem für Sie Üblichen, und das Herz schlägt dabei schneller",
  "oxygen saturation may fall below 90 % within the hour": "die Sauerstoffsättigung kann innerhalb einer Stunde unter 90 % fallen",
  "a vital sign may reach the red zone of NEWS2 within the hour": "ein Wert kann innerhalb einer Stunde den roten Bereich von NEWS2 erreichen",
  "oxygen saturation below 90 % in the next hour": "eine Sauerstoffsättigung unter 90 % in der nächsten Stunde",
  "a vital sign in the red zone of NEWS2 in the next hour": "ein Wert im roten Bereich von NEWS2 in der nächsten Stunde",
  "oxygen saturation below 90 % within 3 hours": "eine Sauerstoffsättigung unter 90 % innerhalb von 3 Stunden",
  "oxygen saturation below 90 % within 6 hours": "eine Sauerstoffsättigung unter 90 % innerhalb von 6 Stunden",
  "a vital sign in the red zone of NEWS2 within 3 hours": "ein Wert im roten Bereich von NEWS2 innerhalb von 3 Stunden",
  "a vital sign in the red zone of NEWS2 within 6 hours": "ein Wert im roten Bereich von NEWS2 innerhalb von 6 Stunden",
  "oxygen saturation 4 points or more below one's own usual in the next hour": "eine Sauerstoffsättigung 4 Punkte oder mehr unter dem Üblichen in der nächsten Stunde",
  "heart rate of 131 /min or more in the next hour": "ein Puls von 131 /min oder mehr in der nächsten Stunde",
  "systolic pressure of 90 mmHg or less in the next hour": "ein oberer Blutdruck von 90 mmHg oder weniger in der nächsten Stunde",
  "signs like those before a severe infection, within 6 hours": "Zeichen wie vor einer schweren Infektion innerhalb von 6 Stunden",
  "; measured on intensive-care stays, not at home": "; gemessen an Aufenthalten auf Intensivstationen, nicht zu Hause",
  "no reading for longer than agreed": "länger als vereinbart keine Messung",

  "Call your local emergency number now (112 in Europe, 999 in the United Kingdom, 911 in the United States and Canada), and say what was measured.": "Rufen Sie jetzt den Notruf (in Europa 112, in Großbritannien 999, in den USA und Kanada 911) und sagen Sie, was gemessen wurde.",
  "Do not drive yourself. Unlock the door and let somebody know, so that you are not alone.": "Fahren Sie nicht selbst. Schließen Sie die Tür auf und geben Sie jemandem Bescheid, damit Sie nicht allein sind.",
  "Talk to a doctor or nurse within 24 hours; at once if you feel worse. With chest pain, trouble breathing, confusion, fainting, or weakness on one side call your local emergency number now.": "Sprechen Sie innerhalb von 24 Stunden mit ärztlichem oder pflegerischem Fachpersonal; sofort, wenn es schlimmer wird. Bei Brustschmerz, Atemnot, Verwirrtheit, Ohnmacht oder Schwäche einer Körperseite rufen Sie jetzt den Notruf.",
  "Sit quietly and measure again in 15 minutes.": "Sitzen Sie ruhig und messen Sie in 15 Minuten noch einmal.",
  "Is there a reason, such as effort, little sleep, alcohol, heat, or an infection coming on? If you feel ill, call a doctor; with an emergency sign, your local emergency number.": "Gibt es einen Grund, etwa Anstrengung, wenig Schlaf, Alkohol, Hitze oder einen beginnenden Infekt? Wenn Sie sich krank fühlen, rufen Sie eine Ärztin oder einen Arzt; bei einem Notfallzeichen den Notruf.",
  "Find out how the person is. Then look at the device: worn, charged, connected?": "Finden Sie heraus, wie es dem Menschen geht. Sehen Sie dann nach dem Gerät: angelegt, geladen, verbunden?",
  "Sit upright, lean slightly forward, and loosen tight clothes.": "Setzen Sie sich aufrecht hin, beugen Sie sich etwas vor und lockern Sie enge Kleidung.",
  "While help is on its way, check the oximeter: warm hand, no nail polish, hand still for a minute.": "Während Hilfe unterwegs ist, prüfen Sie das Oximeter: warme Hand, kein Nagellack, Hand eine Minute still.",
  "Sit or lie down and stop every effort.": "Setzen oder legen Sie sich hin und hören Sie mit jeder Anstrengung auf.",
  "Lie down and raise your legs.": "Legen Sie sich hin und lagern Sie die Beine hoch.",
  "Go to a cool place, take off what keeps you warm, cool the skin with water, and drink if you can.": "Gehen Sie an einen kühlen Ort, legen Sie ab, was warm hält, kühlen Sie die Haut mit Wasser und trinken Sie, wenn Sie können.",
  "Go indoors, take off wet clothes, wrap up, and drink something warm and sweet if you are fully awake.": "Gehen Sie hinein, ziehen Sie nasse Kleidung aus, hüllen Sie sich warm ein und trinken Sie etwas Warmes, Süßes, wenn Sie ganz wach sind.",
  "Sit still for 5 minutes with your back and arm supported, then measure again.": "Sitzen Sie 5 Minuten still, Rücken und Arm gestützt, und messen Sie noch einmal.",
  "Stay with the person, speak calmly and in short sentences, and do not leave them alone.": "Bleiben Sie bei dem Menschen, sprechen Sie ruhig und in kurzen Sätzen und lassen Sie ihn nicht allein.",
};

/** Wie die Tabelle des Servers seine Werte nennt. */
const LABELS = {
  "Resting heart rate": "Ruhepuls",
  "Heart rate variability (RMSSD)": "Herzratenvariabilität (RMSSD)",
  "Heart rate variability (SDNN)": "Herzratenvariabilität (SDNN)",
  "Heart rate": "Puls",
  "Breathing rate": "Atmung",
  "Oxygen saturation": "Sauerstoffsättigung",
  "Body temperature": "Körpertemperatur",
  "Systolic blood pressure": "Oberer Blutdruck",
  "Diastolic blood pressure": "Unterer Blutdruck",
  "Level of consciousness (0 alert, 1 new confusion or less)": "Bewusstsein (0 wach, 1 neu verwirrt oder weniger)",
  "Supplemental oxygen (0 room air, 1 oxygen)": "Zusätzlicher Sauerstoff (0 Raumluft, 1 Sauerstoff)",
};

const PARAMETERS = {
  "respiratory rate": "Atmung",
  "oxygen saturation": "Sauerstoffsättigung",
  "supplemental oxygen": "zusätzlicher Sauerstoff",
  "blood pressure systolic": "oberer Blutdruck",
  "heart rate": "Puls",
  "consciousness": "Bewusstsein",
  "body temperature": "Körpertemperatur",
};

/** Bausteine der Sätze, in denen Zahlen stehen; der Reihe nach. */
const PIECES = [
  [/^of 100 hours like this one, about (\d+) were followed by /, "auf 100 Stunden wie diese folgte etwa $1-mal "],
  [/^of 100 hours like this one, fewer than 1 were followed by /, "auf 100 Stunden wie diese folgte weniger als 1-mal "],
  [/^With ([^;]+?) steady at ([^;]+?) it would be ([^;]+?) instead of ([^;]+?); with everything known at its usual, /, "Wäre $1 stetig bei $2, wäre es $3 statt $4; wäre alles Bekannte wie üblich, "],
  [/, near your usual ([^;,]+), but not steady$/, ", nahe dem für Sie Üblichen von $1, aber nicht stetig"],
  [/, near a typical ([^;,]+), but not steady$/, ", nahe den typischen $1, aber nicht stetig"],
  [/, (above|below) your usual /g, (_, side) => (side === "above" ? ", über dem für Sie Üblichen von " : ", unter dem für Sie Üblichen von ")],
  [/, (above|below) a typical /g, (_, side) => (side === "above" ? ", über den typischen " : ", unter den typischen ")],
  [/\bbelow 1 %/g, "unter 1 %"],
  [/^no reading for /, "keine Messung seit "],
  [/\bfor context, with older values /g, "zur Einordnung, mit älteren Werten "],
  [/\bNEWS2 at least (\d+) \((\d+) of (\d+) measured\)/g, "NEWS2 mindestens $1 ($2 von $3 gemessen)"],
  [/; your own normal is still being learned$/, "; was für Sie üblich ist, wird noch gelernt"],
  [/\bfor you at (\d\d):00/g, "für Sie um $1:00"],
  [/, resting\b/g, ", in Ruhe"],
  [/, lightly active\b/g, ", leicht aktiv"],
  [/, active\b/g, ", aktiv"],
  [/\b(\d+(?:\.\d+)?) above\b/g, "$1 darüber"],
  [/\b(\d+(?:\.\d+)?) below\b/g, "$1 darunter"],
  [/; for (?=less|\d)/g, "; seit "],
  [/\bless than a minute\b/g, "weniger als einer Minute"],
  [/\b1 minute\b/g, "1 Minute"],
  [/\b(\d+) minutes\b/g, "$1 Minuten"],
  [/\b(\d+) days\b/g, "$1 Tagen"],
  [/ of (\d+) min ago (\d)/g, " (vor $1 min) $2"],
  [/ now (?=[\d.]+)/g, " jetzt "],
  [/, usually (?=[\d.]+)/g, ", sonst "],
  [/(\d)\.(?=\d)/g, "$1,"],
];

const longestFirst = (table) => Object.entries(table).sort(([a], [b]) => b.length - a.length);
const INSIDE = [...longestFirst(LABELS), ...longestFirst(PARAMETERS)];

function pieced(text) {
  let said = text;
  for (const [phrase, german] of longestFirst(PHRASES)) said = said.replace(phrase, german);
  for (const [label, german] of INSIDE) said = said.replaceAll(label, german).replaceAll(`With ${label[0].toLowerCase()}${label.slice(1)} steady`, `With ${german} steady`);
  for (const [piece, german] of PIECES) said = said.replace(piece, german);
  return said;
}

/** Ein Satz des Servers auf Deutsch; was wir nicht kennen, bleibt englisch, statt zu fehlen. */
export function ofServer(text) {
  if (text in PHRASES) return PHRASES[text];
  const [, head, what] = /^([A-Z][^:]*): (.*)\.$/.exec(text) ?? [];
  if (head in PHRASES && what in PHRASES) return `${PHRASES[head]}: ${PHRASES[what]}.`;
  return pieced(text);
}
