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
phenotype-normal-function = Normal Function
phenotype-decreased-function = Decreased Function
phenotype-poor-function = Poor Function
phenotype-possible-decreased-function = Possible Decreased Function
phenotype-increased-function = Increased Function
phenotype-hyperthermia = Malignant Hyperthermia Susceptibility
phenotype-uncertain-susceptibility = Uncertain Susceptibility
phenotype-ivacaftor = ivacaftor responsive in CF patients
phenotype-no-ivacaftor = ivacaftor non-responsive in CF patients
phenotype-normal = Normal
phenotype-variable = Variable
phenotype-deficient = Deficient
phenotype-deficient-anaemia = Deficient with CNSHA
phenotype-favorable = Favorable response genotype
phenotype-unfavorable = Unfavorable response genotype
phenotype-hearing-increased = increased risk of aminoglycoside-induced hearing loss
phenotype-hearing-uncertain = uncertain risk of aminoglycoside-induced hearing loss
phenotype-hearing-normal = normal risk of aminoglycoside-induced hearing loss
phenotype-allele =
    { $allele } { $carried ->
        [true] positive
       *[false] negative
    }

gene-caution = Not a medical device. Never start, stop or change a medicine because of this page alone: talk to the prescriber or pharmacist. In an emergency call the emergency services.
gene-no-guidance = No gene guidance for { $medicine }: { $why }
gene-no-dose = No dose for { $medicine } from genes alone: { $why }
gene-only-modulator = No gene guidance for { $medicine }; it is known here only for its effect on other medicines.
gene-not-known = { $gene }: { $why }
gene-not-tested = { $gene } matters for { $medicine } and was not tested.
gene-not-typed = { $gene } was not typed for the allele that matters for { $medicine }.
gene-indeterminate = { $gene }: indeterminate, { $why }.
gene-no-row = No row of the guidance on { $medicine } speaks of this result.
gene-several-rows = The phenotype alone leaves several rows open; the activity score would decide.
gene-several-genotypes = The two alleles themselves would decide; without them the row is not certain.

## The report, on a page, a card and on paper

gene-report-title = Genes and medicines: { $subject }
gene-report-made = { $made } · knowledge { $version }
gene-report-synthetic = Synthetic data: this is not a person.
gene-report-page = page { $page } of { $pages }
gene-report-signs = Signs that this font lacks, printed as their code points: { $signs }.
gene-report-converted = { $gene } by genes: { $by_genes }; with current medicines: { $working } ({ $why })
gene-report-instead = Instead: { $alternatives }
gene-report-watch = Watch: { $signs }
gene-people-adults = adults
gene-people-children = children
gene-people-adults-and-heavy-children = adults, and children above 40 kg
gene-people-not-taken-before = who has not taken it before
gene-people-taken-for-months = who has taken it for more than three months
gene-people-nothing-else-serves = where no other medicine serves
gene-people-coronary = after a heart attack or with a stent (ACS, PCI)
gene-people-vessels = disease of heart and vessels without heart attack or stent (CVI)
gene-people-stroke = after a stroke or TIA (NVI)
gene-heading-glance = In a minute
gene-heading-caveats = Not seen, or not known
gene-heading-why = How each result came about
gene-heading-short-words = Short words
gene-glance-provisional = provisional
gene-provisional-in = provisional: { $genes }, see page 1
gene-nothing-read = nothing was read of this gene in the file
gene-view = { $organisation } on { $medicine }: { $action }
gene-abbreviations = CPIC: the international consortium for pharmacogenetics; DPWG: the Dutch working group; FDA: the US agency, by its labels. ACS: acute coronary syndrome (heart attack or near it). PCI: a vessel of the heart was opened or given a stent. CVI: disease of heart and vessels. NVI: stroke or TIA. TIA: a stroke that passed. ECG, QTc: the heart's current and its recovery time. INR: clotting time. SJS/TEN, DRESS: severe reactions of skin and organs. CNSHA: chronic haemolysis. CYP: enzymes that clear medicines. Score: activity of both gene copies, 2 is usual.
gene-marks = Marks: { $marks }. { $provisional } means provisional: part of what it rests on was not seen.
gene-mark = { $mark } { $words }
gene-heading-current = Current medicines
gene-heading-changes = Medicines that ask for a change
gene-no-changes = None by the genes tested.
gene-no-other-changes = None besides those above.
gene-heading-unchanged = No change by these genes
gene-heading-unanswered = No answer from these genes
gene-heading-genes = Genes
gene-heading-will-it-work = Will it work?
gene-heading-imported = Imported guideline texts
gene-column-medicine = Medicine
gene-column-in-short = In short
gene-column-advice = Advice
gene-column-because = Because of
gene-column-gene = Gene
gene-column-alleles = Alleles
gene-column-phenotype = Phenotype
gene-column-score = Score
gene-column-why = Why
gene-in-short =
    { $action ->
        [avoid] avoid
        [alternative] prefer another
        [reduce] lower dose
        [increase] higher dose
        [caution] with care
        [test] test first
        [usual] as usual
        [none] no advice
       *[read] see text
    }
gene-risk-word = Risk
gene-unknown-medicine = not known to these tables
gene-scored = { $phenotype }, activity score { $score }
gene-because = { $result } ({ $remarks })
gene-because-score = score { $score }
gene-because-with = with { $medicines }
gene-card-title = Card: { $subject }
gene-card-nothing = nothing to avoid by the genes tested
gene-card-note = { $made } · { $version } · not a medical device; confirm with the full report. Current medicines are not part of this card.
