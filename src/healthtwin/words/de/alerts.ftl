### Was Menschen mit einem Alarm tun, und was ein Bildschirm davon sagt: im Portal und auf dem Handy.

alert-by = durch { $who }
alert-lasted = Erstes Zeichen { $moment }, nach { $span } vorbei
alert-closed-by-hand-at = von Hand beendet um { $moment } { $by }
state-closed-by-hand = Von Hand beendet
meaning-warning-within-2 = Jetzt ärztlich ansehen lassen, innerhalb von 2 Stunden
meaning-warning-within-24 = Heute oder morgen ärztlichen Rat holen
alert-30-min = 30 min
alert-off-hint-critical = Ein kritischer Alarm lässt sich nur kurz aufschieben. Neues oder Schlimmeres wird sofort gemeldet.
alert-overtaken = Nichts wurde getan: Es gibt Neues, das Sie noch nicht gesehen hatten.
alert-overtaken-then = Lesen Sie es und drücken Sie dann noch einmal.
alert-close-stands = Diese Zeichen bestehen noch:
alert-close-why = Warum beenden Sie sie?
alert-close-choose = Wählen Sie einen Grund: Die Zeichen bestehen noch.
alert-close-note = Ein paar Worte, wenn Sie mögen
alert-close-then = Der Mensch bleibt als „von Hand beendet“ sichtbar, bis die Messungen wieder gut sind. Sie können die Episode wieder öffnen.
alert-close-sure = Diese Episode beenden?
alert-close-yes = Beenden
alert-close-no = Offen lassen
alert-reason-treated = Wird behandelt
alert-reason-measuring-error = Messfehler
alert-reason-usual-for-them = Hier üblich
alert-reason-usual-for-them-app = Für mich üblich
alert-reason-other = Anderes
alert-reopen = Wieder öffnen
alert-done-reopen = Wieder offen
alert-not-reopen = Nicht wieder geöffnet: { $why }. Nichts hat sich geändert; bitte noch einmal.
alert-held =
    { $level ->
        [critical] Kritisch, von Hand beendet: Die Zeichen bestehen noch.
       *[other] Von Hand beendet: Die Zeichen bestehen noch.
    }
alert-held-why = Grund: { $why }
alert-answer-group = War das üblich?
alert-answer-usual = Hier üblich
alert-answer-usual-app = Für mich üblich
alert-answer-unusual = Hier unüblich
alert-answer-unusual-app = Für mich unüblich
alert-done-answer = Vermerkt; der Zwilling lernt daraus
alert-not-answer = Nicht vermerkt: { $why }. Nichts hat sich geändert; bitte noch einmal.
evidence-standing-sign = { METRIC($metric) } { UNIT($value, $metric, significant: 6) }: { $rule }
nobody-answers = niemand antwortet
alert-held-by = Beendet um { $moment } { $by }
alert-off-always = Alarme sind ausgeschaltet.
alert-off-nothing-told = Über diesen Menschen wird nichts gemeldet, was auch gemessen wird.
alert-off-nothing-told-app = Es wird nichts gemeldet, was auch gemessen wird.
alert-kept-acknowledge = Auf diesem Handy als gesehen vermerkt; niemand antwortet, darum wird es später von selbst gesendet
alert-unsent = Auf diesem Handy als gesehen vermerkt. Ihr Haus weiß es noch nicht; für andere ist der Alarm noch offen.
alert-answered-usual = Beantwortet: üblich
alert-answered-unusual = Beantwortet: unüblich
delivery-outside = eine Adresse dieses Hauses
delivery-times = { $n }-mal gemeldet
