### Zeigen, dass man es ist: was Portal und App gleich sagen.

step-up-title = Sind Sie es?
step-up-why = Was Sie vorhaben, gibt Daten weiter oder ändert, wer hereinkommt. Darum fragt das Haus noch einmal nach Ihrem Nachweis. Er gilt dann fünf Minuten.
step-up-passkey = Mit einem Passkey bestätigen
step-up-go = Bestätigen
step-up-wrong = Das stimmte nicht. Warten Sie nach mehreren Versuchen ein paar Minuten.
step-up-not-now = Jetzt nicht

sign-in-name = Name
sign-in-password = Passwort
sign-in-or = oder
sign-in-code = Code aus Ihrer Authenticator-App
sign-in-code-hint = Sechs Ziffern; alle 30 Sekunden neue.
sign-in-nobody-answers = Das Haus antwortet nicht. Ist dieses Gerät in seinem Netz?

passkey-known = Gute Nachricht: Dieses Gerät ist schon eingerichtet.
passkey-stopped = Das Fenster wurde geschlossen oder wartete zu lange; geändert wurde nichts. Versuchen Sie es wieder, wann Sie mögen.
passkey-certificate = Dieses Gerät vertraut dem Zertifikat des Hauses nicht, und hinter einer Zertifikatswarnung erlauben Browser keine Passkeys. Vertrauen Sie ihm einmal auf diesem Gerät, oder nehmen Sie Passwort und Code.
passkey-name = Dieser Passkey gehört zu einer anderen Adresse des Hauses.
passkey-failed = Dieses Gerät konnte keinen Passkey anlegen oder zeigen. Nehmen Sie ein anderes, oder Passwort und Code.
passkey-unsupported = Dieser Browser kennt keine Passkeys. Nehmen Sie Passwort und Code, oder einen anderen Browser.
passkey-how-to-trust = Wie das geht
