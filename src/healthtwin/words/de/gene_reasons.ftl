### Warum das Ergebnis eines Gens so ist, was davon nicht bekannt ist und was über die Wirkung bekannt ist; in Berichten und
### Antworten des Hauses, auf keiner Seite, die selbst spricht.

gene-why-and = { $first }; { $others }
gene-why-sum = { $first } + { $others }
gene-why-reported = wie berichtet; ein Diplotyp war nicht angegeben
gene-why-score-reported = Aktivitätswert { $score } wie berichtet
gene-why-pair = { $alleles } → { $phenotype }
gene-allele-function = { $allele } ({ $function })
gene-why-unknown-effect = für { $alleles } ist die Wirkung auf das Enzym nicht bekannt
gene-this-pair = dieses Paar
gene-why-one-x-off = in jeder Zelle ist eines der beiden X abgeschaltet; die Aktivität zeigt deshalb nur ein Enzymtest
gene-why-one-x = ein X-Chromosom
gene-why-one-x-read = ein Allel angegeben, als ein X-Chromosom gelesen
gene-why-no-value = für { $alleles } ist kein Aktivitätswert festgelegt, also lässt sich kein Gesamtwert bilden
gene-why-uncounted = xN sagt, dass Kopien hinzugekommen sind, nicht wie viele
gene-why-score = { $sides } = Aktivitätswert { $score } → { $phenotype }
gene-side =
    { $name } { $score }{ $remark ->
        [none] { "" }
       *[other] { " " }{ $remark }
    }
gene-side-lowest = ({ $variant }, der niedrigste Wert auf diesem Chromosom)
gene-side-computed = (berechnet als { $copies } × { $value })
gene-why-two-lowest = von { $variants } zählen die zwei niedrigsten Werte: { $why }
gene-why-carries = trägt { $alleles }
gene-why-one-typed = nur ein Chromosom wurde typisiert, nicht auszuschließen ist also: { $alleles }

gene-refused-cyp2d6 = eine VCF-Datei kleiner Varianten zeigt weder die Zahl der CYP2D6-Kopien noch Hybride mit CYP2D7, und beides ändert das Ergebnis; verwenden Sie ein Programm, das die Alignments liest (Stargazer, Cyrius, StellarPGx, Aldy), oder einen Laborbefund, und geben Sie das Ergebnis als externen Befund an
gene-refused-hla = HLA-Typen lassen sich aus einer VCF-Datei kleiner Varianten nicht ablesen; geben Sie ein typisiertes Ergebnis als externen Befund an
gene-refused-ryr1 = es gibt Hunderte von RYR1-Varianten mit unbekannter Wirkung; geben Sie ein klassifiziertes Ergebnis als externen Befund an
gene-refused-undefined = keine Definitionen der Allele vorhanden
gene-why-one-allele = { $gene }: ein Allel wurde gelesen, wo zwei hingehören; prüfen Sie Geschlecht und Probe
gene-why-two-on-one =
    { $gene } { $position }: { $kind ->
        [x] zwei verschiedene Allele auf einem X
       *[mitochondrial] Heteroplasmie
    }, wo ein Allel hingehört; prüfen Sie Geschlecht und Probe
gene-why-none-seen = keine seiner { $positions } Positionen wurde in der Datei gelesen
gene-why-unmatched = was gefunden wurde, gehört zu keinem Paar benannter Allele: { $variants }
gene-why-single-position = kein Paar von Stern-Allelen passt; { $position } { $bases } allein → { $phenotype } (PMID 35152405)
gene-why-equal = zur Datei passt gleich gut: { $fits }
gene-fit = { $diplotype } ({ $phenotype })
gene-why-unseen = nicht gesehen: { $positions }; ohne das ist { $diplotype } nur eine von { $count } Möglichkeiten
gene-why-unseen-variants = nicht gesehen: { $positions }; nach dem, was gesehen wurde: { $why }
gene-why-in-cis = auf einem Chromosom: { $variants }
gene-why-assumed = { $why }; Positionen, die nicht in der Datei stehen und wie gewünscht als Referenz gelesen wurden: { $count }
gene-why-no-function = für { $alleles } ist keine Funktion festgelegt

gene-no-call = dort wurde nichts bestimmt: { $written }
gene-line-refused = die Zeile wurde nicht verwendet: { $problem }
gene-no-result = kein Ergebnis, { $why }
gene-copies-uncounted = { $gene }: es sind zusätzliche Kopien da, aber sie wurden nicht gezählt; sind sie gezählt, lässt sich zu diesem Medikament etwas sagen
gene-not-instead = stattdessen nicht: { $medicines }; dagegen sprechen dieselben Gene
gene-not-reported = ohne Ergebnis berichtet
gene-provisional =
    vorläufig: { $whole ->
        [true] was gesehen wurde, lässt mehrere Lesarten zu
       *[false] gelesen an { $seen } von { $positions } Positionen
    }; möglich ist auch: { $phenotypes }

gene-warns-value = CPIC nennt keinen Aktivitätswert für { $allele }{ $remark ->
        [none] { "" }
       *[other] { " " }{ $remark }
    }
gene-warns-score-phenotype = der berichtete Phänotyp { $phenotype } gehört nicht zum Wert { $score }
gene-warns-score = der berichtete Aktivitätswert { $reported } gehört nicht zu { $diplotype } ({ $computed }); es gilt der Befund
gene-warns-phenotype = der berichtete Phänotyp { $reported } gehört nicht zu { $diplotype } ({ $computed }); es gilt der Befund
gene-warns-outside = die VCF-Datei zeigt { $diplotype }; es gilt der externe Befund
gene-warns-unlisted = eine nicht verzeichnete Änderung bei { $position }
gene-warns-half = die Hälfte des Genotyps fehlt bei { $position }
gene-warns-not-part = die nicht verzeichnete Änderung bei { $position } ist nicht Teil dieses Ergebnisses
gene-warns-unread = an { $position } wurde nichts gelesen
gene-warns-unread-many = an { $count } Positionen wurde nichts gelesen
gene-warns-one-allele = an { $position } steht nur ein Allel, ein Mensch hat dort zwei

## Warum es zu einem Medikament keine Leitlinie gibt

gene-uncovered-none = Keine Leitlinie zu den hier getesteten Genen.
gene-uncovered-blood-level = Kein hier getestetes Gen sagt Wirkung oder Schaden voraus; dosiert wird nach Blutspiegel, Nieren- und Schilddrüsenfunktion.
gene-uncovered-polg = Keine Leitlinie zu den hier getesteten Genen. Die Fachinformation warnt vor POLG-Erkrankungen und Störungen des Harnstoffzyklus, die nicht Teil dieses Tests sind.
gene-uncovered-active-form = CYP2B6 macht daraus die wirksame Form, aber keine Leitlinie leitet daraus eine Dosis oder eine Wahl ab. Es hemmt selbst CYP2D6 stark.
gene-uncovered-strong-inhibitor = CPIC hat CYP2D6 geprüft und zu wenig Belege für einen Rat gefunden. Es hemmt selbst CYP2D6 und CYP2C19 stark.
gene-uncovered-moderate-inhibitor = CPIC hat CYP2D6 geprüft und zu wenig Belege für einen Rat gefunden. Es hemmt selbst CYP2D6 mäßig.
gene-uncovered-no-change = Wirkungen von CYP2D6 auf den Spiegel sind bekannt; die niederländische Gruppe rät zu keiner Änderung, CPIC hat keine Leitlinie.
gene-uncovered-weighed = CPIC hat es 2023 geprüft und keinen Beleg dafür gefunden, dass ein Gen die Wahl leiten sollte.
gene-uncovered-little-evidence = Keine Leitlinie: zu jedem Gen gibt es zu wenig Belege.
gene-uncovered-antipsychotic = Keine Leitlinie verlangt bei diesem Antipsychotikum eine Änderung wegen eines hier getesteten Gens.
gene-uncovered-aromatic = Keine Leitlinie zu den hier getesteten Genen. Für aromatische Antikonvulsiva (Phenobarbital, Eslicarbazepin) gilt bei HLA-B*15:02 eine schwächere Warnung.
gene-uncovered-level = CYP2C19 verändert den Spiegel; keine Leitlinie leitet daraus eine Dosis ab.
gene-uncovered-stimulant = Keine Leitlinie zu den hier getesteten Genen; die Befunde zu CES1 und COMT reichen für einen Rat nicht aus.
gene-uncovered-algorithm = CPIC rät zu einem Dosierungsalgorithmus aus CYP2C9, VKORC1, CYP4F2 und klinischen Angaben (Alter, Gewicht, Amiodaron und andere); aus den Genen allein folgt keine feste Dosis, darum steht hier keine.
gene-uncovered-interferon = IFNL3 sagt das Ansprechen auf eine Hepatitis-C-Behandlung mit Interferon voraus; CPIC nennt keine Dosis, und direkt wirkende antivirale Mittel haben es abgelöst.

## Was über die Wirkung bekannt ist

gene-no-ranking = Kein Gen sagt, welches Antidepressivum oder Antipsychotikum wirken wird. Die Gene hier sagen, wie schnell ein Medikament abgebaut wird und welche Reaktionen wahrscheinlicher sind; Medikamente sind deshalb danach geordnet, was für eine Änderung spricht, nie nach Punkten.
gene-group-usual = keine Änderung durch diese Gene
gene-group-caution = mit mehr Vorsicht beginnen oder beobachten
gene-group-dose = eine andere Dosis
gene-group-alternative = lieber ein anderes Medikament
gene-group-avoid = meiden
gene-group-unknown = kein Rat möglich
gene-trial-guided = Kombinierte Tests bei schwerer Depression verfehlten den primären Endpunkt: Nach 8 Wochen hatten sich die Symptome mit dem Test um 27,2 % und ohne ihn um 24,4 % gebessert (p = 0,107). Ansprechen und Remission, sekundäre Endpunkte, waren häufiger (26,0 gegen 19,9 % und 15,3 gegen 10,1 %).
gene-trial-prime-care = Bei 1944 Veteranen wurden weniger Medikamente mit einer vorhergesagten Wechselwirkung verordnet; Remissionen waren über 24 Wochen zusammen etwas häufiger, in Woche 24 nicht mehr.
gene-effect-changed-more = Niedrigere Spiegel; Escitalopram wurde innerhalb eines Jahres dreimal so oft gegen ein anderes Medikament getauscht.
gene-effect-more-of-both = Höhere Spiegel und stärkere Besserung der Symptome, mit mehr Nebenwirkungen.
gene-effect-little-relief = Die wirksame Form entsteht kaum: wenig Linderung.
gene-effect-less-protection = Weniger von der wirksamen Form: weniger Schutz nach einem Stent.
gene-effect-recurrence = Weniger Endoxifen: Ein Rückfall ist wahrscheinlicher.
gene-effect-vomiting = Weniger Schutz vor Erbrechen.

## Was ein Allel tut, in den Begriffen von CPIC

function-normal = normale Funktion
function-decreased = verminderte Funktion
function-none = keine Funktion
function-increased = gesteigerte Funktion
function-uncertain = ungewisse Funktion
function-unknown = unbekannte Funktion
function-hyperthermia = mit maligner Hyperthermie verbunden
function-ivacaftor = spricht auf Ivacaftor an
function-no-ivacaftor = spricht nicht auf Ivacaftor an
function-class-1 = I/Mangel mit chronischer nichtsphärozytärer hämolytischer Anämie
function-class-2 = II/Mangel
function-class-3 = III/Mangel
function-class-4 = IV/normal
function-favorable = Allel mit günstigem Ansprechen
function-unfavorable = Allel mit ungünstigem Ansprechen
function-hearing-normal = normales Risiko für Hörverlust durch Aminoglykoside
function-hearing-uncertain = ungewisses Risiko für Hörverlust durch Aminoglykoside
function-hearing-increased = erhöhtes Risiko für Hörverlust durch Aminoglykoside
function-coumarin-normal = normale Empfindlichkeit für Cumarine
function-coumarin-higher = höhere Empfindlichkeit für Cumarine
