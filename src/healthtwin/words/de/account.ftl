### Anmelden, einen Zugang einrichten, und das eigene Konto.

## Anmelden

sign-in-passkey = Mit einem Passkey anmelden
sign-in-passkey-hint = Mit Fingerabdruck, Gesicht oder PIN dieses Geräts.
sign-in-with = Anmelden über { $provider }
sign-in-both = Es braucht Name und Passwort.
sign-in-wrong = Das stimmte nicht, oder es wurde zu viel versucht. Prüfen Sie es, und warten Sie nach mehreren Versuchen ein paar Minuten.
sign-in-too-often = Gerade melden sich zu viele an. Warten Sie einen Augenblick.
sign-in-clock =
    { $way ->
        [ahead] Die Uhr Ihres Handys geht { $minutes } min vor. Lassen Sie es die Zeit selbst stellen, und nehmen Sie dann den nächsten Code.
       *[behind] Die Uhr Ihres Handys geht { $minutes } min nach. Lassen Sie es die Zeit selbst stellen, und nehmen Sie dann den nächsten Code.
    }
passkey-opens-nothing = Dieser Passkey ist hier nicht bekannt oder öffnet nichts mehr. Melden Sie sich anders an.
passkey-copied = Dieser Passkey wurde abgelehnt: Sein Zähler ging zurück, wie es bei einem kopierten geschieht. Melden Sie sich anders an und sagen Sie unter „Mein Konto“, ob Sie das waren.
sign-in-recovery-code = Notfallcode
sign-in-recovery-hint = Einer der Codes, die Sie ausgedruckt oder notiert haben. Er gilt einmal.
sign-in-use-recovery = Einen Notfallcode nehmen
sign-in-use-code = Den Code der App nehmen
sign-in-other-name = Von vorn
sign-in-needs-script = Anmelden mit Passkey oder Passwort braucht JavaScript, das in diesem Browser ausgeschaltet ist. Ein Link zum Anmelden geht auch ohne.

passkey-not-address = Passkeys gehören zu einem Namen, und diese Seite wurde über eine IP-Adresse geöffnet. Passwort und Code gehen hier.
passkey-not-plain = Passkeys brauchen eine verschlüsselte Verbindung, und diese Seite kam ohne.
passkey-not-elsewhere = Die Passkeys dieses Hauses gehören zu einer anderen Adresse als der im Adressfeld.
passkey-not-nameless = Dieses Haus hat keinen Namen, zu dem Passkeys gehören könnten. Wer es betreibt, gibt ihm einen (Einstellungen, rp_id).
passkey-instead = Passkeys gehen unter

## Der Rückweg von einem Anmeldedienst

way-back-title = Sie sind angemeldet
way-back-words = Bleibt diese Seite stehen, gehen Sie selbst weiter.
way-back-go = Weiter
way-back-again = Noch einmal anmelden
way-back-over = Diese Anmeldung ist vorbei
way-back-over-words = Sie war schon abgeschlossen, hat zu lange gebraucht oder begann in einem anderen Browser. Sind Sie schon angemeldet, gehen Sie weiter; sonst beginnen Sie von vorn.
way-back-signed-in-words = Sie sind in diesem Browser schon angemeldet.
way-back-unknown = Hier nicht bekannt
way-back-unknown-words = Der Anmeldedienst kennt Sie, aber niemand in diesem Haus hat diese Identität verknüpft. Melden Sie sich hier anders an und verknüpfen Sie sie unter „Mein Konto“.
way-back-role-words = Der Anmeldedienst nennt die Rolle nicht, die Ihr Konto braucht. Fragen Sie, wer dieses Haus betreibt.
way-back-denied = Nicht angemeldet
way-back-denied-words = Der Anmeldedienst hat Sie nicht angemeldet. Hier wurde nichts geändert.
way-back-trouble = Der Anmeldedienst antwortet nicht
way-back-trouble-words = Versuchen Sie es gleich noch einmal, oder melden Sie sich anders an. Wer dieses Haus betreibt, findet den Grund in dessen Protokoll.
way-back-taken = Mit einem anderen Konto verknüpft
way-back-taken-words = Diese Identität öffnet schon ein anderes Konto dieses Hauses. Verknüpfen lässt sie sich nur einmal.
way-back-linked = Verknüpft
way-back-linked-words = Ab jetzt meldet diese Identität Sie hier an.

## Einen Zugang einrichten

enrol-title = Willkommen, { $name }
enrol-refused = Diese Einladung gilt nicht mehr
enrol-refused-why = Eine Einladung gilt einmal und einen Tag lang, und eine neuere beendet sie. Bitten Sie um eine andere, wer sie geschickt hat.
enrol-as-admin = Sie werden dieses Haus betreiben.
enrol-as-clinician = Sie werden hier Menschen behandeln.
enrol-as-family = Sie werden sehen, wie es jemandem aus Ihrer Familie geht, und können auf Alarme antworten.
enrol-as-person = Sie werden Ihre eigenen Messungen sehen und entscheiden, wer sie noch sieht.
enrol-for = Für:
enrol-again = Ihr Zugang wurde zurückgesetzt. Bis Sie ihn mit einem früheren Nachweis bestätigen, die Betroffenen wieder zustimmen oder 24 Stunden vergehen, sehen Sie niemandes Daten.
enrol-not-you = Nicht für Sie? Schließen Sie diese Seite: noch ist nichts verbraucht.
enrol-somebody-else = Sie sind { $you }; dies ist für { $them }.
enrol-by-link = mit einem Link angemeldet
enrol-leave-first = { $you } abmelden und weiter
enrol-not-for-you = War es nicht für Sie gedacht, schließen Sie diese Seite: Die Einladung bleibt gültig für wen sie ist.
enrol-passkey = Mit einem Passkey
enrol-passkey-why = Am sichersten und am einfachsten: Fingerabdruck, Gesicht oder PIN dieses Geräts. Es gibt nichts zu merken und nichts, was sich aus diesem Haus stehlen ließe.
enrol-passkey-go = Einen Passkey einrichten
enrol-password = Mit Passwort und Code
enrol-password-why = Ein langes Passwort, dazu der Code einer Authenticator-App auf Ihrem Handy.
enrol-new-password = Neues Passwort
enrol-password-hint = Mindestens 15 Zeichen; mehrere Wörter sind gut. Alle Zeichen sind erlaubt, weitere Regeln gibt es nicht.
enrol-password-go = Weiter
enrol-done = Fertig: ins Haus

totp-title = Der Code einer App
totp-why = Scannen Sie das mit einer Authenticator-App auf Ihrem Handy. Danach zeigt sie einen Code, mit dem Sie sich zusammen mit dem Passwort anmelden.
totp-qr = QR-Code für die Authenticator-App
totp-by-hand = Scannen geht nicht?
totp-open-app = In einer App auf diesem Gerät öffnen
totp-first-code = Der Code, den sie jetzt zeigt
totp-not-the-code = Das ist nicht der Code, den die App jetzt zeigt.
totp-go = Code prüfen
totp-done = Die App ist eingerichtet.
totp-set-up = Eine App einrichten
totp-anew = Eine andere App einrichten
totp-remove = Entfernen
totp-removed = Die Codes der App gelten nicht mehr.

recovery-title = Für den Tag, an dem das Handy weg ist
recovery-why = { $n } Notfallcodes. Jeder gilt einmal, statt des Codes der App oder um zu bestätigen, dass Sie es sind. Gezeigt werden sie nur jetzt: Drucken oder notieren Sie sie, und bewahren Sie sie nicht beim Handy auf.
recovery-print = Drucken
recovery-copy = Kopieren
recovery-copied = Kopiert. Was die Zwischenablage liest, kann es auch lesen.
recovery-not-copied = Dieser Browser lässt Seiten nicht kopieren.
recovery-kept = Ich habe diese Codes sicher aufbewahrt.
recovery-left =
    { $n ->
        [0] Kein Notfallcode ist übrig. Erstellen Sie neue.
        [one] { $n } Notfallcode ist übrig.
       *[other] { $n } Notfallcodes sind übrig.
    }
recovery-new = Neue Codes erstellen
recovery-new-hint = Die alten enden, sobald es neue gibt.

## Das eigene Konto

page-account = Mein Konto
account-who =
    { $role ->
        [admin] { $name }, betreibt dieses Haus
        [clinician] { $name }, behandelt
        [family] { $name }, Familie
        [service] { $name }, ein Programm
       *[other] { $name }
    }
account-passkeys = Passkeys
account-password = Passwort
account-totp = Authenticator-App
account-recovery = Notfallcodes
account-identities = Anmeldedienste
account-sessions = Wo Sie angemeldet sind
account-phones = Handys, die messen
account-notices = Was mit Ihrem Konto geschah
account-no-passkeys = Noch kein Passkey. Er meldet Sie mit Fingerabdruck, Gesicht oder PIN eines Geräts an.
account-password-set = Ein Passwort ist gesetzt.
account-password-none = Kein Passwort ist gesetzt.
account-totp-set = Zum Passwort wird der Code einer App verlangt.
account-totp-none = Keine App ist eingerichtet.
account-totp-needs-password = Ein Code steht neben einem Passwort; es gibt keines.
account-others-end = Hier bleiben Sie angemeldet. Überall sonst werden Sie abgemeldet.
account-since = seit { $moment }
account-used = benutzt { $ago }
account-never-used = noch nicht benutzt
account-rests = Ihr Zugang wurde zurückgesetzt
account-rests-until = Bis { $moment } sehen Sie niemandes Daten, außer die Betroffenen stimmen wieder zu oder Sie bestätigen mit einem Nachweis von vorher. Einer genügt.
account-rests-open = Sie sehen niemandes Daten, bis die Betroffenen wieder zustimmen oder Sie mit einem Nachweis von vorher bestätigen. Einer genügt.
account-rest-passkey = Mit einem Passkey von vorher bestätigen
account-former-password = Passwort von vorher
account-former-code = Code der App von vorher
account-former-recovery = Ein Notfallcode
account-rest-confirm = Bestätigen
account-rest-over = Bestätigt: Ihr Konto erreicht seine Menschen wieder.
account-remove = Entfernen
account-really-remove = Wirklich entfernen
passkey-label =
    { $device ->
        [none] Passkey
       *[other] Passkey auf { $device }
    }
passkey-add = Passkey hinzufügen
passkey-added = Der Passkey ist eingerichtet. Überall sonst sind Sie abgemeldet.
passkey-removed = Der Passkey ist entfernt. Überall sonst sind Sie abgemeldet.
passkey-bound = auf einem Gerät
passkey-synced = vielleicht auf mehreren Geräten
passkey-old-name = Für { $name } angelegt, darum gilt er hier nicht mehr. Richten Sie einen neuen ein und entfernen Sie dann diesen.
passkey-copied-refused = { $moment }: Eine Anmeldung mit diesem Passkey wurde abgelehnt, weil sein Zähler zurückgegangen war. Er könnte kopiert worden sein. Waren Sie das?
passkey-copied-noted = { $moment }: Dieser Passkey meldete an, obwohl sein Zähler zurückgegangen war. Das kommt nach einer Wiederherstellung vor; er könnte auch kopiert worden sein. Waren Sie das?
passkey-was-me = Ja, das war ich
passkey-was-not-me = Nein: beenden
passkey-was-me-done = Vermerkt.
passkey-was-not-me-done = Dieser Passkey ist entfernt, und überall sonst sind Sie abgemeldet.
passkeys-of-old-name =
    { $n ->
        [one] { $n } Passkey gehört zum alten Namen { $name }. Wer ihn nutzte, richtet einen neuen ein; bis dahin bleibt die Anmeldung bestehen.
       *[other] { $n } Passkeys gehören zum alten Namen { $name }. Wer sie nutzte, richtet neue ein; bis dahin bleiben die Anmeldungen bestehen.
    }
password-change = Ändern
password-set = Eines setzen
password-keep = Dieses Passwort behalten
password-changed = Das Passwort ist geändert. Überall sonst sind Sie abgemeldet.
identity-link = { $provider } verknüpfen
identity-unlink = Lösen
identity-unlinked = Damit können Sie sich nicht mehr anmelden.
session-some-browser = Ein Browser
session-here = dieser
session-end = Dort abmelden
session-ended = Dort abgemeldet.
phone-is-gone = Dieses Handy ist weg
phone-really-gone = Wirklich: aussperren
phone-sends = sendet Ihre Messungen
phone-gone-done = Es kommt nicht mehr herein und bekommt von hier nichts mehr.
phone-gone-since = Es kommt nicht mehr herein und bekommt von hier nichts mehr. Seine letzten Messungen kamen { $moment }.
notice =
    { $kind ->
        [enrolled] Ihr Zugang wurde eingerichtet
        [password_changed] Das Passwort wurde geändert
        [totp_set_up] Eine Authenticator-App wurde eingerichtet
        [totp_removed] Die Authenticator-App wurde entfernt
        [recovery_code_used] Ein Notfallcode wurde benutzt. Ist das Handy verloren? Dann richten Sie einen neuen Passkey ein
        [recovery_codes_made] Neue Notfallcodes wurden erstellt
        [reset_confirmed] Die Zurücksetzung wurde bestätigt
        [phone_gone] Ein Handy wurde als verloren gemeldet
        [passkey_added] Ein Passkey kam hinzu
        [passkey_removed] Ein Passkey wurde entfernt
        [passkey_stepped_back] Ein Passkey meldete an, dessen Zähler zurückgegangen war
        [passkey_refused] Ein Passkey wurde abgelehnt, weil sein Zähler zurückgegangen war
        [identity_linked] Ein Anmeldedienst wurde verknüpft
        [identity_unlinked] Ein Anmeldedienst wurde gelöst
        [signed_in] Angemeldet
       *[other] Etwas wurde geändert
    }
