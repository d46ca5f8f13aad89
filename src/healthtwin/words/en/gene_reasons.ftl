### Why a gene's result is what it is, what of it is not known, and what is known of effect; in reports and answers of the
### house, on no page that speaks by itself.

gene-why-and = { $first }; { $others }
gene-why-sum = { $first } + { $others }
gene-why-reported = as reported; no diplotype was given
gene-why-score-reported = activity score { $score } as reported
gene-why-pair = { $alleles } → { $phenotype }
gene-allele-function = { $allele } ({ $function })
gene-why-unknown-effect = what { $alleles } does to the enzyme is not known
gene-this-pair = this pair
gene-why-one-x-off = one X of the two is switched off in each cell, so only an enzyme test tells the activity
gene-why-one-x = one X chromosome
gene-why-one-x-read = one allele given, read as one X chromosome
gene-why-no-value = no activity value is assigned to { $alleles }, so no score can be formed
gene-why-uncounted = xN says that copies were gained, not how many
gene-why-score = { $sides } = activity score { $score } → { $phenotype }
gene-side =
    { $name } { $score }{ $remark ->
        [none] { "" }
       *[other] { " " }{ $remark }
    }
gene-side-lowest = ({ $variant }, the lowest on its chromosome)
gene-side-computed = (computed as { $copies } x { $value })
gene-why-two-lowest = of { $variants } the two lowest values count: { $why }
gene-why-carries = carries { $alleles }
gene-why-one-typed = one chromosome typed, so { $alleles } cannot be ruled out

gene-refused-cyp2d6 = a VCF of small variants shows neither the number of CYP2D6 copies nor hybrids with CYP2D7, and both change the result; use a caller that reads the alignments (Stargazer, Cyrius, StellarPGx, Aldy) or a laboratory report, and give it as an outside call
gene-refused-hla = HLA types cannot be read from a VCF of small variants; give a typed result as an outside call
gene-refused-ryr1 = hundreds of RYR1 variants of unknown effect exist; give a classified result as an outside call
gene-refused-undefined = no allele definitions
gene-why-one-allele = { $gene } genotypes: got 'one allele'; allowed: two alleles; confirm sex and sample
gene-why-two-on-one =
    { $gene } { $position }: got '{ $kind ->
        [x] two different alleles on one X
       *[mitochondrial] heteroplasmy
    }'; allowed: one allele; confirm sex and sample
gene-why-none-seen = none of its { $positions } positions was read in the file
gene-why-unmatched = what was seen does not belong to any two named alleles: { $variants }
gene-why-single-position = no pair of star alleles fits; { $position } { $bases } alone → { $phenotype } (PMID 35152405)
gene-why-equal = the file fits equally well: { $fits }
gene-fit = { $diplotype } ({ $phenotype })
gene-why-unseen = not seen: { $positions }; without that { $diplotype } is only one of { $count } possibilities
gene-why-unseen-variants = not seen: { $positions }; from what was seen: { $why }
gene-why-in-cis = on one chromosome: { $variants }
gene-why-assumed = { $why }; positions not in the file and read as reference, as asked: { $count }
gene-why-no-function = no function is assigned to { $alleles }

gene-no-call = no call was made elsewhere: { $written }
gene-line-refused = its line was not used: { $problem }
gene-no-result = no result, { $why }
gene-copies-uncounted = { $gene }: copies were gained but not counted; have them counted, then this medicine can be answered
gene-not-instead = not instead: { $medicines }; the same genes speak against that too
gene-not-reported = reported without a result
gene-provisional =
    provisional: { $whole ->
        [true] more than one reading fits what was seen
       *[false] read at { $seen } of { $positions } positions
    }; could also be { $phenotypes }

gene-warns-value = CPIC lists no activity value for { $allele }{ $remark ->
        [none] { "" }
       *[other] { " " }{ $remark }
    }
gene-warns-score-phenotype = the reported phenotype { $phenotype } is not that of score { $score }
gene-warns-score = the reported activity score { $reported } is not that of { $diplotype } ({ $computed }); the report is followed
gene-warns-phenotype = the reported phenotype { $reported } is not that of { $diplotype } ({ $computed }); the report is followed
gene-warns-outside = the VCF shows { $diplotype }; the outside call is followed
gene-warns-unlisted = an unlisted change at { $position }
gene-warns-half = half of the genotype is missing at { $position }
gene-warns-not-part = the unlisted change at { $position } is not part of this result
gene-warns-unread = nothing was read at { $position }
gene-warns-unread-many = nothing was read at { $count } positions
gene-warns-one-allele = one allele is given at { $position }, where a person has two

## Why there is no guidance on a medicine

gene-uncovered-none = No guideline on the genes tested here.
gene-uncovered-blood-level = No gene tested here predicts its effect or its harm; dose by blood level, kidney and thyroid function.
gene-uncovered-polg = No guideline on the genes tested here. Its label warns of POLG disease and urea cycle disorders, which are not part of this test.
gene-uncovered-active-form = CYP2B6 turns it into its active form, but no guideline draws a dose or a choice from that. It is itself a strong CYP2D6 inhibitor.
gene-uncovered-strong-inhibitor = CPIC weighed CYP2D6 and found too little evidence for advice. It is itself a strong CYP2D6 and CYP2C19 inhibitor.
gene-uncovered-moderate-inhibitor = CPIC weighed CYP2D6 and found too little evidence for advice. It is itself a moderate CYP2D6 inhibitor.
gene-uncovered-no-change = Effects of CYP2D6 on its level are known; the Dutch group advises no change, CPIC has no guideline.
gene-uncovered-weighed = CPIC weighed it in 2023 and found no evidence that a gene should guide it.
gene-uncovered-little-evidence = No guideline: too little evidence on any gene.
gene-uncovered-antipsychotic = No guideline asks for a change of this antipsychotic by a gene tested here.
gene-uncovered-aromatic = No guideline on the genes tested here. For aromatic anticonvulsants (phenobarbital, eslicarbazepine) HLA-B*15:02 carries a weaker warning.
gene-uncovered-level = CYP2C19 changes its level; no guideline draws a dose from that.
gene-uncovered-stimulant = No guideline on the genes tested here; CES1 and COMT findings do not suffice for advice.
gene-uncovered-algorithm = CPIC advises a dosing algorithm over CYP2C9, VKORC1, CYP4F2 and clinical data (age, weight, amiodarone and others); no fixed dose follows from the genes alone, so none is stated here.
gene-uncovered-interferon = IFNL3 predicts response to interferon-based hepatitis C treatment; CPIC gives no dose, and direct antivirals have replaced it.

## What is known of effect

gene-no-ranking = No gene tells which antidepressant or antipsychotic will work. The genes here tell how fast a medicine is cleared and which reactions are more likely; medicines are therefore sorted by what speaks for a change, never scored.
gene-group-usual = no change by these genes
gene-group-caution = start or watch with more care
gene-group-dose = another dose
gene-group-alternative = another medicine preferred
gene-group-avoid = avoid
gene-group-unknown = no advice possible
gene-trial-guided = Combinatorial testing in major depression missed its primary endpoint: improvement of symptoms after 8 weeks was 27.2 % with and 24.4 % without the test (p = 0.107). Response and remission, secondary endpoints, were higher (26.0 against 19.9 %, and 15.3 against 10.1 %).
gene-trial-prime-care = In 1,944 veterans fewer medicines with a predicted interaction were prescribed; remission was slightly higher over 24 weeks taken together, no longer at week 24.
gene-effect-changed-more = Lower levels; escitalopram was changed for another medicine three times as often within a year.
gene-effect-more-of-both = Higher levels and more improvement of symptoms, with more side effects.
gene-effect-little-relief = The active form is hardly made: little relief.
gene-effect-less-protection = Less of the active form: less protection after a stent.
gene-effect-recurrence = Less endoxifen: recurrence is more likely.
gene-effect-vomiting = Less protection against vomiting.

## What an allele does, in CPIC's terms

function-normal = Normal function
function-decreased = Decreased function
function-none = No function
function-increased = Increased function
function-uncertain = Uncertain function
function-unknown = Unknown function
function-hyperthermia = Malignant Hyperthermia associated
function-ivacaftor = ivacaftor responsive
function-no-ivacaftor = ivacaftor non-responsive
function-class-1 = I/Deficient with CNSHA
function-class-2 = II/Deficient
function-class-3 = III/Deficient
function-class-4 = IV/Normal
function-favorable = Favorable response allele
function-unfavorable = Unfavorable response allele
function-hearing-normal = Normal risk of aminoglycoside-induced hearing loss
function-hearing-uncertain = Uncertain risk of aminoglycoside-induced hearing loss
function-hearing-increased = Increased risk of aminoglycoside-induced hearing loss
function-coumarin-normal = Normal coumarin sensitivity
function-coumarin-higher = Higher coumarin sensitivity
