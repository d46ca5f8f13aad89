### What only the portal says: its pages, and the doors in front of them.

language-name = English

## Around every page

ribbon-synthetic = Synthetic data: simulated people, not real ones.
page-emergency = Emergency?
page-call-local = Call your local emergency number first: { $anywhere } works from mobile phones in most countries, { $america } in North America.
page-needs-script = Live readings need JavaScript, which is switched off in this browser.
page-where = Where you are
page-everybody = Everybody
page-sign-out = Sign out
page-language = Language
times-are-theirs = Times are { $name }’s own: { $zone }
last-reading = Last reading
no-reading-yet = No reading yet
now-critical = Now critical: { $summary }
critical-of = Critical: { $name }: { $summary }
critical-told = Critical: { $summary }

## Who needs me now

people-title = Who needs me now
people-needed =
    { $n ->
        [one] { $n } of { $all } needs somebody
       *[other] { $n } of { $all } need somebody
    }
people-none-needed =
    { $all ->
        [one] No open critical or warning alert among { $all } person
       *[other] No open critical or warning alert among { $all } people
    }
people-unknown = { $n } unknown
people-find = Find by name
people-how-the-house-is = How the house is
group-now = Needs somebody
group-aware = Be aware
group-unknown = Unknown
group-unknown-note = No fresh reading, so nothing can be said about them.
group-rest = { status-usual }
group-rest-note = Nothing raised an alert in the readings that came in. If somebody feels ill, call for help.
person-since = First sign { $moment }
person-silent-for = No reading for { $span }
person-alerts-off = Alerts are off until { $moment }
person-learning = Learning, day { $days } of { $of }
person-synthetic = Synthetic

column-heart-rate = Heart
column-respiratory-rate = Breathing
column-oxygen-saturation = SpO₂
column-body-temperature = Temp.

## One person

person-born = born { $year }
person-unknown = No reading for { $span }. How { $name } is now is unknown.
person-never = No reading yet. How { $name } is now is unknown. Connect a device with “healthtwin token create”.
person-open-alerts = Open alerts
person-earlier = Earlier alerts
person-against-usual = Against their own usual
person-nothing-arrived = No reading has arrived yet.
person-table = The same as a table
person-table-region = Readings as a table
person-range = Time shown
range-6h = 6 h
range-6h-spoken = 6 hours
range-24h = 24 h
range-24h-spoken = 24 hours
range-7d = 7 d
range-7d-spoken = 7 days
range-30d = 30 d
range-30d-spoken = 30 days
legend-usual = own usual by hour
legend-average = average
legend-readings = readings
legend-extremes = lowest to highest
legend-outside = outside the usual
legend-alert = alert began
table-caption = { METRIC($metric) }, { $range }, in { $unit }
table-caption-bare = { METRIC($metric) }, { $range }
table-day = Day from
table-hour = Hour from
table-lowest = Lowest
table-average = Average
table-highest = Highest
table-usual = Own usual
new-usual-title = Is this a new usual?
new-usual-why = After a new medicine, a move to altitude or a pregnancy, what was unusual may be usual from now on. Confirm it, and their { METRIC($metric, form: "inline") } is learned anew, quickly. Not while somebody is ill: illness must not become normal.
new-usual-do = Learn { METRIC($metric, form: "inline") } anew
new-usual-done = { METRIC($metric) } is being learned anew
new-usual-failed = Not confirmed: { $why }
chart-failed = The chart could not be loaded: { $why }
chart-how = Point at the chart, or focus it and use the arrow keys.
chart-reading = { UNIT($value, $metric) } at { $moment }
chart-reading-usual = { UNIT($value, $metric) } at { $moment }; usual then { UNIT($low, $metric, unit: "no") }–{ UNIT($high, $metric, unit: "no") }
chart-empty = { METRIC($metric) }: no reading in this time.
chart-words = { METRIC($metric) } from { $from } to { $until }: { $n } values between { UNIT($low, $metric, unit: "no") } and { UNIT($high, $metric) }.
chart-outside = { $beyond } of { $n } outside the usual range.
chart-learning = Their usual is still being learned.

## What the checks say

checks-region = What the members say
checks-title = What the checks say
checks-within = within { $span }
checks-now = now
checks-base-rate = Of all hours measured there: about { $n } of 100.
checks-base-rate-few = Of all hours measured there: fewer than 1 of 100.
checks-by-the-model = By the model: { $what }.
checks-stale = The readings are too old to say anything about now.
check-unusual-for-you = Unusual for them
check-news2 = NEWS2 score
check-hypoxia = Oxygen saturation below 90 %
check-news-red = A vital sign in the red zone of NEWS2

## Medicines and genes

findings-title = Medicines and genes
findings-ask = Ask your doctor or pharmacist about these; never change a dose yourself.
findings-why = Why

## One alert

alert-title = Alert for { $name }

## How the house is

house-title = How the house is
house-running = Running
house-alarms = What forecasts cost in false alarms
house-drift = Whether forecasts still see what they were trained on
house-drift-hint = They were trained on stays in intensive care. In a home their scores always differ from those; what matters is a change from one week to the next. It says that something differs, not what.
house-drift-region = Scores of the last week
house-weeks = Week by week
house-weeks-region = Weeks of this house
house-ok = Readings are taken, and nothing waits for you.
house-degraded = Readings are taken, but something needs you.
house-failing = New readings are refused. Something needs you now.
house-table = How it runs
house-what = What
house-stands = How it stands
house-people = People
house-backlog = Readings not seen yet
house-backlog-is = { $n }, the oldest from { $span } ago
house-backlog-none = none
house-deliveries = Messages not confirmed yet
house-space = Free space
house-space-is = { $free } GB; below { $reserve } GB readings are refused
house-version = Version
house-started = Started
house-alarms-so-far = So far people were allowed { $allowed } false alarms together and got { $false }.
house-alarms-new = For somebody new the threshold is { $threshold }.
house-alarms-hint = False: an hour later the readings showed that it had not come; where nobody measured, an alarm counts by its chance. Absolute limits and NEWS2 are not part of this and are never silenced by it.
house-alarms-none = Nothing is known yet: no time was noted since the start.
house-threshold-same = as where they were trained
house-threshold-stricter = { $times } times stricter
house-threshold-lenient = { $times } times more lenient
house-drift-caption = Scores of the last week against training
house-forecast = Forecast
house-scores = Scores are
house-index = Index
house-hours = Person-hours
house-no-score = No score yet.
house-weeks-caption = Weeks of this house
house-week-from = Week from
house-allowed = Allowed
house-false = False alarms
house-threshold = Threshold
house-drift-of = Drift: { $forecast }
house-no-week = The first entry comes within an hour of the start.

## What is wrong in the house. The $message of an error is what the program wrote of it: it names files and numbers, and stands as
## it is in every language.

fault-space = free space is below the reserve; new readings are refused
fault-clock =
    the clock of this machine jumped { DURATION($ms) } { $way ->
        [ahead] ahead
       *[back] back
    }; what came in while it was wrong is dated wrongly, and nothing is forgotten by its age for a day
fault-behind = the twin is { $seconds } s behind the log; alerts come that much later
fault-receivers =
    { $count ->
        [one] one receiver of alerts does not answer; its messages wait
       *[other] { $count } receivers of alerts do not answer; their messages wait
    }
fault-given-up =
    { $count ->
        [one] one message about an alert never arrived in the last 24 hours and is not tried again
       *[other] { $count } messages about alerts never arrived in the last 24 hours and are not tried again
    }
fault-error =
    { $kind ->
       *[other] { $message }
    }
fault-kind =
    { $kind ->
        [full] the disk is full
        [busy] another program holds a file
        [corrupt] a file is damaged
        [storage] a file cannot be read or written
       *[other] it stopped working
    }; who runs the house sees more
house-warning =
    { $kind ->
        [audit-gap] the record of who looked at whom has a gap; "healthtwin audit verify" says where
        [break-glass] somebody looked at a person in an emergency, without a relation to them
        [break-glass-many] five looks in an emergency within a day
        [new-admin] an administrator was made
        [account-reset] an account was reset at the console
        [account-confirmed] a reset account was confirmed at the console
        [refusals] many requests were refused within ten minutes
       *[other] { $kind }
    }
fault-part =
    { $part ->
       *[other] { $part }
    }

## What the person wrote, and what helpers must know

wrote-title = What they wrote
wrote-nothing-lately = Nothing in the last three days.
wrote-earlier = Earlier
wrote-of-ten = { $value } of 10
event-symptom = Symptom
event-relief = Better
event-activity = Activity
event-medication = Medicine taken
event-meal = Meal
event-sleep = Sleep
event-weather = Weather
event-document = Document
event-message = Message
about-title = Good to know
about-allergies = Allergies
about-contacts = Whom to call
about-conditions = Conditions
about-risks = Risk factors
person-earlier-all = Show all { $n }

## Many people

people-more = Show { $n } more
people-of = { $n } of { $all }
people-loading = loading the others …
people-found =
    { $n ->
        [0] Nobody is called “{ $name }”. Who needs somebody is shown all the same.
        [one] One person is called “{ $name }”. Who needs somebody is always shown.
       *[other] { $n } people are called “{ $name }”. Who needs somebody is always shown.
    }
person-beyond = { METRIC($metric) } { UNIT($value, $metric, significant: 6) }: beyond an absolute limit, and no alert is open
person-news2 = NEWS2 { $score }
person-moving = moving
person-clock = A device’s clock is wrong

## What an operator looks after

house-upkeep = To look after
house-backup = Last backup
house-backup-never = none noted: healthtwin backup --out FILE
house-certificate = Certificate
house-certificate-until = until { $date } ({ $days } days)
house-certificate-none = none of this home’s own
house-receivers = Who is told
house-receivers-none = Nobody outside this portal: no webhook was added.
house-receiver = Receiver
house-whose = Whose alerts
house-waiting = Waiting
house-given-up = Given up in 24 h
house-receiver-ok = answers
house-receiver-off = switched off
house-receiver-failing = nothing arrives since
house-tokens = Who may come in with a token
house-tokens-none = No token is good.
house-token = Token
house-token-unnamed = without a label
house-scope = Scope
house-covers = People
house-made = Made
house-ends = Ends
house-never = never
checks-model = Forecast: { $model }
