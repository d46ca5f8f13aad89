### What portal and phone app say in the same words.

level-critical = Critical
level-warning = Warning
level-info = Info

status-critical = Critical
status-warning = Warning
status-info = Info
status-unknown = Unknown
status-learning = Learning
status-usual = No open alert

state-triggered = Open
state-acknowledged = Acknowledged
state-snoozed = Snoozed
state-resolved = Resolved

meaning-critical = Act now
meaning-warning = Somebody must see the person: within 2 hours, or today or tomorrow, as the alert says
meaning-info = Be aware

span-under-a-minute = under a minute
span-minutes = { $minutes } min
span-hours = { $hours } h
span-hours-minutes = { $hours } h { $minutes } min
span-days = { $days } days

ago = { $span } ago
ago-just-now = just now

moment-yesterday = yesterday { $clock }
moment-tomorrow = tomorrow { $clock }
moment-date = { $date } { $clock }

learning-none = Learning has not begun: no reading yet
learning-silent = Learning, day { $days } of { $of }: only absolute safety limits and forecasts raise alerts
learning-soft = Day { $days }: soft alerts, which ask whether something was unusual
learning-full = Day { $days }: full alerts
learning-adapting = { $days } days learned, adapting daily

tile-learning = still learning their usual
tile-usual = usual { $low }–{ $high }
tile-above = { $beyond } above expected
tile-below = { $beyond } below expected
tile-above-for = { $beyond } above expected for { $span }
tile-below-for = { $beyond } below expected for { $span }

question-unusual =
    { READER() ->
        [self] Was that unusual for you?
       *[other] Was that unusual for them?
    }
question-why = One tap, and the twin learns what is usual.
answer-usual =
    { READER() ->
        [self] Usual for me
       *[other] Usual for them
    }
answer-unusual =
    { READER() ->
        [self] Unusual for me
       *[other] Unusual for them
    }
answered-usual = Answered: usual. It will take more to be asked again.
answered-unusual = Answered: unusual. None of this is learned as usual.

channel-in-app = This portal
channel-webhook = Webhook

delivery-pending = On its way
delivery-delivered = Delivered
delivery-failed = Failed
delivery-withheld = Not shared
delivery-tries = after { $tries } tries
delivery-whoever = whoever has it open

link-connecting = Connecting
link-live = Live
link-lost = Reconnecting
link-signed-out = Signed out
link-lost-since = Connection lost at { $clock }. What you see may be out of date; reconnecting.
link-gone = You are signed out, so nothing new is shown.
link-sign-in = Sign in again

theme-light = Light
theme-dark = Dark
theme-to-light = Light theme
theme-to-dark = Dark theme

sign-out-failed = You are still signed in: { $why }

alert-since = First sign { $moment }, { $span } ago
alert-told = told at { $moment }
alert-acknowledged-at = acknowledged at { $moment } { $by }
alert-closed-at = closed at { $moment }
alert-past = { $moment }, { $span }
alert-until = until { $clock }
alert-more-facts =
    { $n ->
        [one] { $n } more fact, and who was told
       *[other] { $n } more facts, and who was told
    }
alert-glance = What to do, and why
alert-more = Who was told, and everything else
alert-first = What to do first
alert-call-now = If the person is unwell, call emergency services now.
alert-call = Call { $number }
alert-call-local = or your local emergency number. Nobody has been called for you.
alert-why = Why
alert-evidence = Why: the evidence
alert-evidence-region = Evidence
alert-evidence-caption = Evidence behind this alert
alert-seen = What was seen
alert-value = Value
alert-own-usual = Own usual
alert-when = When
alert-source = Source
alert-told-whom = Who was told
alert-told-nobody = Nothing was sent outside this portal.
alert-channel = Channel
alert-to = To
alert-status = Status
alert-acknowledge = Acknowledge: I am on it
alert-resolve = Close the episode
alert-off-group = Switch alerts off for a while
alert-off-for = Alerts off for
alert-15-min = 15 min
alert-1-hour = 1 hour
alert-until-then = until { $moment }
alert-off-hint = While off, only something worse is told.
alert-done-acknowledge = Acknowledged
alert-done-snooze = Alerts are off until { $moment }
alert-done-resolve = Closed
alert-not-acknowledge = Not acknowledged: { $why }. Nothing has changed; try again.
alert-not-snooze = Not snoozed: { $why }. Nothing has changed; try again.
alert-not-resolve = Not resolved: { $why }. Nothing has changed; try again.
alert-over = This episode is closed. If the person feels ill, call for help.
alert-off-until = Alerts are off until { $moment }.
alert-off-worse = Only something worse will be told before that.

frame-skip = Skip to content
frame-replay = Replay of recorded data; not live.
frame-not-a-device = healthtwin is research and wellness software, not a medical device. It can miss things, and it does not call anybody for help by itself.

## Where long words may break; a dash: nowhere

word-joints = -

kind-profile = name and age
kind-vitals = readings and what was learned from them
kind-alerts = alerts
kind-timeline = what they wrote down
kind-genes = genes and medicines
kind-documents = conditions, allergies, contacts and papers
kind-chat = conversations
kind-place = places
kept-back = Not shared with you: { $kinds }
