### Wer wen sehen kann, wer nachgesehen hat, und Notfallzugriffe: in der App und im Portal gesagt.

## Arten von Daten

data-profile = Ihr Name, Alter und Grenzen
data-vitals = Messungen und was üblich ist
data-alerts = Alarme
data-timeline = Was Sie schreiben: Beschwerden, Mahlzeiten, Ereignisse
data-genes = Gene und Medikamente
data-documents = Krankheiten, Allergien, wen man anruft
data-chat = Gespräche
data-place = Wo Sie sind

## Beziehungen

relation-self = Sie
relation-family = Familie
relation-treating = Behandelt Sie
relation-none = ohne Beziehung
relation-as-family = als Familie
relation-as-treating = als Behandelnde

## Wer was sieht

access-sees = Sieht: { $kinds }
access-sees-all = Sieht alles, was Sie teilen
access-sees-nothing = Sieht nichts als Ihren Namen
access-until = bis { $moment }
access-what = Was { $label } sehen darf
access-what-family = Was Ihre ganze Familie sehen darf
access-what-treating = Was alle sehen dürfen, die Sie behandeln
access-how-long = Wie lange
access-for-ever = bis ich es zurücknehme
access-for-day = einen Tag
access-for-week = eine Woche
access-for-month = 30 Tage
access-for-year = ein Jahr
access-saved = Gespeichert. Es gilt ab jetzt.
access-not-saved = Nichts hat sich geändert: { $why }
access-changed-meanwhile = Jemand hat das inzwischen geändert. So steht es jetzt.
access-rests = Ruht, bis Sie sagen, dass es weitergehen soll.
access-rests-reset = Die Anmeldung wurde neu eingerichtet. Sie ruht einen Tag, oder bis Sie sagen, dass es weitergehen soll.
access-confirm = { $label } soll mich weiter sehen
access-confirmed = { $label } sieht Sie weiter
access-looks-after = Sorgt für Sie

sharing-nobody = Niemand außer Ihnen und wer Ihr Haus betreibt.
sharing-since = { $what }, seit { $moment }
sharing-revoke = Zurücknehmen
sharing-revoke-spoken = Zugang zurücknehmen: { $label }

## Wer nachgesehen hat

looked-title = Wer nachgesehen hat
looked-none = In den letzten Tagen hat außer Ihnen niemand nachgesehen.
looked-line =
    { $count ->
        [one] { $who }, { $relation }: { $kinds }, einmal
       *[other] { $who }, { $relation }: { $kinds }, { $count }-mal
    }
looked-refused =
    { $count ->
        [one] { $who } wurde abgewiesen: { $kinds }, einmal
       *[other] { $who } wurde abgewiesen: { $kinds }, { $count }-mal
    }
looked-list = eine Liste, in der Sie stehen
looked-glass = durch Notfallzugriff
looked-unknown = Jemand, den es nicht mehr gibt

## Mitteilungen

notice-title = Das sollten Sie wissen
notice-read = Ich habe das gelesen
notice-glass = { $who } hat Ihre Daten in einem Notfall gesehen
notice-glass-running = { $who } sieht gerade Ihre Daten, als Notfall
notice-glass-when = Von { $from } bis { $until }, nur zum Lesen.
notice-glass-why = Der Grund: „{ $reason }“
notice-glass-right = War das richtig?
notice-glass-yes = Ja, war es
notice-glass-no = Nein
notice-glass-end = Jetzt beenden
notice-glass-ended = Beendet. { $who } sieht nichts mehr.
notice-glass-said-right = Sie haben gesagt, dass das richtig war.
notice-glass-said-wrong = Sie haben gesagt, dass das nicht richtig war. Wer Ihr Haus betreibt, sieht das im Protokoll.
notice-glass-admin = { $who } hat einen Notfallzugriff auf { $pseudonym } geöffnet
notice-glass-admin-words = Von { $from } bis { $until }. Warum, erfährt nur die Person selbst.
notice-joined = { $who } ist dabei
notice-joined-words = { $moment }, mit { $agent } von { $address }. Wenn Sie das nicht wollten, machen Sie es rückgängig.
notice-joined-unknown = einem unbekannten Browser
notice-joined-undo = Rückgängig machen
notice-joined-undone = { $who } hat keinen Zugang mehr
notice-joined-rests = Das Konto wurde zurückgesetzt: { $who } sieht bis { $moment } nichts von Ihnen, außer es wird vorher bewiesen, dass es noch dieselbe Person ist.
notice-reset = Das Konto von { $who } wurde zurückgesetzt
notice-reset-words = { $moment }, von der Person, die das Haus betreibt. { $who } sieht nichts von Ihnen bis einen Tag nach dem Einrichten eines neuen Zugangs, außer es wird vorher bewiesen, dass es noch dieselbe Person ist. Wenn Sie nicht wissen, warum: Fragen Sie nach, oder beenden Sie den Zugang.
notice-reset-end = Zugang beenden
notice-majority = Ab { $day } entscheiden Sie allein
notice-majority-words = Von da an sieht { $who } nichts mehr von Ihnen, bis Sie es hier sagen. Wer Sie behandelt, ist davon nicht berührt.
notice-majority-year = Ihr Geburtsmonat ist hier nicht bekannt, deshalb zählt das Ende des Jahres. Tragen Sie ihn im Profil ein, damit es genau ist.
notice-majority-parent = { $name } wird am { $day } volljährig
notice-majority-parent-words = Von da an sehen Sie nichts mehr, bis es in der App dort erlaubt wird.

## Erwachsen werden

young-title = Erwachsen werden
young-before = Bis { $day } sehen alle, die für Sie sorgen, alles hier.
young-own = Was Sie schreiben, Gespräche, Gene und Dokumente können Sie für sich behalten. Messungen und Alarme bleiben bei denen, die für Sie sorgen, bis { $day }.
young-alone = Sie entscheiden über alles. Am { $day } werden Sie volljährig.
young-year = Bis zum Ende des Jahres gezählt, da Ihr Geburtsmonat hier nicht bekannt ist.

## Jemanden im Notfall sehen

glass-title = Jemanden im Notfall sehen
glass-lede = Für Behandelnde, denen niemand diese Person zu sehen gab. Es dauert eine Stunde, ist nur zum Lesen, und wird sofort gesagt: der Person mit Ihrem Grund, und wer das Haus betreibt, erfährt es auch.
glass-by-name = Nach Name und Geburtsjahr
glass-by-id = Nach der Kennung
glass-name = Name, genau wie hier bekannt
glass-year = Geburtsjahr
glass-id = Kennung
glass-reason = Warum Sie die Person jetzt sehen müssen
glass-reason-hint = 3 bis 500 Zeichen. Die Person liest es.
glass-open = Eine Stunde lang sehen
glass-short = Sagen Sie, warum, in mindestens 3 Zeichen.
glass-whom = Schreiben Sie Name und Geburtsjahr, oder eine Kennung.
glass-failed = Nichts wurde geöffnet: { $why }
glass-banner = Notfallzugriff auf { $name }: nur zum Lesen, noch { $minutes } min. Die Person weiß es, mit Ihrem Grund.
glass-over = Der Notfallzugriff ist vorbei.
glass-end = Jetzt beenden

## In einer von zwei Beziehungen handeln

acting-banner = Sie sehen { $name } { $relation }.
acting-change = { $name } { $relation } sehen
acting-changed = Sie sehen { $name } jetzt { $relation }
acting-failed = Nichts hat sich geändert: { $why }

## Die Seite im Portal

access-title = Wer wen sieht
access-lede = Wen Sie sehen können, als was, und was Ihnen dazu mitgeteilt wurde.
access-reach = Sie können sehen
access-reach-none = Sie können niemanden sehen.
reach-sees = Sie sehen: { $kinds }
reach-all = Sie sehen alles, was geteilt wird.
reach-nothing = Sie sehen nichts als den Namen.
access-mine = Wer Sie sehen kann

## Eine Einladung, die in der Sitzung von jemand anderem geöffnet wird

invited-other = Sie sind angemeldet als { $who }
invited-other-why = Diese Einladung ist für { $whom }. Sind Sie das nicht, schließen Sie diese Seite: Nichts wurde verbraucht.
invited-join = Sie ist für mich: { $person } zu dem hinzufügen, was ich sehe
invited-leave = { $who } abmelden und als { $whom } weitermachen
invited-somebody = jemand anderes
