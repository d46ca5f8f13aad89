### Was Portal und App mit denselben Worten sagen.

level-critical = Kritisch
level-warning = Warnung
level-info = Hinweis

status-critical = Kritisch
status-warning = Warnung
status-info = Hinweis
status-unknown = Unbekannt
status-learning = Lernt noch
status-usual = Kein offener Alarm

state-triggered = Offen
state-acknowledged = Gesehen
state-snoozed = Stumm
state-resolved = Beendet

meaning-critical = Jetzt handeln
meaning-warning = Jemand muss den Menschen ansehen: innerhalb von 2 Stunden, oder heute oder morgen, wie der Alarm es sagt
meaning-info = Zur Kenntnis

span-under-a-minute = weniger als einer Minute
    .alone = weniger als eine Minute
span-minutes = { $minutes } min
span-hours = { $hours } h
span-hours-minutes = { $hours } h { $minutes } min
span-days = { $days } Tagen
    .alone = { $days } Tage

ago = vor { $span }
ago-just-now = gerade eben

moment-yesterday = gestern { $clock }
moment-tomorrow = morgen { $clock }
moment-date = { $date }, { $clock }

learning-none = Das Lernen hat noch nicht begonnen: noch keine Messung
learning-silent = Lernt, Tag { $days } von { $of }: nur feste Sicherheitsgrenzen und Vorhersagen lösen Alarm aus
learning-soft = Tag { $days }: sanfte Alarme, die fragen, ob etwas ungewöhnlich war
learning-full = Tag { $days }: volle Alarme
learning-adapting = { $days } Tage gelernt, wird täglich angepasst

tile-learning = was üblich ist, wird noch gelernt
tile-usual = üblich { $low }–{ $high }
tile-above = { $beyond } über dem Erwarteten
tile-below = { $beyond } unter dem Erwarteten
tile-above-for = { $beyond } über dem Erwarteten, seit { $span }
tile-below-for = { $beyond } unter dem Erwarteten, seit { $span }

question-unusual =
    { READER() ->
        [self] War das ungewöhnlich für Sie?
       *[other] War das ungewöhnlich für die Person?
    }
question-why = Einmal tippen, und der Zwilling lernt, was üblich ist.
answer-usual =
    { READER() ->
        [self] Üblich für mich
       *[other] Üblich für die Person
    }
answer-unusual =
    { READER() ->
        [self] Ungewöhnlich für mich
       *[other] Ungewöhnlich für die Person
    }
answered-usual = Beantwortet: üblich. Bis zur nächsten Frage braucht es mehr.
answered-unusual = Beantwortet: ungewöhnlich. Nichts davon wird als üblich gelernt.

channel-in-app = Dieses Portal
channel-webhook = Webhook

delivery-pending = Unterwegs
delivery-delivered = Zugestellt
delivery-failed = Nicht zugestellt
delivery-withheld = Nicht geteilt
delivery-tries = nach { $tries } Versuchen
delivery-whoever = wer sie gerade offen hat

link-connecting = Verbindet
link-live = Live
link-lost = Verbindet neu
link-signed-out = Abgemeldet
link-lost-since = Verbindung um { $clock } verloren. Was Sie sehen, kann veraltet sein; es wird neu verbunden.
link-gone = Sie sind abgemeldet, darum kommt nichts Neues.
link-sign-in = Neu anmelden

theme-light = Hell
theme-dark = Dunkel
theme-to-light = Helles Aussehen
theme-to-dark = Dunkles Aussehen

sign-out-failed = Sie sind noch angemeldet: { $why }

alert-since = Erstes Zeichen { $moment }, vor { $span }
alert-told = gemeldet um { $moment }
alert-acknowledged-at = gesehen um { $moment } { $by }
alert-closed-at = beendet um { $moment }
alert-past = { $moment }, nach { $span } beendet
alert-until = bis { $clock }
alert-more-facts =
    { $n ->
        [one] { $n } weitere Tatsache, und wer es weiß
       *[other] { $n } weitere Tatsachen, und wer es weiß
    }
alert-glance = Was zu tun ist, und warum
alert-more = Wer es weiß, und alles Übrige
alert-first = Was zuerst zu tun ist
alert-call-now = Geht es dem Menschen schlecht, rufen Sie jetzt den Notruf.
alert-call = { $number } anrufen
alert-call-local = oder Ihren örtlichen Notruf. Für Sie wurde niemand angerufen.
alert-why = Warum
alert-evidence = Warum: die Belege
alert-evidence-region = Belege
alert-evidence-caption = Belege zu diesem Alarm
alert-seen = Was gesehen wurde
alert-value = Wert
alert-own-usual = Üblich
alert-when = Wann
alert-source = Quelle
alert-told-whom = Wer es weiß
alert-told-nobody = Außerhalb dieses Portals wurde nichts verschickt.
alert-channel = Weg
alert-to = An
alert-status = Stand
alert-acknowledge = Gesehen: ich kümmere mich
alert-resolve = Episode beenden
alert-off-group = Alarme eine Weile stumm schalten
alert-off-for = Alarme stumm für
alert-15-min = 15 min
alert-1-hour = 1 Stunde
alert-until-then = bis { $moment }
alert-off-hint = Solange wird nur Schlimmeres gemeldet.
alert-done-acknowledge = Als gesehen vermerkt
alert-done-snooze = Alarme sind stumm bis { $moment }
alert-done-resolve = Beendet
alert-not-acknowledge = Nicht vermerkt: { $why }. Nichts hat sich geändert; bitte noch einmal.
alert-not-snooze = Nicht stumm geschaltet: { $why }. Nichts hat sich geändert; bitte noch einmal.
alert-not-resolve = Nicht beendet: { $why }. Nichts hat sich geändert; bitte noch einmal.
alert-over = Diese Episode ist beendet. Fühlt sich der Mensch krank, rufen Sie Hilfe.
alert-off-until = Alarme sind stumm bis { $moment }.
alert-off-worse = Vorher wird nur Schlimmeres gemeldet.

frame-skip = Zum Inhalt
frame-replay = Wiedergabe aufgezeichneter Daten; nicht live.
frame-not-a-device = healthtwin ist Software für Forschung und Wohlbefinden, kein Medizinprodukt. Sie kann etwas übersehen und ruft von sich aus niemanden zu Hilfe.

## Wo lange Wörter brechen dürfen: nach diesen Teilen

word-joints = Sauerstoff Körper Herzraten Umgebungs Personen Sicherheits Intensiv Standard Rhythmus Notfall Nieren Herzkranz Bewegungs Gesundheits Schwanger Lautstärke Tonhöhen Schritt Seiten

kind-profile = Name und Alter
kind-vitals = Messwerte und was daraus gelernt wurde
kind-alerts = Meldungen
kind-timeline = was sie aufgeschrieben haben
kind-genes = Gene und Medikamente
kind-documents = Erkrankungen, Allergien, Kontakte und Unterlagen
kind-chat = Gespräche
kind-place = Orte
kept-back = Nicht mit Ihnen geteilt: { $kinds }
