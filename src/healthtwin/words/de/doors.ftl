### Was Seiten sagen, die kein Skript brauchen: Türen, Sackgassen, ein Haus ohne Menschen, wie ein Handy ihm vertraut.

## Ein Haus ohne Menschen

empty-title = Noch ist niemand hier
empty-lede = Legen Sie den ersten Menschen an und geben Sie dann seinem Handy einen Zugang. Beides geht, während der Server läuft; diese Seite zeigt ihn, sobald es ihn gibt.
empty-add = Einen Menschen anlegen
empty-token = Einen Zugang für sein Handy ausstellen
empty-token-once = Er wird nur einmal gezeigt. Behalten wird allein sein Hash.
empty-send = Die erste Messung senden
empty-learning = In den ersten { $days } Tagen wird gelernt, was üblich ist. Feste Sicherheitsgrenzen wirken ab der ersten Messung.

## Türen und Sackgassen

missing-title = Nicht hier
missing-why = Diesen Menschen oder Alarm gibt es nicht, oder er wurde nicht mit Ihnen geteilt.
broken-title = Im Haus stimmt etwas nicht
broken-why = Die Seite ließ sich nicht zusammenstellen: { $explanation }.
broken-then = Bestätigte Messungen sind gespeichert. Versuchen Sie es gleich noch einmal; bleibt es so, findet wer den Server betreibt den Grund unter { $health }.
broken-kind =
    { $kind ->
        [storage-full] auf dem Datenträger ist kein Platz mehr
        [storage-busy] eine Datei ist von einem anderen Programm belegt oder nicht erreichbar
        [corrupt-storage] eine Datei ist beschädigt
       *[other] ein Teil des Hauses ist stehen geblieben
    }
broken-health = Zustand
error-back = Zurück zu allen
sign-in-ask = Anmelden
sign-in-confirm = Noch ein Schritt
sign-in-refused = Dieser Link gilt nicht mehr
sign-in-signed-out = Abgemeldet
sign-in-confirm-why = Mit dem Knopf melden Sie sich auf diesem Gerät an. Der Link gilt einmal; danach ist er verbraucht.
sign-in-do = Anmelden
sign-in-not-you = Nicht von Ihnen angefordert? Schließen Sie diese Seite: noch ist nichts geschehen.
sign-in-refused-why = Ein Link zum Anmelden gilt einmal und nur kurze Zeit. Dieser wurde schon benutzt, ist abgelaufen oder kam unvollständig an.
sign-in-signed-out-why = Dieses Gerät hat keinen Zugang mehr.
sign-in-how = Wie Sie einen Link bekommen
sign-in-how-words = Fragen Sie, wer diesen Server betreibt, oder machen Sie dort selbst einen:
sign-in-how-hint = Öffnen Sie den Link auf dem Gerät, das Sie benutzen wollen. Nach Ihnen kann ihn niemand mehr benutzen.

## Wie ein Handy diesem Zuhause vertraut

trust-title = Ihrem healthtwin vertrauen
trust-head = Dieses Handy soll Ihrem healthtwin vertrauen
trust-why = Ein Handy misst nur auf Seiten, denen es vertraut. Installieren Sie einmal das Zertifikat Ihres Zuhauses; es gilt für dessen eigene Adressen und für keine andere Seite.
trust-compare = Vergleichen Sie vorher diesen Fingerabdruck (SHA-256) mit dem im Terminal des Rechners, auf dem healthtwin läuft. Sind sie verschieden, brechen Sie ab: Dann antwortet hier jemand anders.
trust-certificate = Zertifikat laden
trust-android-1 = Tippen Sie auf „Zertifikat laden“.
trust-android-2 = Öffnen Sie die Einstellungen und suchen Sie nach „CA-Zertifikat“ (meist Sicherheit & Datenschutz → Weitere Einstellungen → Verschlüsselung & Anmeldedaten → Zertifikat installieren → CA-Zertifikat).
trust-android-3 = Bestätigen Sie „Trotzdem installieren“, entsperren Sie und wählen Sie healthtwin-ca.crt unter Downloads.
trust-android-4 = Kommen Sie hierher zurück und öffnen Sie healthtwin in Chrome; wählen Sie im Menü „Zum Startbildschirm hinzufügen“.
trust-profile = Profil laden
trust-iphone-1 = Öffnen Sie diese Seite in Safari und tippen Sie auf „Profil laden“; erlauben Sie es.
trust-iphone-2 = Öffnen Sie Einstellungen → Profil geladen (oder Allgemein → VPN und Geräteverwaltung) und tippen Sie auf Installieren.
trust-iphone-3 = Öffnen Sie Einstellungen → Allgemein → Info → Zertifikatsvertrauenseinstellungen und schalten Sie es für dieses Zuhause ein.
trust-iphone-4 = Kommen Sie hierher zurück und öffnen Sie healthtwin; tippen Sie auf Teilen, dann „Zum Home-Bildschirm“.
trust-then = Danach healthtwin öffnen
trust-undo = Rückgängig: das Zertifikat (Android: Vertrauenswürdige Anmeldedaten → Nutzer) oder das Profil (iPhone: VPN und Geräteverwaltung) entfernen.

house-only-title = Sie betreiben dieses Haus
house-only-lede = Zu dieser Anmeldung gehören keine Gesundheitsdaten: Wer sich um das Haus kümmert, muss nicht sehen, wer darin lebt. Für Menschen, die das möchten, stellen Sie eine Anmeldung aus, die sie nennt.
