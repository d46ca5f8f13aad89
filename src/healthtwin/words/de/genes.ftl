### Was Gene und Medikamente miteinander machen. Die Worte einer Leitlinie ($text, $risk, $mechanism, $absolute) sind ein
### Zitat: Sie stehen so da, wie die Quelle sie hat.

gene-finding = { $medicine } und { $results }: { $what }
gene-result = { $gene } { $result }
gene-results = { $first } und { $others }
gene-action =
    { $action ->
        [usual] wie üblich
        [caution] Vorsicht
        [reduce] verringern
        [increase] erhöhen
        [alternative] Alternative
        [avoid] meiden
        [test] testen
        [none] kein Rat
       *[read] lesen
    }
gene-risk-of = Risiko: { $risk }
gene-risk =
    { $risk }: { $mechanism }.{ $absolute ->
        [none] { "" }
       *[other] { " " }{ $absolute }
    }
gene-converted = { $gene }: { $why }; nach den Genen { $by_genes }
gene-against = { $gene } { $result }: { $risk }
gene-recommendation = { $text } ({ $strength }; { $population })
source-modulators = Liste der FDA von Hemmstoffen und Induktoren

modulator = { $medicine } ({ modulator-strength })
modulator-strength =
    { $strength ->
        [moderate] mäßig
       *[strong] stark
    }
conversion-slowed =
    { $medicines } lässt etwa { $percent } % der Aktivität übrig{ $induced_too ->
        [true] ; ein Induktor wird auch genommen, seine Wirkung wird nicht gegen den Hemmstoff gerechnet
       *[false] { "" }
    }
conversion-sped-up = { $medicines } induziert das Enzym; wie stark, dafür ist keine Zahl vereinbart

phenotype-poor-metabolizer = langsamer Metabolisierer
phenotype-likely-poor-metabolizer = vermutlich langsamer Metabolisierer
phenotype-possible-intermediate-metabolizer = möglicherweise intermediärer Metabolisierer
phenotype-intermediate-metabolizer = intermediärer Metabolisierer
phenotype-likely-intermediate-metabolizer = vermutlich intermediärer Metabolisierer
phenotype-normal-metabolizer = normaler Metabolisierer
phenotype-rapid-metabolizer = schneller Metabolisierer
phenotype-ultrarapid-metabolizer = ultraschneller Metabolisierer
phenotype-indeterminate = nicht bestimmbar
phenotype-normal-function = normale Funktion
phenotype-decreased-function = verminderte Funktion
phenotype-poor-function = geringe Funktion
phenotype-possible-decreased-function = möglicherweise verminderte Funktion
phenotype-increased-function = gesteigerte Funktion
phenotype-hyperthermia = Anfälligkeit für maligne Hyperthermie
phenotype-uncertain-susceptibility = ungewisse Anfälligkeit
phenotype-ivacaftor = spricht bei Mukoviszidose auf Ivacaftor an
phenotype-no-ivacaftor = spricht bei Mukoviszidose nicht auf Ivacaftor an
phenotype-normal = normal
phenotype-variable = variabel
phenotype-deficient = Mangel
phenotype-deficient-anaemia = Mangel mit chronischer nichtsphärozytärer hämolytischer Anämie
phenotype-favorable = Genotyp mit günstigem Ansprechen
phenotype-unfavorable = Genotyp mit ungünstigem Ansprechen
phenotype-hearing-increased = erhöhtes Risiko für Hörverlust durch Aminoglykoside
phenotype-hearing-uncertain = ungewisses Risiko für Hörverlust durch Aminoglykoside
phenotype-hearing-normal = normales Risiko für Hörverlust durch Aminoglykoside
phenotype-allele =
    { $allele } { $carried ->
        [true] positiv
       *[false] negativ
    }

gene-caution = Kein Medizinprodukt. Beginnen, beenden oder ändern Sie nie ein Medikament allein wegen dieser Seite: Sprechen Sie mit ärztlichem Fachpersonal oder der Apotheke. Im Notfall rufen Sie den Notruf.
gene-no-guidance = Keine Leitlinie zu Genen für { $medicine }: { $why }
gene-no-dose = Keine Dosis für { $medicine } aus Genen allein: { $why }
gene-only-modulator = Keine Leitlinie zu Genen für { $medicine }; bekannt ist hier nur seine Wirkung auf andere Medikamente.
gene-not-known = { $gene }: { $why }
gene-not-tested = { $gene } ist für { $medicine } wichtig und wurde nicht getestet.
gene-not-typed = { $gene } wurde nicht auf das Allel getestet, das für { $medicine } wichtig ist.
gene-indeterminate = { $gene }: nicht bestimmbar, { $why }.
gene-no-row = Keine Zeile der Leitlinie zu { $medicine } spricht von diesem Ergebnis.
gene-several-rows = Der Phänotyp allein lässt mehrere Zeilen offen; der Aktivitätswert würde entscheiden.
gene-several-genotypes = Die beiden Allele selbst würden entscheiden; ohne sie ist die Zeile nicht sicher.

## Der Bericht, als Seite, als Karte und auf Papier

gene-report-title = Gene und Medikamente: { $subject }
gene-report-made = { $made } · Wissensstand { $version }
gene-report-synthetic = Synthetische Daten: Das ist kein Mensch.
gene-report-page = Seite { $page } von { $pages }
gene-report-signs = Zeichen, die dieser Schrift fehlen, mit ihrer Nummer gedruckt: { $signs }.
gene-report-converted = { $gene } nach den Genen: { $by_genes }; mit den jetzigen Medikamenten: { $working } ({ $why })
gene-report-instead = Stattdessen: { $alternatives }
gene-report-watch = Achten auf: { $signs }
gene-people-adults = Erwachsene
gene-people-children = Kinder
gene-people-adults-and-heavy-children = Erwachsene und Kinder über 40 kg
gene-people-not-taken-before = wer es noch nie genommen hat
gene-people-taken-for-months = wer es schon länger als drei Monate nimmt
gene-people-nothing-else-serves = wo kein anderes Medikament hilft
gene-people-coronary = nach einem Herzinfarkt oder mit Stent (ACS, PCI)
gene-people-vessels = Krankheit von Herz und Gefäßen ohne Infarkt oder Stent (CVI)
gene-people-stroke = nach Schlaganfall oder TIA (NVI)
gene-heading-glance = In einer Minute
gene-heading-caveats = Nicht gesehen oder nicht bekannt
gene-heading-why = Wie jedes Ergebnis zustande kam
gene-heading-short-words = Abkürzungen
gene-glance-provisional = vorläufig
gene-provisional-in = vorläufig: { $genes }, siehe Seite 1
gene-nothing-read = von diesem Gen wurde in der Datei nichts gelesen
gene-view = { $organisation } zu { $medicine }: { $action }
gene-abbreviations = CPIC: internationales Konsortium für Pharmakogenetik; DPWG: niederländische Arbeitsgruppe; FDA: US-Behörde, nach ihren Fachinformationen. ACS: akutes Koronarsyndrom (Herzinfarkt oder nahe daran). PCI: ein Herzkranzgefäß wurde geöffnet oder hat einen Stent. CVI: Krankheit von Herz und Gefäßen. NVI: Schlaganfall oder TIA. TIA: vorübergehender Schlaganfall. EKG/ECG, QTc: Herzstrom und seine Erholungszeit. INR: Gerinnungszeit. SJS/TEN, DRESS: schwere Reaktionen von Haut und Organen. CNSHA: chronischer Zerfall roter Blutzellen. CYP: Enzyme, die Medikamente abbauen. Score: Aktivität beider Genkopien, üblich ist 2.
gene-marks = Zeichen: { $marks }. { $provisional } heißt vorläufig: ein Teil dessen, worauf es beruht, wurde nicht gesehen.
gene-mark = { $mark } { $words }
gene-heading-current = Jetzige Medikamente
gene-heading-changes = Medikamente, bei denen etwas zu ändern ist
gene-no-changes = Keine nach den getesteten Genen.
gene-no-other-changes = Keine außer den oben genannten.
gene-heading-unchanged = Keine Änderung durch diese Gene
gene-heading-unanswered = Keine Antwort aus diesen Genen
gene-heading-genes = Gene
gene-heading-will-it-work = Wird es wirken?
gene-heading-imported = Importierte Texte der Leitlinien
gene-column-medicine = Medikament
gene-column-in-short = Kurz
gene-column-advice = Rat
gene-column-because = Wegen
gene-column-gene = Gen
gene-column-alleles = Allele
gene-column-phenotype = Phänotyp
gene-column-score = Wert
gene-column-why = Warum
gene-in-short =
    { $action ->
        [avoid] meiden
        [alternative] lieber ein anderes
        [reduce] niedrigere Dosis
        [increase] höhere Dosis
        [caution] mit Vorsicht
        [test] erst testen
        [usual] wie üblich
        [none] kein Rat
       *[read] siehe Text
    }
gene-risk-word = Risiko
gene-unknown-medicine = diesen Tabellen nicht bekannt
gene-scored = { $phenotype }, Aktivitätswert { $score }
gene-because = { $result } ({ $remarks })
gene-because-score = Wert { $score }
gene-because-with = mit { $medicines }
gene-card-title = Karte: { $subject }
gene-card-nothing = nach den getesteten Genen nichts zu meiden
gene-card-note = { $made } · { $version } · kein Medizinprodukt; am ganzen Bericht prüfen. Jetzige Medikamente stehen nicht auf dieser Karte.
