### What only the phone app says. A message `…-app` stands for the one without, where a phone's owner reads it.

tile-learning-app = still learning your usual

channel-in-app-app = This app and the portal

link-gone-app = This phone is not paired, so nothing new is shown.
link-sign-in-app = Pair it

alert-call-now-app = If you are unwell, call emergency services now.
alert-call-local-app = Nobody has been called for you.
alert-told-nobody-app = Nothing was sent outside this app and the portal.
alert-over-app = This episode is closed. If you feel ill, call for help.

app-needs-script = This app needs JavaScript, which is switched off in this browser. In an emergency call 112 or 911.
manifest-description = Your own health twin: measure, see yourself against your own usual, tell your house how you feel.

frame-tabs = Screens
frame-call-spoken = Emergency: call { $number }
frame-synthetic = Synthetic data: a simulated person

screen-failed = This could not be shown
screen-failed-why = Nobody answers, and nothing was kept here from before ({ $why }). What you enter is kept and sent later.
screen-again = Try again

release-ready = A new version is ready.
release-use = Use it now
release-failed = This phone could not keep the app for use without a network: { $why }

tab-now = Now
tab-check = Check
tab-ill = Unwell
tab-alerts = Alerts
tab-sharing = Sharing

kept-note = Nobody answers. This is what was known { $ago }.

call-if-ill = If you feel ill, call. Do not wait for this app.

queue-title = Waiting to be sent
queue-waiting =
    { $n ->
        [one] { $n } entry waits to be sent
       *[other] { $n } entries wait to be sent
    }
queue-parked =
    { $n ->
        [one] { $n } was refused
       *[other] { $n } were refused
    }
queue-none = Nothing waits: everything has reached your house.
queue-goes-by-itself = It is safe on this phone and goes out by itself as soon as your house answers.
queue-now = Send now
queue-refused-title = Refused
queue-refused = Your house did not take it: { $why }
queue-conflict = Your house already has another entry under this number. What it has stays as it is.
queue-former-pairing = It was recorded before this phone was paired anew, so it may be there already or belong to somebody else. It is not sent.
queue-again = Try again
queue-discard = Throw away
queue-kind-ppg = Finger measurement
queue-kind-motion = Motion measurement
queue-kind-audio = Sound measurement
queue-kind-vitals = Typed-in values
queue-kind-events = Entry in the timeline
queue-kind-other = Entry

now-title = { $name }, now
now-usual = Nothing in the readings that came in raised an alert.
now-learning = Your own usual is being learned. Only absolute safety limits and forecasts raise alerts until then.
now-unknown = No reading for { $span }. How you are now is unknown.
now-no-reading = No reading yet. How you are now is unknown.
now-never-heard = Nobody answers, and nothing was kept here from before. How you are now is unknown.
now-last-reading = Last reading
now-stale = old: says nothing about now
now-against-usual = Against your own usual
now-nothing-measured = Nothing measured yet. Thirty seconds with a finger on the camera are enough to begin.
now-checks = What the checks say
now-to-check = Check vitals
now-to-ill = I don’t feel well

condition-news2 = NEWS2 score
condition-unusual-for-you = Unusual for you
condition-hrv-down-heart-rate-up = Heart rate variability down, heart rate up
condition-breathing-up-oxygen-down = Breathing faster, oxygen lower
condition-oxygen-saturation-below-own = Oxygen below your usual
condition-temperature-and-heart-rate-up = Temperature and heart rate up
condition-hypoxia = Low oxygen in the next hour
condition-news-red = A value in the red zone in the next hour
condition-hypoxia-3h = Low oxygen within 3 hours
condition-hypoxia-6h = Low oxygen within 6 hours
condition-news-red-3h = A value in the red zone within 3 hours
condition-news-red-6h = A value in the red zone within 6 hours
condition-personal-hypoxia = Oxygen far below your usual in the next hour
condition-tachycardia = A very fast heart in the next hour
condition-hypotension = Very low blood pressure in the next hour
condition-infection = Signs of a severe infection within 6 hours

ill-title = I don’t feel well
ill-signs-title = Call at once if there is
ill-sign-chest = pressure or pain in the chest
ill-sign-breath = trouble breathing, blue lips
ill-sign-stroke = a drooping face, a weak arm or leg, trouble speaking
ill-sign-faint = fainting, or sudden confusion
ill-sign-bleeding = bleeding that does not stop
ill-sign-allergy = swelling of face or throat
ill-sign-seizure = a seizure
ill-sign-self-harm = the thought of harming yourself
ill-nobody-called = This app calls nobody by itself. Press the button, say where you are and what is wrong.
ill-what = None of these? Write it down
ill-choose = What is it?
ill-symptom-fever = Fever, chills
ill-symptom-cough = Cough
ill-symptom-short-of-breath = Short of breath
ill-symptom-palpitations = Racing heart
ill-symptom-dizzy = Dizzy
ill-symptom-headache = Headache
ill-symptom-nausea = Nausea
ill-symptom-belly = Stomach ache
ill-symptom-pain = Other pain
ill-symptom-tired = Very tired
ill-symptom-throat = Sore throat
ill-symptom-anxious = Anxious
ill-words = In your own words
ill-words-hint = Where, since when, what makes it better or worse
ill-how-bad = How bad is it?
ill-bearable = 0, hardly there
ill-worst = 10, the worst
ill-of-ten = { $value } of 10
ill-save = Save
ill-say-something = Choose at least one thing, or write a few words.
ill-refused = Not saved: { $why }
ill-saved = Saved in your timeline
ill-saved-here = Saved on this phone; it will be sent by itself
ill-grave = This can be serious. If it is new, bad or getting worse, call now.
ill-then = Nobody has been told to act on this. If it gets worse, or you are worried, call a doctor; with an emergency sign, the emergency number. Measuring now helps to see what changed.
ill-another = Add something else
ill-recent = Lately
ill-none = Nothing written down yet.

alerts-title = Alerts
alerts-one = Alert
alerts-open = Open
alerts-past = Earlier
alerts-none-open = No alert is open. That only speaks of the readings that came in.
alerts-in-app-only = Alerts show here while the app is open. They do not ring on this phone while it is closed; your house can tell others through a webhook.

sharing-title = Sharing
sharing-lede = Who can see you, and what. You can take it back at any time.
sharing-who = Can see you
sharing-devices = Your devices
sharing-devices-hint = A lost phone? Take its access back here, on another device.
sharing-scope-family = Family
sharing-scope-clinician = Clinician
sharing-scope-person = You
sharing-scope-device = Device
sharing-scope-admin = Runs the house
sharing-may-family = Sees readings, alerts, what you write, your allergies and emergency contacts; may acknowledge and close alerts.
sharing-may-clinician = Sees everything here; may act on alerts and change medicines and history.
sharing-may-person = Sees and does everything that is yours.
sharing-may-device = Sends readings and reads what they say; decides nothing.
sharing-may-admin = Sees and does everything.
sharing-invited = Invited, link good until { $moment }
sharing-last-seen = last used
sharing-never-used = not used yet
sharing-this-phone = This phone
sharing-really = { $label } will see nothing from now on. Take access back?
sharing-revoke-yes = Yes, take it back
sharing-keep = Keep it
sharing-revoked = { $label } no longer has access
sharing-not-revoked = Nothing has changed: { $why }
sharing-invite = Invite somebody
sharing-as = As
sharing-label = Their name
sharing-label-hint = For your list; they see it too.
sharing-name-them = Write a name, so that you know later whom this is.
sharing-make = Make a link
sharing-not-invited = No link was made: { $why }
sharing-link-for = Link for { $label }
sharing-link = Link
sharing-link-once = It works once, until { $moment }, and is shown only now. Send it to nobody else.
sharing-copy = Copy
sharing-copied = Copied
sharing-send = Send
sharing-done = Done

pair-title = Pair this phone
pair-lede = The phone becomes yours: it measures, shows how you are against your own usual, and sends readings only to your own house.
pair-code = Code
pair-code-hint = Ten characters, as shown under the QR code. Capitals and dashes do not matter.
pair-label = Name of this phone
pair-label-hint = So that you find it in your list of devices.
pair-go = Pair
pair-wrong = This code is wrong, used already, or older than 15 minutes. Ask for a new one.
pair-too-often = Too many tries. Wait a minute.
pair-no-network = Your house does not answer. Is this phone in the right network?
pair-ended = This phone is no longer paired. What it showed was erased; what waited to be sent is kept.
pair-waiting =
    { $n ->
        [one] { $n } entry waits here for its person to be paired again.
       *[other] { $n } entries wait here for their person to be paired again.
    }
pair-how = How to get a code
pair-how-words = Whoever runs your house makes one there. It shows a QR code; the camera of this phone opens it.

settings-title = Settings
settings-look = Language and look
settings-language = Language
settings-emergency = Emergency
settings-number = Emergency number
settings-number-hint = Guessed from where this phone is ({ $zone }): { $number }. Empty the field to go back to that.
settings-number-is = Emergency number: { $number }
settings-measuring = Measuring
settings-reminders = Remind me when nothing was measured for
settings-reminders-hint = Only while the app is open, if only in the background.
settings-remind-never = never remind me
settings-remind-four-hours = 4 hours
settings-remind-twelve-hours = 12 hours
settings-remind-day = a day
settings-auto = Measure movement every 5 minutes while open
settings-auto-hint = Only how much you move. A finger on the camera is always asked for.
settings-about-me = About me
settings-about-me-words = Age, history, medicines, allergies, emergency contacts: change them at any time.
settings-about-me-open = Open
settings-cannot = What a browser cannot do
settings-cannot-background = Measure anything while the app is closed or the screen is off.
settings-cannot-camera = Use the camera without you: a pulse needs your finger and thirty seconds.
settings-cannot-push = Ring when the app is closed. Alerts show here while it is open.
settings-cannot-oxygen = Measure oxygen with the camera. It comes from an oximeter, or you type it in.
settings-cannot-call = Call for help by itself. You, or somebody with you, has to press the button.
settings-install = On the home screen
settings-install-words = In the browser’s menu choose “Install app” or “Add to home screen”. It then opens like any app, also without a network. On an iPhone pair it there again: it keeps its own pairing.
settings-this-phone = This phone
settings-kept-here = It keeps the last values it heard and what waits to be sent. Your house keeps the rest.
settings-erase = Erase this phone
settings-erase-really = Erase everything of healthtwin on this phone and end its pairing? Your house keeps what it has.
settings-erase-unsent =
    { $n ->
        [one] { $n } entry was never sent and would be lost.
       *[other] { $n } entries were never sent and would be lost.
    }
settings-erase-yes = Erase
settings-erase-no = Keep

remind-title = healthtwin
remind-words = Nothing was measured for a while. Do you have a minute?
remind-measure = Measure
remind-later = Later

welcome-step = Step { $n } of { $of }
welcome-progress = Progress
welcome-next = Save and go on
welcome-finish = Done
welcome-skip = Skip
welcome-back = Back
welcome-later = Later
welcome-offline = Your house does not answer, so this cannot be changed just now. Skip it, or come back later.
welcome-refused = Not saved: { $why }
welcome-more = Anything else
welcome-more-hint = One a line.
welcome-about-title = About you
welcome-about-lede = Limits depend on age and sex. Every question may be skipped.
welcome-birth-year = Year of birth
welcome-birth-year-hint = Four digits.
welcome-sex = Sex
welcome-sex-female = Female
welcome-sex-male = Male
welcome-sex-other = Other
welcome-pregnant = I am pregnant
welcome-pregnant-hint = Some scores do not apply in pregnancy.
welcome-history-title = Your history
welcome-history-lede = What a doctor has told you that you have or had.
welcome-history-choose = Conditions
welcome-condition-hypertension = High blood pressure
welcome-condition-heart-failure = Heart failure
welcome-condition-coronary = Heart attack or narrowed coronary arteries
welcome-condition-arrhythmia = Irregular heartbeat
welcome-condition-copd = COPD
welcome-condition-asthma = Asthma
welcome-condition-diabetes = Diabetes
welcome-condition-kidney = Kidney disease
welcome-condition-stroke = Stroke
welcome-condition-cancer = Cancer
welcome-condition-depression = Depression
welcome-risks-title = Risk factors
welcome-risks-lede = They change what a reading means.
welcome-risks-choose = What applies
welcome-risk-smoking = I smoke
welcome-risk-overweight = Overweight
welcome-risk-inactive = I move little
welcome-risk-alcohol = Alcohol on most days
welcome-risk-family-heart = Early heart disease in the family
welcome-risk-alone = I live alone
welcome-medicines-title = Medicines
welcome-medicines-lede = They are checked against your genes, if you have results. Never change a dose yourself.
welcome-medicines-list = What you take now
welcome-medicines-hint = One a line, by name, without the dose.
welcome-medicines-unknown = Saved, but in no table, so not checked: { $names }
welcome-allergies-title = Allergies
welcome-allergies-lede = What somebody who helps you must know.
welcome-allergies-choose = Allergic to
welcome-allergy-penicillin = Penicillin
welcome-allergy-painkillers = Aspirin or ibuprofen
welcome-allergy-contrast = Contrast medium
welcome-allergy-latex = Latex
welcome-allergy-nuts = Nuts
welcome-allergy-bees = Bee or wasp stings
welcome-allergy-pollen = Pollen
welcome-contacts-title = Emergency contacts
welcome-contacts-lede = Whom helpers should call. healthtwin calls nobody by itself.
welcome-contact = Contact { $n }
welcome-contact-name = Name
welcome-contact-phone = Phone
welcome-contact-relation = Who is it to you?
welcome-contact-more = Another contact
welcome-permissions-title = Permissions
welcome-permissions-lede = The phone asks each time it is needed. You may say no; then that measurement is left out.
welcome-allow = Allow
welcome-motion = Motion
welcome-motion-hint = For breathing, tremor, balance, and how much you move.
welcome-notify = Notifications
welcome-notify-hint = For reminders while the app is open. Without readings or names in them.
welcome-camera-hint = Camera and microphone are asked for when you measure. Pictures never leave the phone; sound only if you say so.
welcome-said-granted = Allowed.
welcome-said-denied = Not allowed. You can change that in the phone’s settings.
welcome-said-missing = This browser does not have it.
welcome-baseline-title = Your first measurement
welcome-baseline-lede = Sit down, rest for a minute, then begin. From here on your own usual is learned.
welcome-baseline-pulse = 30 seconds, finger on the camera
welcome-baseline-pulse-hint = Heart rate and the space between beats.
welcome-baseline-breathing = 60 seconds, phone on the chest
welcome-baseline-breathing-hint = Breathing rate.
welcome-baseline-questions = How do you feel today?
welcome-baseline-questions-hint = If anything bothers you, write it down.
welcome-baseline-go = Begin
welcome-baseline-answer = Write it down

limit-by-phone = Said by the limits on this phone, by this value alone. Nobody has been told to act on it; your house judges it together with the rest.
limit-kept = Said by the limits on this phone. Your house does not know of it yet, so nobody else does.
limit-measured = measured { $moment }
now-unsent = on this phone, not sent yet

queue-kind-acknowledge = Acknowledgement of an alert
queue-overtaken = Nothing was done: the alert had news that you had not seen. Look at it and acknowledge it again.
