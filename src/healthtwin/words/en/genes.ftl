### What genes and medicines make of each other. A guideline's own words ($text, $risk, $mechanism, $absolute) are a
### quotation: they stand as the source has them.

gene-finding = { $medicine } and { $results }: { $what }
gene-result = { $gene } { $result }
gene-results = { $first } and { $others }
gene-action =
    { $action ->
        [usual] as usual
        [caution] caution
        [reduce] reduce
        [increase] increase
        [alternative] alternative
        [avoid] avoid
        [test] test
        [none] no advice
       *[read] read
    }
gene-risk-of = risk of { $risk }
gene-risk =
    { $risk }: { $mechanism }.{ $absolute ->
        [none] { "" }
       *[other] { " " }{ $absolute }
    }
gene-converted = { $gene }: { $why }; by genes { $by_genes }
gene-against = { $gene } { $result }: { $risk }
gene-recommendation = { $text } ({ $strength }; { $population })
source-modulators = FDA list of inhibitors and inducers

modulator = { $medicine } ({ modulator-strength })
modulator-strength =
    { $strength ->
        [moderate] moderate
       *[strong] strong
    }
conversion-slowed =
    { $medicines } leaves about { $percent }% of the activity{ $induced_too ->
        [true] ; an inducer is taken too, its effect is not counted against the inhibitor
       *[false] { "" }
    }
conversion-sped-up = { $medicines } induces the enzyme; no figure is agreed for how much

phenotype-poor-metabolizer = Poor Metabolizer
phenotype-likely-poor-metabolizer = Likely Poor Metabolizer
phenotype-possible-intermediate-metabolizer = Possible Intermediate Metabolizer
phenotype-intermediate-metabolizer = Intermediate Metabolizer
phenotype-likely-intermediate-metabolizer = Likely Intermediate Metabolizer
phenotype-normal-metabolizer = Normal Metabolizer
phenotype-rapid-metabolizer = Rapid Metabolizer
phenotype-ultrarapid-metabolizer = Ultrarapid Metabolizer
phenotype-indeterminate = Indeterminate
phenotype-allele =
    { $allele } { $carried ->
        [true] positive
       *[false] negative
    }
