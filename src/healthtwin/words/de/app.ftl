### Was nur die App sagt. Eine Meldung `…-app` steht für die ohne, wo der Mensch selbst am Handy liest.

tile-learning-app = was für Sie üblich ist, wird noch gelernt

channel-in-app-app = Diese App und das Portal

link-gone-app = Dieses Handy ist nicht gekoppelt, deshalb kommt nichts Neues.
link-sign-in-app = Koppeln

alert-call-now-app = Geht es Ihnen schlecht, rufen Sie jetzt den Notruf.
alert-call-local-app = Für Sie wurde niemand angerufen.
alert-told-nobody-app = Außerhalb dieser App und des Portals wurde nichts verschickt.
alert-over-app = Diese Episode ist beendet. Wenn Sie sich krank fühlen, rufen Sie Hilfe.

app-needs-script = Diese App braucht JavaScript, das in diesem Browser ausgeschaltet ist. Rufen Sie im Notfall 112 oder 911.
manifest-description = Ihr eigener Gesundheitszwilling: messen, sich mit dem eigenen Üblichen vergleichen, dem Haus sagen, wie es Ihnen geht.

frame-tabs = Bereiche
frame-call-spoken = Notruf: { $number } anrufen
frame-synthetic = Künstliche Daten: simulierter Mensch

screen-failed = Das konnte nicht gezeigt werden
screen-failed-why = Niemand antwortet, und von früher ist hier nichts gespeichert ({ $why }). Was Sie eingeben, bleibt hier und wird später gesendet.
screen-again = Noch einmal

release-ready = Eine neue Version ist bereit.
release-use = Jetzt verwenden
release-failed = Dieses Handy konnte die App nicht für die Zeit ohne Netz speichern: { $why }

tab-now = Jetzt
tab-check = Messen
tab-ill = Unwohl
tab-alerts = Alarme
tab-sharing = Teilen

kept-note = Niemand antwortet. Das ist der Stand { $ago }.

call-if-ill = Wenn Sie sich krank fühlen, rufen Sie an. Warten Sie nicht auf diese App.

queue-title = Wartet auf das Senden
queue-waiting =
    { $n ->
        [one] { $n } Eintrag wartet auf das Senden
       *[other] { $n } Einträge warten auf das Senden
    }
queue-parked =
    { $n ->
        [one] { $n } wurde abgelehnt
       *[other] { $n } wurden abgelehnt
    }
queue-none = Nichts wartet: alles ist in Ihrem Haus angekommen.
queue-goes-by-itself = Es liegt sicher auf diesem Handy und geht von selbst hinaus, sobald Ihr Haus antwortet.
queue-now = Jetzt senden
queue-refused-title = Abgelehnt
queue-refused = Ihr Haus hat es nicht angenommen: { $why }
queue-conflict = Ihr Haus hat unter dieser Nummer schon einen anderen Eintrag. Was es hat, bleibt, wie es ist.
queue-former-pairing = Es wurde aufgezeichnet, bevor dieses Handy neu gekoppelt wurde. Vielleicht ist es schon dort oder gehört jemand anderem. Es wird nicht gesendet.
queue-again = Noch einmal
queue-discard = Wegwerfen
queue-kind-ppg = Messung mit dem Finger
queue-kind-motion = Messung der Bewegung
queue-kind-audio = Messung des Klangs
queue-kind-vitals = Eingetippte Werte
queue-kind-events = Eintrag in der Zeitleiste
queue-kind-other = Eintrag

now-title = { $name }, jetzt
now-usual = Nichts in den eingegangenen Messungen hat einen Alarm ausgelöst.
now-learning = Was für Sie üblich ist, wird noch gelernt. Bis dahin lösen nur feste Sicherheitsgrenzen und Vorhersagen Alarm aus.
now-unknown = Seit { $span } keine Messung. Wie es Ihnen jetzt geht, ist unbekannt.
now-no-reading = Noch keine Messung. Wie es Ihnen jetzt geht, ist unbekannt.
now-never-heard = Niemand antwortet, und von früher ist hier nichts gespeichert. Wie es Ihnen jetzt geht, ist unbekannt.
now-last-reading = Letzte Messung
now-stale = alt: sagt nichts über jetzt
now-against-usual = Gegen das, was für Sie üblich ist
now-nothing-measured = Noch nichts gemessen. Dreißig Sekunden mit einem Finger auf der Kamera genügen für den Anfang.
now-checks = Was die Prüfungen sagen
now-to-check = Werte messen
now-to-ill = Mir geht es nicht gut

condition-news2 = NEWS2-Punkte
condition-unusual-for-you = Ungewöhnlich für Sie
condition-hrv-down-heart-rate-up = Herzratenvariabilität gesunken, Puls gestiegen
condition-breathing-up-oxygen-down = Atmung schneller, Sauerstoff niedriger
condition-oxygen-saturation-below-own = Sauerstoff unter dem für Sie Üblichen
condition-temperature-and-heart-rate-up = Temperatur und Puls gestiegen
condition-hypoxia = Wenig Sauerstoff in der nächsten Stunde
condition-news-red = Ein Wert im roten Bereich in der nächsten Stunde
condition-hypoxia-3h = Wenig Sauerstoff innerhalb von 3 Stunden
condition-hypoxia-6h = Wenig Sauerstoff innerhalb von 6 Stunden
condition-news-red-3h = Ein Wert im roten Bereich innerhalb von 3 Stunden
condition-news-red-6h = Ein Wert im roten Bereich innerhalb von 6 Stunden
condition-personal-hypoxia = Sauerstoff weit unter dem Üblichen in der nächsten Stunde
condition-tachycardia = Ein sehr schnelles Herz in der nächsten Stunde
condition-hypotension = Sehr niedriger Blutdruck in der nächsten Stunde
condition-infection = Zeichen einer schweren Infektion innerhalb von 6 Stunden

ill-title = Mir geht es nicht gut
ill-signs-title = Rufen Sie sofort an bei
ill-sign-chest = Druck oder Schmerz in der Brust
ill-sign-breath = Atemnot, blauen Lippen
ill-sign-stroke = hängendem Mundwinkel, schwachem Arm oder Bein, gestörter Sprache
ill-sign-faint = Ohnmacht oder plötzlicher Verwirrtheit
ill-sign-bleeding = einer Blutung, die nicht aufhört
ill-sign-allergy = Schwellung von Gesicht oder Hals
ill-sign-seizure = einem Krampfanfall
ill-sign-self-harm = dem Gedanken, sich etwas anzutun
ill-nobody-called = Diese App ruft von sich aus niemanden an. Drücken Sie den Knopf, sagen Sie, wo Sie sind und was los ist.
ill-what = Nichts davon? Schreiben Sie es auf
ill-choose = Was ist es?
ill-symptom-fever = Fieber, Schüttelfrost
ill-symptom-cough = Husten
ill-symptom-short-of-breath = Kurzatmig
ill-symptom-palpitations = Herzrasen
ill-symptom-dizzy = Schwindel
ill-symptom-headache = Kopfschmerzen
ill-symptom-nausea = Übelkeit
ill-symptom-belly = Bauchschmerzen
ill-symptom-pain = Andere Schmerzen
ill-symptom-tired = Sehr müde
ill-symptom-throat = Halsschmerzen
ill-symptom-anxious = Angst
ill-words = In eigenen Worten
ill-words-hint = Wo, seit wann, was es besser oder schlimmer macht
ill-how-bad = Wie schlimm ist es?
ill-bearable = 0, kaum da
ill-worst = 10, am schlimmsten
ill-of-ten = { $value } von 10
ill-save = Speichern
ill-say-something = Wählen Sie mindestens eines aus, oder schreiben Sie ein paar Worte.
ill-refused = Nicht gespeichert: { $why }
ill-saved = In Ihrer Zeitleiste gespeichert
ill-saved-here = Auf diesem Handy gespeichert; es wird von selbst gesendet
ill-grave = Das kann ernst sein. Ist es neu, schlimm oder wird es schlimmer, rufen Sie jetzt an.
ill-then = Niemand wurde aufgefordert zu handeln. Wird es schlimmer oder machen Sie sich Sorgen, rufen Sie eine Ärztin oder einen Arzt; bei einem Notfallzeichen den Notruf. Jetzt zu messen hilft zu sehen, was sich geändert hat.
ill-another = Noch etwas hinzufügen
ill-recent = Zuletzt
ill-none = Noch nichts aufgeschrieben.

alerts-title = Alarme
alerts-one = Alarm
alerts-open = Offen
alerts-past = Früher
alerts-none-open = Kein Alarm ist offen. Das spricht nur von den eingegangenen Messungen.
alerts-in-app-only = Alarme erscheinen hier, solange die App offen ist. Ist sie geschlossen, läutet dieses Handy nicht; Ihr Haus kann andere über einen Webhook benachrichtigen.

sharing-title = Teilen
sharing-lede = Wer Sie sehen kann, und was. Sie können es jederzeit zurücknehmen.
sharing-who = Können Sie sehen
sharing-devices = Ihre Geräte
sharing-devices-hint = Handy verloren? Nehmen Sie ihm hier, auf einem anderen Gerät, den Zugang.
sharing-scope-family = Familie
sharing-scope-clinician = Ärztlich
sharing-scope-person = Sie
sharing-scope-device = Gerät
sharing-scope-admin = Betreibt das Haus
sharing-may-family = Sieht Messungen, Alarme, was Sie schreiben, Allergien und Notfallkontakte; darf Alarme als gesehen vermerken und beenden.
sharing-may-clinician = Sieht alles hier; darf bei Alarmen handeln und Medikamente und Vorgeschichte ändern.
sharing-may-person = Sieht und darf alles, was Ihres ist.
sharing-may-device = Sendet Messungen und liest, was sie sagen; entscheidet nichts.
sharing-may-admin = Sieht und darf alles.
sharing-invited = Eingeladen, der Link gilt bis { $moment }
sharing-last-seen = zuletzt benutzt
sharing-never-used = noch nicht benutzt
sharing-this-phone = Dieses Handy
sharing-really = { $label } sieht von jetzt an nichts mehr. Zugang zurücknehmen?
sharing-revoke-yes = Ja, zurücknehmen
sharing-keep = Behalten
sharing-revoked = { $label } hat keinen Zugang mehr
sharing-not-revoked = Nichts hat sich geändert: { $why }
sharing-invite = Jemanden einladen
sharing-as = Als
sharing-label = Name
sharing-label-hint = Für Ihre Liste; der Name ist auch dort zu sehen.
sharing-name-them = Schreiben Sie einen Namen, damit Sie später wissen, wer das ist.
sharing-make = Link erstellen
sharing-not-invited = Kein Link wurde erstellt: { $why }
sharing-link-for = Link für { $label }
sharing-link = Link
sharing-link-once = Er gilt einmal, bis { $moment }, und wird nur jetzt gezeigt. Schicken Sie ihn sonst niemandem.
sharing-copy = Kopieren
sharing-copied = Kopiert
sharing-send = Senden
sharing-done = Fertig

pair-title = Dieses Handy koppeln
pair-lede = Das Handy wird Ihres: Es misst, zeigt, wie es um Sie steht gegen das, was für Sie üblich ist, und sendet Messungen nur an Ihr eigenes Haus.
pair-code = Code
pair-code-hint = Zehn Zeichen, wie unter dem QR-Code. Großschreibung und Striche sind egal.
pair-label = Name dieses Handys
pair-label-hint = Damit Sie es in der Liste Ihrer Geräte finden.
pair-go = Koppeln
pair-wrong = Dieser Code ist falsch, schon benutzt oder älter als 15 Minuten. Bitten Sie um einen neuen.
pair-too-often = Zu viele Versuche. Warten Sie eine Minute.
pair-no-network = Ihr Haus antwortet nicht. Ist dieses Handy im richtigen Netz?
pair-ended = Dieses Handy ist nicht mehr gekoppelt. Was es zeigte, wurde gelöscht; was auf das Senden wartete, ist noch da.
pair-waiting =
    { $n ->
        [one] { $n } Eintrag wartet hier darauf, dass sein Mensch wieder gekoppelt wird.
       *[other] { $n } Einträge warten hier darauf, dass ihr Mensch wieder gekoppelt wird.
    }
pair-how = Woher bekomme ich einen Code?
pair-how-words = Wer Ihr Haus betreibt, macht dort einen. Es erscheint ein QR-Code; die Kamera dieses Handys öffnet ihn.

settings-title = Einstellungen
settings-look = Sprache und Aussehen
settings-language = Sprache
settings-emergency = Notfall
settings-number = Notrufnummer
settings-number-hint = Geschätzt nach dem Ort dieses Handys ({ $zone }): { $number }. Leeren Sie das Feld, um dazu zurückzukehren.
settings-number-is = Notrufnummer: { $number }
settings-measuring = Messen
settings-reminders = Erinnern, wenn nichts gemessen wurde seit
settings-reminders-hint = Nur solange die App offen ist, und sei es im Hintergrund.
settings-remind-never = nie erinnern
settings-remind-four-hours = 4 Stunden
settings-remind-twelve-hours = 12 Stunden
settings-remind-day = einem Tag
settings-auto = Alle 5 Minuten die Bewegung messen, solange die App offen ist
settings-auto-hint = Nur wie viel Sie sich bewegen. Um einen Finger auf der Kamera wird immer gebeten.
settings-about-me = Über mich
settings-about-me-words = Alter, Vorgeschichte, Medikamente, Allergien, Notfallkontakte: jederzeit zu ändern.
settings-about-me-open = Öffnen
settings-cannot = Was ein Browser nicht kann
settings-cannot-background = Etwas messen, wenn die App geschlossen oder der Bildschirm aus ist.
settings-cannot-camera = Die Kamera ohne Sie benutzen: Ein Puls braucht Ihren Finger und dreißig Sekunden.
settings-cannot-push = Läuten, wenn die App geschlossen ist. Alarme erscheinen hier, solange sie offen ist.
settings-cannot-oxygen = Sauerstoff mit der Kamera messen. Er kommt von einem Oximeter, oder Sie tippen ihn ein.
settings-cannot-call = Von sich aus Hilfe rufen. Sie oder jemand bei Ihnen muss den Knopf drücken.
settings-install = Auf dem Startbildschirm
settings-install-words = Wählen Sie im Menü des Browsers „App installieren“ oder „Zum Home-Bildschirm“. Sie öffnet sich dann wie jede App, auch ohne Netz. Auf einem iPhone koppeln Sie sie dort noch einmal: Sie hat ihre eigene Kopplung.
settings-this-phone = Dieses Handy
settings-kept-here = Es behält die zuletzt gehörten Werte und was auf das Senden wartet. Das Übrige liegt in Ihrem Haus.
settings-erase = Dieses Handy löschen
settings-erase-really = Alles von healthtwin auf diesem Handy löschen und die Kopplung beenden? Ihr Haus behält, was es hat.
settings-erase-unsent =
    { $n ->
        [one] { $n } Eintrag wurde nie gesendet und ginge verloren.
       *[other] { $n } Einträge wurden nie gesendet und gingen verloren.
    }
settings-erase-yes = Löschen
settings-erase-no = Behalten

remind-title = healthtwin
remind-words = Es wurde eine Weile nichts gemessen. Haben Sie eine Minute?
remind-measure = Messen
remind-later = Später

welcome-step = Schritt { $n } von { $of }
welcome-progress = Fortschritt
welcome-next = Speichern und weiter
welcome-finish = Fertig
welcome-skip = Überspringen
welcome-back = Zurück
welcome-later = Später
welcome-offline = Ihr Haus antwortet nicht, deshalb lässt sich das gerade nicht ändern. Überspringen Sie es, oder kommen Sie später wieder.
welcome-refused = Nicht gespeichert: { $why }
welcome-more = Sonst noch etwas
welcome-more-hint = Eines je Zeile.
welcome-about-title = Über Sie
welcome-about-lede = Grenzen hängen von Alter und Geschlecht ab. Jede Frage darf übersprungen werden.
welcome-birth-year = Geburtsjahr
welcome-birth-year-hint = Vier Ziffern.
welcome-sex = Geschlecht
welcome-sex-female = Weiblich
welcome-sex-male = Männlich
welcome-sex-other = Anderes
welcome-pregnant = Ich bin schwanger
welcome-pregnant-hint = Manche Punktezahlen gelten in der Schwangerschaft nicht.
welcome-history-title = Ihre Vorgeschichte
welcome-history-lede = Was Ihnen ärztlich gesagt wurde, dass Sie es haben oder hatten.
welcome-history-choose = Erkrankungen
welcome-condition-hypertension = Bluthochdruck
welcome-condition-heart-failure = Herzschwäche
welcome-condition-coronary = Herzinfarkt oder verengte Herzkranzgefäße
welcome-condition-arrhythmia = Unregelmäßiger Herzschlag
welcome-condition-copd = COPD
welcome-condition-asthma = Asthma
welcome-condition-diabetes = Diabetes
welcome-condition-kidney = Nierenerkrankung
welcome-condition-stroke = Schlaganfall
welcome-condition-cancer = Krebs
welcome-condition-depression = Depression
welcome-risks-title = Risikofaktoren
welcome-risks-lede = Sie ändern, was eine Messung bedeutet.
welcome-risks-choose = Was zutrifft
welcome-risk-smoking = Ich rauche
welcome-risk-overweight = Übergewicht
welcome-risk-inactive = Ich bewege mich wenig
welcome-risk-alcohol = Alkohol an den meisten Tagen
welcome-risk-family-heart = Frühe Herzkrankheit in der Familie
welcome-risk-alone = Ich lebe allein
welcome-medicines-title = Medikamente
welcome-medicines-lede = Sie werden gegen Ihre Gene geprüft, falls es Ergebnisse gibt. Ändern Sie nie selbst eine Dosis.
welcome-medicines-list = Was Sie jetzt nehmen
welcome-medicines-hint = Eines je Zeile, mit dem Wirkstoff, auf Englisch oder international, ohne Dosis.
welcome-medicines-unknown = Gespeichert, steht aber in keiner Tabelle und wird nicht geprüft: { $names }
welcome-allergies-title = Allergien
welcome-allergies-lede = Was jemand wissen muss, der Ihnen hilft.
welcome-allergies-choose = Allergisch gegen
welcome-allergy-penicillin = Penicillin
welcome-allergy-painkillers = Aspirin oder Ibuprofen
welcome-allergy-contrast = Kontrastmittel
welcome-allergy-latex = Latex
welcome-allergy-nuts = Nüsse
welcome-allergy-bees = Bienen- oder Wespenstiche
welcome-allergy-pollen = Pollen
welcome-contacts-title = Notfallkontakte
welcome-contacts-lede = Wen Helfer anrufen sollen. healthtwin ruft von sich aus niemanden an.
welcome-contact = Kontakt { $n }
welcome-contact-name = Name
welcome-contact-phone = Telefon
welcome-contact-relation = Wer ist das für Sie?
welcome-contact-more = Noch ein Kontakt
welcome-permissions-title = Erlaubnisse
welcome-permissions-lede = Das Handy fragt jedes Mal, wenn etwas gebraucht wird. Sie dürfen Nein sagen; dann entfällt diese Messung.
welcome-allow = Erlauben
welcome-motion = Bewegung
welcome-motion-hint = Für Atmung, Zittern, Gleichgewicht, und wie viel Sie sich bewegen.
welcome-notify = Mitteilungen
welcome-notify-hint = Für Erinnerungen, solange die App offen ist. Ohne Messwerte und Namen.
welcome-camera-hint = Um Kamera und Mikrofon wird gebeten, wenn Sie messen. Bilder verlassen das Handy nie, Ton nur, wenn Sie es sagen.
welcome-said-granted = Erlaubt.
welcome-said-denied = Nicht erlaubt. Sie können das in den Einstellungen des Handys ändern.
welcome-said-missing = Dieser Browser kann das nicht.
welcome-baseline-title = Ihre erste Messung
welcome-baseline-lede = Setzen Sie sich, ruhen Sie eine Minute, dann beginnen Sie. Von hier an wird gelernt, was für Sie üblich ist.
welcome-baseline-pulse = 30 Sekunden, Finger auf der Kamera
welcome-baseline-pulse-hint = Puls und der Abstand zwischen den Schlägen.
welcome-baseline-breathing = 60 Sekunden, Handy auf der Brust
welcome-baseline-breathing-hint = Atmung.
welcome-baseline-questions = Wie geht es Ihnen heute?
welcome-baseline-questions-hint = Wenn Sie etwas stört, schreiben Sie es auf.
welcome-baseline-go = Beginnen
welcome-baseline-answer = Aufschreiben

limit-by-phone = Das sagen die Grenzen auf diesem Handy, nach diesem Wert allein. Niemand ist beauftragt, etwas zu tun; Ihr Haus beurteilt ihn mit allem Übrigen.
limit-kept = Das sagen die Grenzen auf diesem Handy. Ihr Haus weiß noch nichts davon, also auch sonst niemand.
limit-measured = gemessen { $moment }
now-unsent = auf diesem Handy, noch nicht gesendet

queue-kind-acknowledge = Vermerk zu einem Alarm
queue-overtaken = Nichts wurde getan: Der Alarm hatte Neues, das Sie noch nicht gesehen hatten. Sehen Sie ihn an und vermerken Sie ihn noch einmal.
