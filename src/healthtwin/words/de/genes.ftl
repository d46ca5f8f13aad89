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
phenotype-allele =
    { $allele } { $carried ->
        [true] positiv
       *[false] negativ
    }
