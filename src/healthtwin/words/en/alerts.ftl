### What people do with an alert, and what a screen says of that: on the portal and on the phone.

alert-by = by { $who }
alert-lasted = First sign { $moment }, over after { $span }
alert-closed-by-hand-at = closed by hand at { $moment } { $by }
state-closed-by-hand = Closed by hand
meaning-warning-within-2 = Be seen now, within 2 hours
meaning-warning-within-24 = Contact a clinician today or tomorrow
alert-30-min = 30 min
alert-off-hint-critical = A critical alert can be put off for a short while only. Something new or worse is told at once.
alert-overtaken = Nothing was done: there is news that you had not seen.
alert-overtaken-then = Read it, then press again.
alert-close-stands = These signs still stand:
alert-close-why = Why do you close it?
alert-close-choose = Choose a reason: the signs still stand.
alert-close-note = A few words, if you like
alert-close-then = The person stays shown as closed by hand until the readings are back. You can open it again.
alert-close-sure = Close this episode?
alert-close-yes = Close it
alert-close-no = Leave it open
alert-reason-treated = Being treated
alert-reason-measuring-error = Measuring error
alert-reason-usual-for-them = Usual for them
alert-reason-usual-for-them-app = Usual for me
alert-reason-other = Other
alert-reopen = Open it again
alert-done-reopen = Open again
alert-not-reopen = Not opened again: { $why }. Nothing has changed; try again.
alert-held =
    { $level ->
        [critical] Critical, closed by hand: its signs still stand.
       *[other] Closed by hand: its signs still stand.
    }
alert-held-why = Reason: { $why }
alert-answer-group = Was that usual?
alert-answer-usual = Usual for them
alert-answer-usual-app = Usual for me
alert-answer-unusual = Unusual for them
alert-answer-unusual-app = Unusual for me
alert-done-answer = Noted; the twin learns from it
alert-not-answer = Not noted: { $why }. Nothing has changed; try again.
evidence-standing-sign = { METRIC($metric) } { UNIT($value, $metric, significant: 6) }: { $rule }
nobody-answers = nobody answers
alert-held-by = Closed at { $moment } { $by }
alert-off-always = Alerts are switched off.
alert-off-nothing-told = Nothing is told about this person, whatever is measured.
alert-off-nothing-told-app = Nothing is told, whatever is measured.
alert-kept-acknowledge = Acknowledged on this phone; nobody answers, so it is sent by itself later
alert-unsent = Acknowledged on this phone. Your house does not know it yet; others still see the alert as open.
alert-answered-usual = Answered: usual
alert-answered-unusual = Answered: unusual
delivery-outside = an address of this house
delivery-times = told { $n } times
