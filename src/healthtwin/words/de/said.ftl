### Was das Haus über einen Menschen sagt: Alarme, Belege, Rat, Risiken. Was nie gesagt wird: dass alles in Ordnung ist,
### was jemandem fehlt, oder dass ein Medikament zu nehmen sei.

alert-summary =
    { $level ->
        [critical] Jetzt handeln
        [warning] { $within ->
            [2] Jetzt ärztlich ansehen lassen, innerhalb von 2 Stunden
           *[24] Heute oder morgen ärztlichen Rat holen
        }
       *[info] Zur Kenntnis
    }: { $what }.
alert-summary-silence = Sehen Sie nach diesem Menschen: { $what }.
alert-attention = Ihre Messungen brauchen Aufmerksamkeit
alert-over-resolved =
    { READER() ->
        [self] Wieder in dem für Sie üblichen Bereich; wenn Sie sich krank fühlen, rufen Sie an.
       *[other] Wieder in dem für die Person üblichen Bereich; fühlt sie sich krank, rufen Sie an.
    }
alert-over-closed = Von Hand beendet; wenn Sie sich krank fühlen, rufen Sie an.
alert-over-withdrawn = Zurückgenommen: eine später eingetroffene Messung erklärt es; wenn Sie sich krank fühlen, rufen Sie an.
alert-over-heard-again = Es kommen wieder Messungen an; über die Zeit davor sagen sie nichts.
alert-closes =
    { $times ->
        [two] Zwei ruhige Messungen beenden es, mit mindestens 15 Minuten Abstand voneinander und von der letzten bedenklichen; bei einem Gerät, das ständig misst, eine halbe Stunde ruhiger Werte.
       *[one] Eine ruhige Messung beendet es, mindestens 15 Minuten nach der letzten bedenklichen; bei einem Gerät, das ständig misst, eine halbe Stunde ruhiger Werte.
    }
alert-closes-silence = Der nächste Vitalwert, der gemessen wird, beendet es.
evidence-standing = { METRIC($metric) } { UNIT($value, $metric, significant: 6) } bei der letzten Messung; gemeldet war: { $rule }
notice-test = Dies ist ein Test. Es ist nichts geschehen.

## Rat: jeder Schritt mit seiner Quelle

advice-call = Rufen Sie jetzt den Notruf (in Europa 112, in Großbritannien 999, in den USA und Kanada 911) und sagen Sie, was gemessen wurde.
    .source = NHS, When to call 999 (nhs.uk)
advice-not-alone = Fahren Sie nicht selbst. Schließen Sie die Tür auf und geben Sie jemandem Bescheid, damit Sie nicht allein sind.
    .source = NHS, When to call 999 (nhs.uk)
advice-seen-now = Lassen Sie sich jetzt ärztlich ansehen, innerhalb von 2 Stunden: rufen Sie den ärztlichen Bereitschaftsdienst (in Deutschland 116117, in Großbritannien 111). Ist niemand zu erreichen, rufen Sie den Notruf. Bei Brustschmerz, Atemnot, Verwirrtheit, Ohnmacht oder Schwäche einer Körperseite rufen Sie ihn sofort.
    .source = Royal College of Physicians, NEWS2 (2017): dringende Beurteilung; NICE NG143: innerhalb von 2 Stunden ansehen
advice-clinician = Sprechen Sie heute oder morgen mit ärztlichem oder pflegerischem Fachpersonal; sofort, wenn es schlimmer wird. Bei Brustschmerz, Atemnot, Verwirrtheit, Ohnmacht oder Schwäche einer Körperseite rufen Sie jetzt den Notruf.
    .source = NHS, When to use 111 (nhs.uk)
advice-again = Sitzen Sie ruhig und messen Sie in 15 Minuten noch einmal.
    .source = Royal College of Physicians, NEWS2 (2017): ein erhöhter Wert wird noch einmal und öfter gemessen
advice-reason = Gibt es einen Grund, etwa Anstrengung, wenig Schlaf, Alkohol, Hitze oder einen beginnenden Infekt? Wenn Sie sich krank fühlen, rufen Sie eine Ärztin oder einen Arzt; bei einem Notfallzeichen den Notruf.
    .source = eigenes Üblich: ungewöhnlich ist nicht dasselbe wie krank
advice-look = Finden Sie heraus, wie es dem Menschen geht. Sehen Sie dann nach dem Gerät: angelegt, geladen, verbunden?
    .source = Stille kann eine leere Batterie nicht von einem Sturz unterscheiden
advice-breathing = Setzen Sie sich aufrecht hin, beugen Sie sich etwas vor und lockern Sie enge Kleidung.
    .source = NHS, Shortness of breath (nhs.uk)
advice-oximeter = Während Hilfe unterwegs ist, prüfen Sie das Oximeter: warme Hand, kein Nagellack, Hand eine Minute still.
    .source = FDA, Pulse Oximeter Basics (fda.gov)
advice-rhythm = Setzen oder legen Sie sich hin und hören Sie mit jeder Anstrengung auf.
    .source = NHS, Heart palpitations (nhs.uk)
advice-faint = Legen Sie sich hin und lagern Sie die Beine hoch; in der Schwangerschaft legen Sie sich stattdessen auf die linke Seite; bei Atemnot setzen Sie sich auf.
    .source = NHS, Fainting (nhs.uk); linke Seite: MHRA (2023)
advice-cool = Nach Hitze oder Anstrengung: gehen Sie an einen kühlen Ort, legen Sie ab, was warm hält, kühlen Sie die Haut mit Wasser und trinken Sie, wenn Sie können. Beim Fieber einer Krankheit: trinken Sie, ziehen Sie sich leicht an und reiben Sie sich nicht mit kaltem Wasser ab.
    .source = NHS, Heat exhaustion and heatstroke (nhs.uk); NICE NG143, Fever in under 5s
advice-warm = Gehen Sie hinein, ziehen Sie nasse Kleidung aus, hüllen Sie sich warm ein und trinken Sie etwas Warmes, Süßes, wenn Sie ganz wach sind.
    .source = NHS, Hypothermia (nhs.uk)
advice-sugar = Wenn Sie wach sind und schlucken können, essen oder trinken Sie jetzt 15 bis 20 g Zucker: Traubenzucker oder ein Glas Saft. Messen Sie nach 15 Minuten noch einmal. Geben Sie niemandem etwas in den Mund, der benommen ist.
    .source = American Diabetes Association, Standards of Care in Diabetes, Abschnitt 6 (aus dem Gedächtnis; von keiner Ärztin geprüft)
advice-sugar-high = Trinken Sie Wasser, und prüfen Sie auf Ketone, wenn Sie können. Erbrechen, tiefes Atmen oder Benommenheit bei hohem Blutzucker ist ein Notfall.
    .source = NHS, High blood sugar (hyperglycaemia) (aus dem Gedächtnis; von keiner Ärztin geprüft)
advice-again-soon = Messen Sie jetzt noch einmal, nach 1 bis 2 Minuten Ruhe: eine zweite Messung sagt mehr als eine.
    .source = American Heart Association, When to call 911 for high blood pressure (heart.org)
advice-again-warm = Wärmen Sie die Hand, entfernen Sie Nagellack, halten Sie die Hand eine Minute still und messen Sie jetzt noch einmal.
    .source = FDA, Pulse Oximeter Basics (fda.gov)
advice-pressure = Sitzen Sie still, Rücken und Arm gestützt, und messen Sie nach 1 bis 2 Minuten noch einmal; in der Schwangerschaft nach 15 Minuten ein weiteres Mal.
    .source = American Heart Association, When to call 911 for high blood pressure (heart.org)
advice-confused = Bleiben Sie bei dem Menschen, sprechen Sie ruhig und in kurzen Sätzen und lassen Sie ihn nicht allein.
    .source = NHS, Sudden confusion (delirium) (nhs.uk)

## Belege

evidence-limit = { METRIC($metric) } { UNIT($value, $metric, significant: 6) }: { $rule }
evidence-limit-once = { METRIC($metric) } { UNIT($value, $metric, significant: 6) }: { $rule } (eine Messung, nicht bestätigt)
evidence-fever-lasts = Fieber seit { $days } Tagen, gezählt ab der ersten Messung
evidence-symptom = Ein Zeichen, vor { DURATION($ms, form: "dative") } berichtet, macht es dringender
evidence-coarse-age = Der Geburtsmonat fehlt: Grenzen für dieses Alter sind grob
evidence-news2 = { $score }: { $parts }
evidence-news2-older = zur Einordnung, mit älteren Werten { $score }: { $parts }
news2-total = NEWS2 { $total }
news2-at-least = NEWS2 mindestens { $total } ({ $measured } von { $of } gemessen)
news2-points = { METRIC($metric, form: "parameter") } { $points }
news2-points-older = { METRIC($metric, form: "parameter") } (vor { DURATION($age_ms, form: "short") }) { $points }
evidence-pattern = { $rule } ({ $shown })
pattern-value = { METRIC($metric) } jetzt { UNIT($value, $metric, significant: 3) }
pattern-value-usual = { METRIC($metric) } jetzt { UNIT($value, $metric, significant: 3) }, sonst { UNIT($expected, $metric, unit: "no", significant: 3) }
evidence-against-usual = { METRIC($metric) } { against-usual }
evidence-deviation = { METRIC($metric) } { deviation }
evidence-silence = keine Messung seit { DURATION($ms, form: "dative") }

## Ein Gerät, dessen Uhr falsch geht

clock-problem =
    { $kind ->
        [behind] Die Uhr von { $device ->
            [unnamed] einem Gerät
           *[other] { $device }
        } geht { DURATION($ms) } nach, oder seine Messungen kommen so spät: Sie werden danach beurteilt, wann sie kommen. Bitte Uhrzeit und Zeitzone des Geräts stellen.
        [ahead] Die Uhr von { $device ->
            [unnamed] einem Gerät
           *[other] { $device }
        } geht { DURATION($ms) } vor: Seine Messungen werden abgelehnt. Bitte Uhrzeit und Zeitzone des Geräts stellen.
       *[jumping] Die Uhr von { $device ->
            [unnamed] einem Gerät
           *[other] { $device }
        } springt vor und zurück: Seine Messungen werden danach beurteilt, wann sie kommen. Bitte die Uhr stellen oder die Batterie wechseln.
    }

## Gegen das eigene Üblich

against-usual =
    { UNIT($value, $metric) }, { $direction ->
        [above] { UNIT($away, $metric) } über
        [below] { UNIT($away, $metric) } unter
       *[within] innerhalb von
    } { usual-of-theirs } { UNIT($expected, $metric, unit: "no") } ± { UNIT($reach, $metric, unit: "no") } um { NUMBER($hour, minimumIntegerDigits: 2) }:00{ $activity ->
        [resting] , in Ruhe
        [light] , leicht aktiv
        [active] , aktiv
       *[none] { "" }
    }{ $lasting ->
        [none] { "" }
       *[other] , seit { $lasting }
    }
usual-of-theirs =
    { READER() ->
        [self] dem für Sie Üblichen
       *[other] dem für die Person Üblichen
    }
deviation =
    { UNIT($value, $metric) }; für Sie um { NUMBER($hour, minimumIntegerDigits: 2) }:00{ $activity ->
        [resting] , in Ruhe
        [light] , leicht aktiv
        [active] , aktiv
       *[none] { "" }
    }, { UNIT($expected, $metric, unit: "no") } ± { UNIT($spread, $metric, unit: "no", fine: "yes") }; { NUMBER($distance, minimumFractionDigits: 1, maximumFractionDigits: 1) } { $direction ->
        [below] darunter
       *[above] darüber
    }{ $lasting ->
        [none] { "" }
       *[other] ; seit { $lasting }
    }
lasting = { DURATION($ms, form: "dative") }
still-learning =
    { UNIT($value, $metric, significant: 6) }; was { READER() ->
        [self] für Sie
       *[other] für die Person
    } üblich ist, wird noch gelernt

## Risiken

forecast-chance =
    auf 100 Stunden wie diese folgte { $of_hundred ->
        [0] weniger als 1-mal
       *[other] etwa { $of_hundred }-mal
    } { $target }; gemessen an Aufenthalten auf Intensivstationen, nicht zu Hause
driver =
    { METRIC($metric) } { UNIT($value, $metric) }, { $direction ->
        [as-usual] nahe { $own ->
            [true] { usual-of-theirs } von
           *[false] den typischen
        } { UNIT($usual, $metric) }, aber nicht stetig
       *[other] { $direction ->
            [below] unter
           *[above] über
        } { $own ->
            [true] { usual-of-theirs } von
           *[false] den typischen
        } { UNIT($usual, $metric) }
    }
would-fall = Wäre { METRIC($metric, form: "inline") } stetig bei { UNIT($usual, $metric) }, wäre es { $then } statt { $now }; wäre alles Bekannte wie üblich, { $all_usual }
chance =
    { $percent ->
        [0] unter 1 %
       *[other] { $percent } %
    }
drift-too-little = zu wenig, um es zu sagen
drift-like = wie beim Training
drift-somewhat = etwas anders als beim Training
drift-unlike = anders als beim Training
too-little-known = es ist noch zu wenig bekannt: { $days } Tage mit Daten
me-sees-nobody = Diese Anmeldung betreibt das Haus und sieht von niemandem Gesundheitsdaten. Für Menschen, die das möchten, stellen Sie eine aus, die sie nennt: healthtwin sign-in-link --scope admin --person ID, oder --every-person; einen Zugang ebenso mit healthtwin token create.

## Notfallzugriff, in einer Nachricht

told-glass = { $who } hat die Daten in einem Notfall gesehen, nur zum Lesen.
