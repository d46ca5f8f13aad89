### Die erste Seite dessen, was jemand mitnimmt: was darin ist, und jedes Jahr in Zahlen.

mydata-title = Meine Daten: { $name }
mydata-made = Alles, was dieses Haus über { $name } weiß. Gemacht am { DATE($at) }, { TIME($at) } Uhr.
mydata-from = Messwerte, Warnungen und was geschah: ab dem { DATE($at) }.
mydata-until = Messwerte, Warnungen und was geschah: bis zum { DATE($at) }.
mydata-open = Diese Datei ist nicht verschlüsselt. Wer sie hat, kann sie lesen: Verwahren Sie sie wie einen Schlüssel, und schicken Sie sie niemandem, dem Sie das alles nicht sagen würden.
mydata-what = Was hier ist
mydata-file = Datei
mydata-holds = Was darin steht
mydata-about =
    { $file ->
        [readme] Was auf dieser Seite steht, kürzer und auf Englisch, für alle ohne Browser.
        [bundle] Für das System einer anderen Praxis oder App: HL7 FHIR R4, mit Ihnen, Ihren Angaben, Ihren Genen, den Messwerten jedes Tages, Warnungen und wem sie gesagt wurden.
        [alerts] Jede Warnung in Worten: warum, wie sicher, wem sie gesagt wurde und was daraus wurde.
        [sharing] Wer Ihre Daten sehen kann, oder es mit einem verschickten Link könnte.
        [audit] Wer Ihre Daten angesehen hat, wann und als was.
        [tables] Was in Zeilen steht: Ihr Profil, Medikamente, Gene, Vorgeschichte, Notizen, Warnungen, Geräte.
        [series] Ihre Messwerte für eine Tabelle: jeder Wert, und eine Zeile je Tag.
        [log] Jede Nachricht, wie sie ankam, so weit das Protokoll zurückreicht.
        [twin] Was aus all dem gelernt wurde: was für Sie üblich ist, Stunde für Stunde, in Zahlen.
       *[other] Weiteres, was bekannt ist.
    }
mydata-files = { $folder } ({ $count ->
        [one] { $count } Datei
       *[other] { $count } Dateien
    })
mydata-years = Jedes Jahr in Zahlen
mydata-years-hint = Nur Zahlen: Was sie für Sie bedeuten, wird hier nicht beurteilt. Ein Jahr zählt nach UTC.
mydata-no-readings = Keine Messwerte.
mydata-year = Jahr
mydata-count = Werte
mydata-mean = Mittel
mydata-low = Tiefster
mydata-high = Höchster
mydata-every-value = jeder Wert
mydata-every-day = jeder Tag
mydata-happened = Was geschah
mydata-alerts =
    { $count ->
        [0] Keine Warnungen.
        [one] { $count } Warnung.
       *[other] { $count } Warnungen.
    }
mydata-notes =
    { $count ->
        [0] Nichts aufgeschrieben.
        [one] { $count } Notiz, wie es Ihnen ging.
       *[other] { $count } Notizen, wie es Ihnen ging.
    }
mydata-left-out = Nicht dabei: Schlüssel und Prüfsummen, die Türen öffnen, und was zu alt war, um aufgehoben zu werden.
mydata-metric =
    { METRIC($metric) }{ $unit ->
        [none] { "" }
       *[other] , { $unit }
    }
mydata-value = { UNIT($value, $metric, unit: "no") }
mydata-heading = Meine Daten
mydata-offer = Alles, was Ihr Haus über Sie weiß, als eine Datei: eine Seite zum Lesen, Ihre Messwerte für eine Tabelle, und FHIR für das System einer anderen Praxis.
mydata-make = Datei machen
mydata-making = Sie wird gemacht. Bei Messwerten aus Jahren dauert das bis zu einer Minute; Sie können inzwischen weitermachen.
mydata-ready = Fertig: { NUMBER($size, maximumFractionDigits: 1) } MB, abzuholen bis { $moment }.
mydata-fetch = Datei speichern
mydata-again = Neue machen
mydata-failed = Es gibt keine Datei: { $why }
mydata-could-not = Ihr Haus konnte sie nicht machen
mydata-keep = Die Datei ist nicht verschlüsselt. Verwahren Sie sie wie einen Schlüssel.
