### Was nur das Portal sagt: seine Seiten und die Türen davor.

language-name = Deutsch

## Um jede Seite herum

ribbon-synthetic = Künstliche Daten: simulierte, keine wirklichen Menschen.
page-emergency = Notfall?
page-call-local = Rufen Sie zuerst den örtlichen Notruf: { $anywhere } geht vom Handy aus in den meisten Ländern, { $america } in Nordamerika.
page-needs-script = Laufende Messwerte brauchen JavaScript, das in diesem Browser ausgeschaltet ist.
page-where = Wo Sie sind
page-everybody = Alle
page-sign-out = Abmelden
page-language = Sprache
times-are-theirs = Uhrzeiten sind die von { $name }: { $zone }
last-reading = Letzte Messung
no-reading-yet = Noch keine Messung
now-critical = Jetzt kritisch: { $summary }
critical-of = Kritisch: { $name }: { $summary }
critical-told = Kritisch: { $summary }

## Wer mich jetzt braucht

people-title = Wer mich jetzt braucht
people-needed =
    { $n ->
        [one] { $n } von { $all } braucht jemanden
       *[other] { $n } von { $all } brauchen jemanden
    }
people-none-needed =
    { $all ->
        [one] Kein kritischer Alarm und keine Warnung offen bei { $all } Person
       *[other] Kein kritischer Alarm und keine Warnung offen bei { $all } Personen
    }
people-unknown = { $n } unbekannt
people-find = Nach Namen suchen
people-how-the-house-is = Wie es dem Haus geht
group-now = Braucht jemanden
group-aware = Zur Kenntnis
group-unknown = Unbekannt
group-unknown-note = Keine frische Messung, darum lässt sich nichts über sie sagen.
group-rest = { status-usual }
group-rest-note = In den eingetroffenen Messungen hat nichts Alarm ausgelöst. Fühlt sich jemand krank, rufen Sie Hilfe.
person-since = Erstes Zeichen { $moment }
person-silent-for = Keine Messung seit { $span }
person-alerts-off = Alarme sind stumm bis { $moment }
person-learning = Lernt, Tag { $days } von { $of }
person-synthetic = Künstlich

column-heart-rate = Puls
column-respiratory-rate = Atmung
column-oxygen-saturation = SpO₂
column-body-temperature = Temp.

## Ein Mensch

person-born = geboren { $year }
person-unknown = Keine Messung seit { $span }. Wie es { $name } jetzt geht, ist unbekannt.
person-never = Noch keine Messung. Wie es { $name } jetzt geht, ist unbekannt. Verbinden Sie ein Gerät mit „healthtwin token create“.
person-open-alerts = Offene Alarme
person-earlier = Frühere Alarme
person-against-usual = Verglichen mit dem, was sonst üblich ist
person-nothing-arrived = Es ist noch keine Messung eingetroffen.
person-table = Dasselbe als Tabelle
person-table-region = Messungen als Tabelle
person-range = Gezeigte Zeit
range-6h = 6 h
range-6h-spoken = 6 Stunden
range-24h = 24 h
range-24h-spoken = 24 Stunden
range-7d = 7 T
range-7d-spoken = 7 Tage
range-30d = 30 T
range-30d-spoken = 30 Tage
legend-usual = üblicher Bereich je Stunde
legend-average = Mittelwert
legend-readings = Messungen
legend-extremes = niedrigster bis höchster Wert
legend-outside = außerhalb des Üblichen
legend-alert = Alarm begann
table-caption = { METRIC($metric) }, { $range }, in { $unit }
table-caption-bare = { METRIC($metric) }, { $range }
table-day = Tag ab
table-hour = Stunde ab
table-lowest = Niedrigster
table-average = Mittel
table-highest = Höchster
table-usual = Üblich
new-usual-title = Ist das von nun an üblich?
new-usual-why = Nach einem neuen Medikament, einem Umzug in die Höhe oder in einer Schwangerschaft kann üblich werden, was bisher ungewöhnlich war. Bestätigen Sie es, dann wird dieser Wert ({ METRIC($metric) }) rasch neu gelernt. Nicht, solange jemand krank ist: Krankheit darf nicht zum Üblichen werden.
new-usual-do = { METRIC($metric) } neu lernen
new-usual-done = { METRIC($metric) } wird neu gelernt
new-usual-failed = Nicht bestätigt: { $why }
chart-failed = Das Diagramm konnte nicht geladen werden: { $why }
chart-how = Zeigen Sie auf das Diagramm, oder wählen Sie es an und nehmen Sie die Pfeiltasten.
chart-reading = { UNIT($value, $metric) } um { $moment }
chart-reading-usual = { UNIT($value, $metric) } um { $moment }; dann üblich { UNIT($low, $metric, unit: "no") }–{ UNIT($high, $metric, unit: "no") }
chart-empty = { METRIC($metric) }: in dieser Zeit keine Messung.
chart-words = { METRIC($metric) } von { $from } bis { $until }: { $n } Werte zwischen { UNIT($low, $metric, unit: "no") } und { UNIT($high, $metric) }.
chart-outside = { $beyond } von { $n } außerhalb des Üblichen.
chart-learning = Was für diesen Menschen üblich ist, wird noch gelernt.

## Was die Prüfungen sagen

checks-region = Was die Prüfungen sagen
checks-title = Was die Prüfungen sagen
checks-within = innerhalb von { $span }
checks-now = jetzt
checks-base-rate = Von allen Stunden, an denen gemessen wurde: etwa { $n } von 100.
checks-base-rate-few = Von allen Stunden, an denen gemessen wurde: weniger als 1 von 100.
checks-by-the-model = Nach dem Modell: { $what }.
checks-stale = Die Messungen sind zu alt, um etwas über jetzt zu sagen.
check-unusual-for-you = Ungewöhnlich für diesen Menschen
check-news2 = NEWS2-Punkte
check-hypoxia = Sauerstoffsättigung unter 90 %
check-news-red = Ein Wert im roten Bereich von NEWS2

## Medikamente und Gene

findings-title = Medikamente und Gene
findings-ask = Sprechen Sie darüber mit Arzt, Ärztin oder Apotheke; ändern Sie nie selbst eine Dosis.
findings-why = Warum

## Ein Alarm

alert-title = Alarm für { $name }

## Wie es dem Haus geht

house-title = Wie es dem Haus geht
house-running = Betrieb
house-alarms = Was Vorhersagen an Fehlalarmen kosten
house-drift = Ob Vorhersagen noch sehen, woran sie gelernt haben
house-drift-hint = Sie haben an Aufenthalten auf Intensivstationen gelernt. Zu Hause weichen ihre Werte immer davon ab; es zählt, was sich von einer Woche zur nächsten ändert. Das sagt, dass etwas anders ist, nicht was.
house-drift-region = Werte der letzten Woche
house-weeks = Woche für Woche
house-weeks-region = Wochen dieses Hauses
house-ok = Messungen werden angenommen, und nichts wartet auf Sie.
house-degraded = Messungen werden angenommen, aber etwas braucht Sie.
house-failing = Neue Messungen werden abgelehnt. Etwas braucht Sie jetzt.
house-table = Wie es läuft
house-what = Was
house-stands = Wie es steht
house-people = Menschen
house-backlog = Noch nicht gesehene Messungen
house-backlog-is = { $n }, die älteste seit { $span }
house-backlog-none = keine
house-deliveries = Noch nicht bestätigte Meldungen
house-space = Freier Platz
house-space-is = { $free } GB; unter { $reserve } GB werden Messungen abgelehnt
house-version = Version
house-started = Gestartet
house-alarms-so-far = Bisher waren für alle zusammen { $allowed } Fehlalarme erlaubt, und es gab { $false }.
house-alarms-new = Für jemand Neues ist die Schwelle { $threshold }.
house-alarms-hint = Falsch: eine Stunde später zeigten die Messungen, dass es nicht gekommen war; wo niemand maß, zählt ein Alarm nach seiner Wahrscheinlichkeit. Feste Grenzen und NEWS2 gehören nicht dazu und werden davon nie verstummen.
house-alarms-none = Noch ist nichts bekannt: seit dem Start wurde keine Zeit vermerkt.
house-threshold-same = wie dort, wo gelernt wurde
house-threshold-stricter = { $times }-mal strenger
house-threshold-lenient = { $times }-mal nachsichtiger
house-drift-caption = Werte der letzten Woche, verglichen mit dem Gelernten
house-forecast = Vorhersage
house-scores = Werte sind
house-index = Index
house-hours = Personenstunden
house-no-score = Noch kein Wert.
house-weeks-caption = Wochen dieses Hauses
house-week-from = Woche ab
house-allowed = Erlaubt
house-false = Fehlalarme
house-threshold = Schwelle
house-drift-of = Abweichung: { $forecast }
house-no-week = Der erste Eintrag kommt innerhalb einer Stunde nach dem Start.

## Was im Haus nicht stimmt. Die $message eines Fehlers ist, was das Programm davon geschrieben hat: Sie nennt Dateien und
## Zahlen und steht in jeder Sprache so da, wie sie ist.

fault-space = der freie Platz liegt unter der Reserve; neue Messungen werden abgelehnt
fault-clock =
    die Uhr dieses Rechners ist um { DURATION($ms) } { $way ->
        [ahead] vor
       *[back] zurück
    }gesprungen; was bis dahin ankam, trägt eine falsche Zeit, und einen Tag lang wird nichts nach seinem Alter vergessen
fault-behind = der Zwilling hängt { $seconds } s hinter dem Protokoll zurück; um so viel später kommen Alarme
fault-receivers =
    { $count ->
        [one] ein Empfänger von Alarmen antwortet nicht; seine Nachrichten warten
       *[other] { $count } Empfänger von Alarmen antworten nicht; ihre Nachrichten warten
    }
fault-given-up =
    { $count ->
        [one] eine Nachricht über einen Alarm kam in den letzten 24 Stunden nicht an und wird nicht mehr versucht
       *[other] { $count } Nachrichten über Alarme kamen in den letzten 24 Stunden nicht an und werden nicht mehr versucht
    }
fault-error =
    { $kind ->
        [full] auf dem Datenträger ist kein Platz mehr
        [busy] eine Datei ist von einem anderen Programm belegt oder nicht erreichbar
        [corrupt] was gelesen wurde, ist nicht das, was geschrieben wurde
        [storage] was aufbewahrt werden soll, ist in Gefahr
       *[other] dieser Teil des Hauses ist stehen geblieben
    } (Meldung: „{ $message }“)
fault-kind =
    { $kind ->
        [full] auf dem Datenträger ist kein Platz mehr
        [busy] ein anderes Programm hält eine Datei fest
        [corrupt] eine Datei ist beschädigt
        [storage] eine Datei lässt sich nicht lesen oder schreiben
       *[other] das arbeitet nicht mehr
    }; wer das Haus betreibt, sieht mehr
house-warning =
    { $kind ->
        [audit-gap] in den Aufzeichnungen, wer wen ansah, fehlt etwas; „healthtwin audit verify“ sagt, wo
        [break-glass] jemand sah im Notfall eine Person an, ohne eine Beziehung zu ihr
        [break-glass-many] fünf Blicke im Notfall an einem Tag
        [new-admin] eine Verwalterin oder ein Verwalter kam hinzu
        [account-reset] ein Konto wurde an der Konsole zurückgesetzt
        [account-confirmed] ein zurückgesetztes Konto wurde an der Konsole bestätigt
        [refusals] viele Anfragen wurden innerhalb von zehn Minuten abgelehnt
       *[other] { $kind }
    }
fault-part =
    { $part ->
        [audit] Aufzeichnung, wer wen ansah
        [audit-anchor] Siegel dieser Aufzeichnung
        [audit-room] Platz dieser Aufzeichnung
        [log] Protokoll
        [runner] Verarbeitung
        [maintenance] Wartung
        [disk] Datenträger
        [twin] Zwilling
        [clock] Uhr
        [records] Einträge
        [quarantine] Beiseite gelegt
        [receivers] Empfänger
        [deliveries] Zustellung
        [alerts] Alarme
        [series] Messreihen
        [timeline] Verlauf
        [people] Menschen
        [intake] Eingang
        [medicines] Medikamente
        [access] Zugang
       *[other] { $part }
    }

## Was der Mensch geschrieben hat, und was Helfende wissen müssen

wrote-title = Selbst geschrieben
wrote-nothing-lately = In den letzten drei Tagen nichts.
wrote-earlier = Früher
wrote-of-ten = { $value } von 10
event-symptom = Beschwerde
event-relief = Besserung
event-activity = Tätigkeit
event-medication = Medikament genommen
event-meal = Mahlzeit
event-sleep = Schlaf
event-weather = Wetter
event-document = Dokument
event-message = Nachricht
about-title = Gut zu wissen
about-allergies = Allergien
about-contacts = Wen man anrufen kann
about-conditions = Erkrankungen
about-risks = Risikofaktoren
person-earlier-all = Alle { $n } zeigen

## Viele Menschen

people-more = { $n } weitere zeigen
people-of = { $n } von { $all }
people-loading = die Übrigen werden geladen …
people-found =
    { $n ->
        [0] Niemand heißt „{ $name }“. Wer jemanden braucht, bleibt sichtbar.
        [one] Ein Mensch heißt „{ $name }“. Wer jemanden braucht, bleibt immer sichtbar.
       *[other] { $n } Menschen heißen „{ $name }“. Wer jemanden braucht, bleibt immer sichtbar.
    }
person-beyond = { METRIC($metric) } { UNIT($value, $metric, significant: 6) }: jenseits einer festen Grenze, und kein Alarm ist offen
person-news2 = NEWS2 { $score }
person-moving = in Bewegung
person-clock = Die Uhr eines Geräts geht falsch

## Wonach zu sehen ist

house-upkeep = Wonach zu sehen ist
house-backup = Letzte Sicherung
house-backup-never = keine vermerkt: healthtwin backup --out DATEI
house-certificate = Zertifikat
house-certificate-until = bis { $date } ({ $days } Tage)
house-certificate-none = kein eigenes
house-receivers = Wer benachrichtigt wird
house-receivers-none = Niemand außerhalb dieses Portals: Es gibt keinen Webhook.
house-receiver = Empfänger
house-whose = Wessen Alarme
house-waiting = Wartend
house-given-up = Aufgegeben in 24 h
house-receiver-ok = antwortet
house-receiver-off = ausgeschaltet
house-receiver-failing = nichts kommt an seit
house-tokens = Wer mit einem Token hereinkommt
house-tokens-none = Kein Token gilt.
house-token = Token
house-token-unnamed = ohne Bezeichnung
house-scope = Rolle
house-covers = Menschen
house-made = Gemacht
house-ends = Endet
house-never = nie
checks-model = Vorhersage: { $model }
