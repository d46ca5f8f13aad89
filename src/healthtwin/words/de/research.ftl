### Was über Daten gesagt wird, die für die Forschung hinausgehen.

research-what = { $released } von { $people } Menschen, die zugestimmt haben, sind dabei.
research-left-out =
    { $count ->
        [0] Niemand wurde weggelassen.
        [one] { $count } Mensch wurde weggelassen: Weniger als { $k } sind ihm gleich.
       *[other] { $count } Menschen wurden weggelassen: Weniger als { $k } sind ihnen jeweils gleich.
    }
research-class = Kleinste Gruppe von Menschen, die in { $columns } gleich sind: { $size }.
research-values = { $column }: Jede solche Gruppe hat mindestens { $count } verschiedene Werte.
research-column-left-out = Nicht gesagt: { $column } ({ $why ->
        [small-classes] Gruppen würden zu klein
        [rare-value] weniger als { $k } Menschen haben einen seltenen Wert
       *[too-alike] eine Gruppe wäre darin zu gleich
    }).
research-series = Wochenmittel sind dabei. Eine Messreihe ist wie ein Fingerabdruck: Wer jemandes Werte kennt, findet ihn darin, wie groß die Gruppen auch sind.
research-no-series = Messwerte sind keine dabei.
research-dates = Tage sind um ganze Wochen verschoben, bei jedem Menschen um ein eigenes Geheimnis; Alter ab { $age } sind eines; kein Ort, kein freier Text, neue Namen in jedem Export.
research-caution = Ohne Namen ist nicht anonym: Verbinden Sie es mit nichts, und suchen Sie niemanden darin.
