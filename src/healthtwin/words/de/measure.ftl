### Was die Bildschirme zum Messen sagen.

measure-title = Werte messen

measure-lede = Ihr Handy ist der Sensor. Setzen Sie sich, atmen Sie durch, wählen Sie etwas aus.

measure-with-device = Mit einem eigenen Gerät

measure-back = Alle Messungen

measure-start = Starten

measure-cancel = Abbrechen

measure-save = Speichern

measure-done = Fertig

measure-try-again = Noch einmal

measure-measure-again = Neu messen

measure-to-list = Andere Messungen

measure-connect = Verbinden

measure-disconnect = Trennen

measure-seconds = Sekunden
measure-seconds-left = Noch { $seconds } Sekunden

measure-working = Wird ausgewertet …

measure-limits = Was ein Browser nicht kann
measure-limits-open = Er misst nur, solange diese Seite offen und der Bildschirm an ist. Im Hintergrund schläft sie; eine Erinnerung kann Sie zurückrufen, mehr nicht.
measure-limits-camera = Er kann den Puls nicht von selbst messen: Jemand muss einen Finger auf die Linse legen.
measure-limits-oxygen = Er kann mit der Kamera keinen Sauerstoff messen. Das kann keine Handykamera zuverlässig; tippen Sie ein, was ein Oximeter anzeigt, oder verbinden Sie eines.
measure-limits-device = Er ist kein Medizinprodukt. Wenn Sie sich krank fühlen, rufen Sie Ihre Ärztin oder Ihren Arzt an; im Notfall zuerst den Rettungsdienst.

measure-pulse-title = Puls
measure-pulse-short = Finger auf der Kamera · 30 s
measure-pulse-how-sit = Setzen Sie sich und legen Sie die Hand auf den Tisch oder in den Schoß.
measure-pulse-how-finger = Legen Sie eine Fingerkuppe auf die hintere Kamera und ihr Licht, so sanft, dass sie sich warm anfühlt.
measure-pulse-how-still = Halten Sie still und atmen Sie wie sonst, bis sich der Ring geschlossen hat.
measure-pulse-length = Wie lange
measure-pulse-thirty = 30 Sekunden
measure-pulse-thirty-help = Puls und ein erster Blick auf ihre Variabilität
measure-pulse-sixty = 60 Sekunden
measure-pulse-sixty-help = auch Variabilität (SDNN) und Atmung
measure-pulse-was-active = Ich habe mich in den letzten fünf Minuten bewegt
measure-pulse-privacy = Bilder verlassen das Handy nie: Nur die mittlere Farbe jedes Bildes wird benutzt. Das Licht kann warm werden; heben Sie dann den Finger.
measure-pulse-no-torch = Diese Kamera hat kein Licht, das sich einschalten lässt. Halten Sie sie gegen helles Licht.
measure-pulse-other-camera = Andere Kamera benutzen

measure-hint-opening = Die Kamera wird geöffnet …
measure-hint-opening-microphone = Das Mikrofon wird geöffnet …
measure-hint-cover = Bedecken Sie die Linse mit der Fingerkuppe
measure-hint-dark = Zu dunkel: Bedecken Sie auch das Licht oder gehen Sie ins Helle
measure-hint-settling = Gut. Jetzt stillhalten …
measure-hint-good = Klarer Puls. Stillhalten
measure-hint-moving = Stillhalten: Ihr Finger bewegt sich
measure-hint-weak = Drücken Sie etwas weniger oder wärmen Sie den Finger
measure-hint-lifted = Finger abgehoben: Legen Sie ihn zurück, dann beginnt es neu
measure-hint-interrupted = Unterbrochen: Es beginnt neu

measure-breathing-title = Atmung
measure-breathing-short = Handy auf der Brust · 60 s
measure-breathing-how-1 = Legen Sie sich auf den Rücken und das Handy flach auf die Brust, Bildschirm nach oben.
measure-breathing-how-2 = Atmen Sie wie sonst und sprechen Sie nicht.
measure-breathing-how-3 = Ein Ton sagt, wann es beginnt, zwei Töne, wann es fertig ist.
measure-breathing-lead = Hinlegen und das Handy auf die Brust
measure-breathing-live = Atmen Sie wie sonst

measure-tremor-title = Zittern der Hand
measure-tremor-short = Handy in der Hand · 20 s
measure-tremor-how-1 = Setzen Sie sich und halten Sie das Handy locker in einer Hand.
measure-tremor-how-2 = Wählen Sie, was Ihre Hand tut, und drücken Sie Starten.
measure-tremor-how-3 = Bleiben Sie so, bis zwei Töne erklungen sind.
measure-tremor-variant = Ihre Hand
measure-tremor-lead = Nehmen Sie die Haltung ein
measure-tremor-live = Bleiben Sie so

measure-motion-tremor-rest = In Ruhe
measure-motion-tremor-rest-help = im Schoß, ganz locker
measure-motion-tremor-posture = Ausgestreckt
measure-motion-tremor-posture-help = Arm gerade nach vorn

measure-balance-title = Gleichgewicht
measure-balance-short = Im Stehen, Handy an der Brust · 30 s
measure-balance-how-1 = Stellen Sie sich mit geschlossenen Füßen nahe an eine Wand oder einen Stuhl.
measure-balance-how-2 = Halten Sie das Handy mit beiden Händen flach an die Brust.
measure-balance-how-3 = Schauen Sie geradeaus, bis zwei Töne erklungen sind.
measure-balance-care = Nur, wenn Sie sicher stehen. Halten Sie sich sofort fest, wenn Sie schwanken.
measure-balance-lead = Nehmen Sie die Haltung ein
measure-balance-live = Stillstehen und geradeaus schauen

measure-walk-title = Gehen
measure-walk-short = Handy in der Tasche · 30 s
measure-walk-how-1 = Suchen Sie einen geraden Weg von etwa 30 Metern.
measure-walk-how-2 = Drücken Sie Starten und stecken Sie das Handy in die Hosentasche, mit dem Bildschirm an.
measure-walk-how-3 = Gehen Sie wie sonst, bis zwei Töne erklungen sind.
measure-walk-lead = Handy einstecken und losgehen
measure-walk-live = Gehen Sie wie sonst

measure-cough-title = Husten
measure-cough-short = Das Mikrofon hört zu · 30 s
measure-cough-how-1 = Gehen Sie dorthin, wo es ruhig ist, und legen Sie das Handy etwa eine Armlänge entfernt hin.
measure-cough-how-2 = Atmen Sie wie sonst. Husten Sie, wenn Sie müssen; erzwingen Sie nichts.
measure-cough-how-3 = Sprechen Sie nicht, bis sich der Ring geschlossen hat.
measure-cough-consent = Dieses Mal auch den Ton selbst senden (sonst nur Kennzahlen, die auf diesem Handy berechnet werden)
measure-cough-privacy = Ohne das Häkchen bleibt die Aufnahme auf diesem Handy und wird vergessen, sobald gezählt ist.
measure-cough-live = Hört zu

measure-typed-title = Wert eintippen
measure-typed-short = Sauerstoff, Temperatur, Blutdruck, Gewicht, Blutzucker
measure-typed-unit-of = Einheit für { $metric }
measure-typed-oxygen = Sauerstoff nur von einem Pulsoximeter an Finger oder Ohr. Die Kamera eines Handys kann ihn nicht messen.
measure-typed-error-some = Einige Werte können so nicht stimmen. Bitte sehen Sie sich die markierten Felder an.
measure-typed-error-none = Tippen Sie mindestens einen Wert ein.
measure-typed-error-number = Bitte eine Zahl, etwa { $low }
measure-typed-error-range = Von { $low } bis { $high } { $unit }
measure-typed-error-pair = Bitte beide Werte des Blutdrucks
measure-typed-error-order = Der obere Wert muss über dem unteren liegen

measure-oximeter-title = Pulsoximeter
measure-oximeter-short = Sauerstoff und Puls über Bluetooth
measure-oximeter-how-1 = Stecken Sie das Oximeter auf einen warmen Finger ohne Nagellack und schalten Sie es ein.
measure-oximeter-how-2 = Drücken Sie Verbinden und wählen Sie es aus der Liste.
measure-oximeter-how-3 = Halten Sie still. War der Wert 15 Sekunden ruhig, wird er gespeichert, danach alle 5 Minuten, solange diese Seite offen ist.
measure-oximeter-waiting = Warten auf den ersten Wert …

measure-strap-title = Brustgurt
measure-strap-short = Jeder Herzschlag über Bluetooth, mit Variabilität
measure-strap-how-1 = Feuchten Sie den Gurt an und legen Sie ihn unter der Brust an.
measure-strap-how-2 = Drücken Sie Verbinden und wählen Sie ihn aus der Liste.
measure-strap-how-3 = Sitzen Sie eine Minute still. Danach wird alle 5 Minuten, solange diese Seite offen ist, wieder eine Minute gespeichert.
measure-strap-waiting = Warten auf den ersten Herzschlag …

measure-bluetooth-where = Geht mit Chrome und Edge auf Android und am Computer. Die Browser des iPhones haben kein Bluetooth.
measure-bluetooth-collecting = Empfang läuft. Stillhalten
measure-bluetooth-stored = Ruhiger Wert
measure-bluetooth-sent = Gespeichert: { $values }. In 5 Minuten wieder, solange diese Seite offen ist.
measure-bluetooth-queued = Auf dem Handy aufbewahrt, bis Sie online sind: { $values }. In 5 Minuten wieder, solange diese Seite offen ist.
measure-bluetooth-trouble-no-finger = Kein Finger im Oximeter
measure-bluetooth-trouble-no-pulse = Kein Puls gefunden: Wärmen Sie den Finger und stecken Sie ihn neu hinein
measure-bluetooth-trouble-no-value = Noch kein Wert
measure-bluetooth-trouble-no-contact = Kein Kontakt zur Haut: Feuchten Sie den Gurt an
measure-bluetooth-trouble-unsteady = Noch nicht ruhig: Halten Sie still
measure-bluetooth-trouble-irregular = Zu viele Schläge fehlen: Feuchten Sie den Gurt an und sitzen Sie still
measure-bluetooth-trouble-inadequate-signal = Das Signal ist zu schwach: Wärmen Sie den Finger
measure-bluetooth-trouble-poor-signal = Das Signal ist schlecht: Halten Sie still
measure-bluetooth-trouble-erratic-signal = Das Signal ist unruhig: Halten Sie still
measure-bluetooth-trouble-questionable = Das Gerät zweifelt an seinem Wert: Halten Sie still
measure-bluetooth-trouble-displaced = Der Sensor ist verrutscht
measure-bluetooth-trouble-disconnected = Der Sensor ist nicht angeschlossen
measure-bluetooth-trouble-malfunction = Das Gerät meldet einen Fehler
measure-bluetooth-trouble-sensor-malfunction = Der Sensor meldet einen Fehler
measure-bluetooth-trouble-invalid = Das Gerät nennt seinen Wert ungültig
measure-bluetooth-trouble-unavailable = Das Gerät hat keinen Wert
measure-bluetooth-trouble-calibrating = Das Gerät wird kalibriert
measure-bluetooth-trouble-demonstration = Das Gerät zeigt Vorführwerte
measure-bluetooth-trouble-testing = Das Gerät zeigt Testwerte

measure-usual = Für Sie üblich: { $low }–{ $high }

measure-stored = Bei Ihren Werten gespeichert.
measure-stored-not = Nur für diese Ansicht; nicht gespeichert.
measure-stored-before = Das war schon gespeichert.

measure-not-measured = Dieses Mal nicht gemessen

measure-quality-good = Klares Signal ({ $percent } %)
measure-quality-fair = Brauchbares Signal ({ $percent } %); halten Sie nächstes Mal still, dann wird es klarer

measure-refused = Dieses Mal kein Wert
measure-refused-kept = Eine zweifelhafte Zahl wäre schlimmer als keine; darum wurde nichts gespeichert.
measure-refused-unclear = Das Signal war nicht klar genug.

measure-queued = Auf diesem Handy aufbewahrt
measure-queued-help = Es wird ausgewertet, sobald Sie online sind. Sie können die App schließen; nichts geht verloren.

measure-refusal-finger-lifted = Der Finger wurde nach { $kept_s } von { $seconds } Sekunden abgehoben und kam nicht zurück.
measure-refusal-interrupted = Der Bildschirm war aus oder die App wurde unterwegs verlassen. Lassen Sie sie offen, bis sich der Ring geschlossen hat.
measure-refusal-finger-moved = Nur { $clean_s } von { $duration_s } Sekunden waren ruhig: Der Finger hat sich bewegt oder die Linse verlassen.
measure-refusal-frames-lost = { $lost_s } von { $duration_s } Sekunden kamen ohne Bilder: Das Handy war beschäftigt. Schließen Sie andere Apps und versuchen Sie es noch einmal.
measure-refusal-beats-between = Zwischen den kräftigen Schlägen liegen schwächere, und die Kamera kann sie übersehen. Fühlen Sie Ihren Puls eine ganze Minute lang, oder nehmen Sie ein Blutdruckmessgerät. Ist das neu für Sie, sagen Sie es einer Ärztin oder einem Arzt.
measure-refusal-pulse-uneven = Ein Puls war zu sehen, aber seine Schläge kommen zu ungleichmäßig, um sie so zu zählen. Fühlen Sie Ihren Puls eine ganze Minute lang, oder nehmen Sie ein Blutdruckmessgerät. Ist das neu für Sie, sagen Sie es einer Ärztin oder einem Arzt.
measure-refusal-too-bright = Zu hell, um einen Puls zu sehen: Drücken Sie etwas weniger oder bedecken Sie auch das Licht.
measure-refusal-no-pulse = Es wurde kein Puls gefunden. Bedecken Sie Linse und Licht mit der Fingerkuppe und drücken Sie nur leicht.
measure-refusal-breathing-unclear = Die Atmung hat im Puls keine klare Spur hinterlassen.
measure-refusal-too-short = Es war nicht lange genug ruhig.
measure-refusal-pulse-too-short = Nur { $still_s } Sekunden waren ruhig, { $needed_s } sind nötig; messen Sie länger.
measure-refusal-implausible = Heraus kam { $value }; das hat kein lebender Mensch.
measure-refusal-moved = Das war zu viel Bewegung; halten Sie still und versuchen Sie es noch einmal.
measure-refusal-moving = Nur { $still_s } Sekunden waren ruhig, { $needed_s } sind nötig.
measure-refusal-no-breathing = Es war keine Atmung zu sehen. Legen Sie sich hin, das Handy flach auf die Brust, und lassen Sie es los.
measure-refusal-irregular = Die Bewegung war zu unregelmäßig zum Zählen. Atmen Sie ruhig und versuchen Sie es noch einmal.
measure-refusal-not-held = So still steht niemand: Halten Sie das Handy an die Brust.
measure-refusal-too-fine = Das Schwanken war kleiner, als dieser Browser durchlässt; hier ist es nicht zu messen.
measure-refusal-no-tremor = Es trat kein regelmäßiges Zittern zwischen 3 und 12 Mal in der Sekunde hervor.
measure-refusal-no-walk = Es wurden keine sieben Schritte in Folge gefunden. Gehen Sie eine halbe Minute geradeaus.
measure-refusal-too-few-steps = Nur { $steps } regelmäßige Schritte in Folge; { $needed_steps } sind nötig.
measure-refusal-constant = Der Sensor gab die ganze Zeit dieselben Werte.
measure-refusal-clipped = Das Signal war stärker, als dieser Sensor messen kann.
measure-refusal-sampling-too-slow = Nur { $rate_hz } Messwerte in der Sekunde kamen an, { $needed_hz } sind nötig. Schließen Sie andere Apps.
measure-refusal-sound-lost = Teile des Tons gingen verloren: Das Handy war beschäftigt oder die App wurde verlassen. Schließen Sie andere Apps und versuchen Sie es noch einmal.
measure-refusal-silent = Das Mikrofon war stumm. Ist es verdeckt oder ausgeschaltet?

measure-trouble-insecure = Dafür ist https nötig
measure-trouble-insecure-help = Browser geben Kamera, Mikrofon und Bewegungssensoren nur über eine sichere Verbindung frei. Öffnen Sie die App mit ihrer Adresse, die mit https beginnt.
measure-trouble-denied-camera = Die Kamera ist nicht erlaubt
measure-trouble-denied-camera-help = Tippen Sie auf das Zeichen neben der Adresse, erlauben Sie dieser Seite die Kamera und versuchen Sie es noch einmal. Auf dem iPhone: Einstellungen, Apps, Safari, Kamera.
measure-trouble-none-camera = Keine Kamera gefunden
measure-trouble-none-camera-help = Dieses Gerät oder dieser Browser bietet keine Kamera an. Versuchen Sie es auf dem Handy oder tippen Sie einen Wert ein.
measure-trouble-busy-camera = Die Kamera ist besetzt
measure-trouble-busy-camera-help = Eine andere App benutzt sie. Schließen Sie diese und versuchen Sie es noch einmal.
measure-trouble-denied-microphone = Das Mikrofon ist nicht erlaubt
measure-trouble-denied-microphone-help = Tippen Sie auf das Zeichen neben der Adresse, erlauben Sie dieser Seite das Mikrofon und versuchen Sie es noch einmal. Auf dem iPhone: Einstellungen, Apps, Safari, Mikrofon.
measure-trouble-none-microphone = Kein Mikrofon gefunden
measure-trouble-none-microphone-help = Dieses Gerät oder dieser Browser bietet kein Mikrofon an. Versuchen Sie es auf dem Handy.
measure-trouble-busy-microphone = Das Mikrofon ist besetzt
measure-trouble-busy-microphone-help = Eine andere App oder ein Anruf benutzt es. Beenden Sie das und versuchen Sie es noch einmal.
measure-trouble-denied-motion = Die Bewegungssensoren sind nicht erlaubt
measure-trouble-denied-motion-help = Schließen Sie diese Seite ganz, öffnen Sie sie neu und wählen Sie Erlauben, wenn sie fragt. In Chrome: Einstellungen, Website-Einstellungen, Bewegungssensoren.
measure-trouble-none-motion = Kein Bewegungssensor
measure-trouble-none-motion-help = Dieses Gerät hat keinen, oder der Browser sperrt ihn. Versuchen Sie es auf dem Handy.
measure-trouble-lost = Der Sensor hat aufgehört
measure-trouble-lost-help = Er wurde abgezogen, oder eine andere App oder ein Anruf hat ihn übernommen. Versuchen Sie es noch einmal.
measure-trouble-no-bluetooth = Kein Bluetooth in diesem Browser
measure-trouble-no-bluetooth-help = Dieser Browser erreicht keine Bluetooth-Sensoren; Chrome auf Android oder am Computer kann es. Sie können die Werte eintippen.
measure-trouble-none-bluetooth = Kein Gerät gewählt
measure-trouble-none-bluetooth-help = Schalten Sie das Gerät ein, legen Sie es an und versuchen Sie es noch einmal. Fehlt es in der Liste, so ist es mit einer anderen App verbunden oder spricht eine eigene Sprache.
measure-trouble-denied-bluetooth = Bluetooth ist nicht erlaubt
measure-trouble-denied-bluetooth-help = Schalten Sie Bluetooth ein, erlauben Sie es dem Browser und versuchen Sie es noch einmal.
measure-trouble-lost-bluetooth = Die Verbindung ist abgerissen
measure-trouble-lost-bluetooth-help = Gehen Sie näher heran, prüfen Sie die Batterie und versuchen Sie es noch einmal.
measure-trouble-silent-bluetooth = Das Gerät sagt nichts, was wir verstehen
measure-trouble-silent-bluetooth-help = Es bietet keine genormten Werte an. Tippen Sie sie stattdessen ein.
measure-trouble-unexpected = Etwas ist schiefgegangen
measure-trouble-unexpected-help = Es wurde nichts gespeichert. Versuchen Sie es noch einmal; wenn es so bleibt, laden Sie die Seite neu.

measure-auto-reminder = Zeit zu messen: 30 Sekunden mit einem Finger auf der Kamera
measure-auto-active = Solange diese App offen ist, wird Ihre Aktivität alle 5 Minuten erfasst.
measure-auto-permission = Erlauben Sie die Bewegungssensoren einmal, dann wird Ihre Aktivität alle 5 Minuten erfasst, solange diese App offen ist.
measure-auto-no-sensor = Dieses Gerät hat keinen Bewegungssensor; nur Erinnerungen sind möglich.

measure-metric-postural-tremor-frequency = Frequenz des Zitterns, Arm ausgestreckt
measure-metric-postural-tremor-amplitude = Stärke des Zitterns, Arm ausgestreckt
measure-metric-gait-regularity = Gleichmaß der Schritte
measure-metric-gait-asymmetry = Links anders als rechts
measure-metric-gait-unsteadiness = Schwankung der Schritte
measure-metric-body-temperature = Temperatur
measure-metric-blood-pressure-systolic = Oberer Blutdruck (systolisch)
measure-metric-blood-pressure-diastolic = Unterer Blutdruck (diastolisch)
measure-metric-body-weight = Gewicht

measure-unit-per-min = pro Minute
measure-unit-per-minute = pro Minute
measure-unit-of-gait-cadence = Schritte pro Minute
measure-unit-percent = %
measure-unit-of-gait-regularity = von 1
measure-unit-celsius = °C
measure-unit-fahrenheit = °F
measure-unit-pressure = mmHg
measure-unit-kilogram = kg
measure-unit-pound = lb
measure-unit-glucose = mg/dL
measure-unit-mmol = mmol/L

measure-stored-beyond = Ihr Haus hat den Wert. Tun Sie zuerst, was oben steht.

measure-queued-help-typed = Ihr Haus weiß noch nichts davon. Es wird von selbst gesendet, sobald jemand antwortet; Sie können die App schließen.

measure-means-later = Was für Sie üblich ist, ist noch nicht bekannt. Mit diesem Wert beginnt der Vergleich.

measure-means-heart-rate = In Ruhe liegen die meisten Erwachsenen zwischen 60 und 100 pro Minute, Sportliche darunter. Was für Sie üblich ist, wird gelernt.

measure-means-respiratory-rate = In Ruhe atmen die meisten Erwachsenen 12- bis 20-mal pro Minute. Was für Sie üblich ist, wird gelernt.

measure-means-oxygen-saturation = Die meisten Menschen liegen zwischen 95 und 100 %. Was für Sie üblich ist, wird gelernt.

measure-means-tremor-frequency = Jede Hand zittert ein wenig, zu fein, um es zu sehen. Ein einzelner Wert sagt wenig: Es zählt, ob er sich über Wochen ändert.

measure-means-postural-tremor-frequency = Jede Hand zittert ein wenig, zu fein, um es zu sehen. Ein einzelner Wert sagt wenig: Es zählt, ob er sich über Wochen ändert.

measure-means-sway-rms = Jeder Mensch schwankt im Stehen. Ein einzelner Wert sagt wenig: Es zählt, ob er über Wochen wächst.

measure-means-gait-cadence = Die meisten Erwachsenen gehen in ihrem Tempo etwa 100 bis 120 Schritte pro Minute. Es zählt, ob sich Ihres ändert.

measure-means-cough-count = So viele Huster waren in dieser Aufnahme zu hören. Ob es mehr oder weniger werden, sagt mehr als die Zahl.
