### What the measuring screens say.

measure-title = Check vitals

measure-lede = Your phone is the sensor. Sit down, take a breath, choose one.

measure-with-device = With a device of yours

measure-back = All checks

measure-start = Start

measure-cancel = Cancel

measure-save = Save

measure-done = Done

measure-try-again = Try again

measure-measure-again = Measure again

measure-to-list = Other checks

measure-connect = Connect

measure-disconnect = Disconnect

measure-seconds = seconds
measure-seconds-left = { $seconds } seconds left

measure-working = Working it out …

measure-limits = What a browser can’t do
measure-limits-open = It measures only while this page is open and the screen is on. In the background it is asleep; a reminder can call you back, no more.
measure-limits-camera = It can’t take your pulse by itself: somebody has to put a finger on the lens.
measure-limits-oxygen = It can’t measure oxygen with the camera. Nobody’s phone camera can do that reliably; type in what an oximeter shows, or connect one.
measure-limits-device = It is no medical device. If you feel ill, call your doctor; in an emergency call emergency services first.

measure-pulse-title = Heart rate
measure-pulse-short = Finger on the camera · 30 s
measure-pulse-how-sit = Sit down and rest your hand on a table or on your lap.
measure-pulse-how-finger = Lay a fingertip over the rear camera and its light, so gently that it still feels warm.
measure-pulse-how-still = Hold still and breathe as usual until the ring has closed.
measure-pulse-length = How long
measure-pulse-thirty = 30 seconds
measure-pulse-thirty-help = heart rate and a first look at its variability
measure-pulse-sixty = 60 seconds
measure-pulse-sixty-help = also variability (SDNN) and breathing
measure-pulse-was-active = I was up and moving in the last five minutes
measure-pulse-privacy = Pictures never leave the phone: only the mean colour of each one is used. The light may get warm; lift your finger if it does.
measure-pulse-no-torch = This camera has no light that can be switched on. Hold it towards bright light.
measure-pulse-other-camera = Use another camera

measure-hint-opening = Opening the camera …
measure-hint-opening-microphone = Opening the microphone …
measure-hint-cover = Cover the lens with your fingertip
measure-hint-dark = Too dark: cover the light as well, or go to a brighter place
measure-hint-settling = Good. Now hold still …
measure-hint-good = Clear pulse. Hold still
measure-hint-moving = Hold still: your finger is moving
measure-hint-weak = Press a little less, or warm your finger
measure-hint-lifted = Finger lifted: put it back and it starts again
measure-hint-interrupted = Interrupted: it starts again

measure-breathing-title = Breathing
measure-breathing-short = Phone on your chest · 60 s
measure-breathing-how-1 = Lie on your back and lay the phone flat on your chest, screen up.
measure-breathing-how-2 = Breathe as usual and don’t speak.
measure-breathing-how-3 = A tone says when it begins and two when it is done.
measure-breathing-lead = Lie down and put the phone on your chest
measure-breathing-live = Breathe as usual

measure-tremor-title = Hand tremor
measure-tremor-short = Phone in your hand · 20 s
measure-tremor-how-1 = Sit down and hold the phone loosely in one hand.
measure-tremor-how-2 = Choose what your hand does, then press Start.
measure-tremor-how-3 = Stay so until two tones have sounded.
measure-tremor-variant = Your hand
measure-tremor-lead = Take the position
measure-tremor-live = Stay as you are

measure-motion-tremor-rest = At rest
measure-motion-tremor-rest-help = on your lap, quite loose
measure-motion-tremor-posture = Stretched out
measure-motion-tremor-posture-help = arm straight in front of you

measure-balance-title = Balance
measure-balance-short = Standing, phone at your chest · 30 s
measure-balance-how-1 = Stand with your feet together, near a wall or a chair.
measure-balance-how-2 = Hold the phone flat against your chest with both hands.
measure-balance-how-3 = Look straight ahead until two tones have sounded.
measure-balance-care = Only if you feel safe on your feet. Hold on to something at once when you sway.
measure-balance-lead = Take the position
measure-balance-live = Stand still and look ahead

measure-walk-title = Walking
measure-walk-short = Phone in your pocket · 30 s
measure-walk-how-1 = Find a straight way of about 30 metres.
measure-walk-how-2 = Press Start and put the phone into a trouser pocket, with the screen left on.
measure-walk-how-3 = Walk at your usual pace until two tones have sounded.
measure-walk-lead = Pocket the phone and start to walk
measure-walk-live = Walk at your usual pace

measure-cough-title = Cough
measure-cough-short = The microphone listens · 30 s
measure-cough-how-1 = Go where it is quiet and lay the phone about an arm’s length away.
measure-cough-how-2 = Breathe as usual. Cough when you have to; don’t force it.
measure-cough-how-3 = Don’t speak until the ring has closed.
measure-cough-consent = Send the sound itself this time, too (else only figures computed on this phone are sent)
measure-cough-privacy = Without the tick the recording stays on this phone and is forgotten as soon as the coughs are counted.
measure-cough-live = Listening

measure-typed-title = Type in a value
measure-typed-short = Oxygen, temperature, blood pressure, weight, glucose
measure-typed-unit-of = Unit of { $metric }
measure-typed-oxygen = Oxygen only from a pulse oximeter on the finger or ear. A phone’s camera can’t measure it.
measure-typed-error-some = Some values can’t be right yet. Please look at the marked fields.
measure-typed-error-none = Type in at least one value.
measure-typed-error-number = A number, please, such as { $low }
measure-typed-error-range = From { $low } to { $high } { $unit }
measure-typed-error-pair = Both values of the pressure, please
measure-typed-error-order = The upper value must be above the lower one

measure-oximeter-title = Pulse oximeter
measure-oximeter-short = Oxygen and pulse over Bluetooth
measure-oximeter-how-1 = Put the oximeter on a warm finger without nail varnish and switch it on.
measure-oximeter-how-2 = Press Connect and choose it from the list.
measure-oximeter-how-3 = Hold still. Once the value was steady for 15 seconds it is stored, then every 5 minutes while this page is open.
measure-oximeter-waiting = Waiting for the first value …

measure-strap-title = Heart-rate strap
measure-strap-short = Every beat over Bluetooth, with variability
measure-strap-how-1 = Moisten the strap and put it on below your chest.
measure-strap-how-2 = Press Connect and choose it from the list.
measure-strap-how-3 = Sit still for a minute. Then every 5 minutes, while this page is open, another minute is stored.
measure-strap-waiting = Waiting for the first beat …

measure-bluetooth-where = Works in Chrome and Edge on Android and computers. iPhones’ browsers have no Bluetooth.
measure-bluetooth-collecting = Receiving. Hold still
measure-bluetooth-stored = Steady value
measure-bluetooth-sent = Stored: { $values }. Again in 5 minutes while this page is open.
measure-bluetooth-queued = Kept on the phone until you are online: { $values }. Again in 5 minutes while this page is open.
measure-bluetooth-trouble-no-finger = No finger in the oximeter
measure-bluetooth-trouble-no-pulse = No pulse found: warm your finger and put it in again
measure-bluetooth-trouble-no-value = No value yet
measure-bluetooth-trouble-no-contact = No contact with your skin: moisten the strap
measure-bluetooth-trouble-unsteady = Not steady yet: hold still
measure-bluetooth-trouble-irregular = Too many beats were missed: moisten the strap and sit still
measure-bluetooth-trouble-inadequate-signal = The signal is too weak: warm your finger
measure-bluetooth-trouble-poor-signal = The signal is poor: hold still
measure-bluetooth-trouble-erratic-signal = The signal is restless: hold still
measure-bluetooth-trouble-questionable = The device doubts its value: hold still
measure-bluetooth-trouble-displaced = The sensor has slipped
measure-bluetooth-trouble-disconnected = The sensor is unplugged
measure-bluetooth-trouble-malfunction = The device reports a fault
measure-bluetooth-trouble-sensor-malfunction = The sensor reports a fault
measure-bluetooth-trouble-invalid = The device says that its value is not valid
measure-bluetooth-trouble-unavailable = The device has no value
measure-bluetooth-trouble-calibrating = The device is calibrating
measure-bluetooth-trouble-demonstration = The device is showing demonstration values
measure-bluetooth-trouble-testing = The device is showing test values

measure-usual = Usual for you: { $low }–{ $high }

measure-stored = Stored with your readings.
measure-stored-not = For this screen only; not stored.
measure-stored-before = This was stored before.

measure-not-measured = Not measured this time

measure-quality-good = Clear signal ({ $percent } %)
measure-quality-fair = Usable signal ({ $percent } %); hold still next time for a clearer one

measure-refused = No value this time
measure-refused-kept = A doubtful number would be worse than none, so nothing was stored.
measure-refused-unclear = The signal was not clear enough.

measure-queued = Kept on this phone
measure-queued-help = It will be worked out when you are online. You can close the app; nothing gets lost.

measure-refusal-finger-lifted = The finger was lifted after { $kept_s } of { $seconds } seconds and did not come back.
measure-refusal-interrupted = The screen was off or the app was left on the way. Keep it open until the ring has closed.
measure-refusal-finger-moved = Only { $clean_s } of { $duration_s } seconds were still: the finger moved or left the lens.
measure-refusal-frames-lost = { $lost_s } of { $duration_s } seconds came without pictures: the phone was busy. Close other apps and try again.
measure-refusal-beats-between = Weaker beats lie between the strong ones, and the camera may miss them. Feel your pulse for a whole minute, or use a blood pressure meter. If this is new to you, tell a clinician.
measure-refusal-pulse-uneven = A pulse was seen, but its beats come too unevenly to count them this way. Feel your pulse for a whole minute, or use a blood pressure meter. If this is new to you, tell a clinician.
measure-refusal-too-bright = Too bright to see a pulse: press a little less, or cover the light too.
measure-refusal-no-pulse = No pulse was found. Cover lens and light with your fingertip and press lightly.
measure-refusal-breathing-unclear = Breathing left no clear trace in the pulse.
measure-refusal-too-short = It was not still for long enough.
measure-refusal-pulse-too-short = Only { $still_s } seconds were still and { $needed_s } are needed; measure for longer.
measure-refusal-implausible = It came out as { $value }, which no living person shows.
measure-refusal-moved = That was too much movement; keep still and try again.
measure-refusal-moving = Only { $still_s } seconds were still and { $needed_s } are needed.
measure-refusal-no-breathing = No breathing could be seen. Lie down, lay the phone flat on your chest and let go of it.
measure-refusal-irregular = The movement was too irregular to count. Breathe quietly and try again.
measure-refusal-not-held = Nobody stands that still: hold the phone against your chest.
measure-refusal-too-fine = The sway was smaller than what this browser lets through; it can’t be measured here.
measure-refusal-no-tremor = No regular tremor between 3 and 12 times a second stood out.
measure-refusal-no-walk = No walk of seven steps in a row was found. Walk straight on for half a minute.
measure-refusal-too-few-steps = Only { $steps } regular steps in a row; { $needed_steps } are needed.
measure-refusal-constant = The sensor gave the same values all along.
measure-refusal-clipped = The signal was stronger than this sensor can measure.
measure-refusal-sampling-too-slow = Only { $rate_hz } samples a second arrived and { $needed_hz } are needed. Close other apps.
measure-refusal-sound-lost = Parts of the sound got lost: the phone was busy or the app was left. Close other apps and try again.
measure-refusal-silent = The microphone was silent. Is it covered or muted?

measure-trouble-insecure = This needs https
measure-trouble-insecure-help = Browsers hand out camera, microphone and motion sensors over a secure connection only. Open the app by its address that begins with https.
measure-trouble-denied-camera = The camera is not allowed
measure-trouble-denied-camera-help = Tap the symbol beside the address, allow the camera for this page, then try again. On an iPhone: Settings, Apps, Safari, Camera.
measure-trouble-none-camera = No camera found
measure-trouble-none-camera-help = This device or browser offers no camera. Try it on your phone, or type a value in.
measure-trouble-busy-camera = The camera is busy
measure-trouble-busy-camera-help = Another app is using it. Close that app, then try again.
measure-trouble-denied-microphone = The microphone is not allowed
measure-trouble-denied-microphone-help = Tap the symbol beside the address, allow the microphone for this page, then try again. On an iPhone: Settings, Apps, Safari, Microphone.
measure-trouble-none-microphone = No microphone found
measure-trouble-none-microphone-help = This device or browser offers no microphone. Try it on your phone.
measure-trouble-busy-microphone = The microphone is busy
measure-trouble-busy-microphone-help = Another app or a call is using it. End that, then try again.
measure-trouble-denied-motion = The motion sensors are not allowed
measure-trouble-denied-motion-help = Close this page completely, open it anew and choose Allow when it asks. In Chrome: Settings, Site settings, Motion sensors.
measure-trouble-none-motion = No motion sensor
measure-trouble-none-motion-help = This device has none, or the browser blocks it. Try it on your phone.
measure-trouble-lost = The sensor stopped
measure-trouble-lost-help = It was unplugged, or another app or a call took it. Try again.
measure-trouble-no-bluetooth = No Bluetooth in this browser
measure-trouble-no-bluetooth-help = This browser can’t reach Bluetooth sensors; Chrome on Android or a computer can. You can type the values in.
measure-trouble-none-bluetooth = No device was chosen
measure-trouble-none-bluetooth-help = Switch the device on and wear it, then try again. If it is missing from the list, it is connected to another app or speaks a language of its own.
measure-trouble-denied-bluetooth = Bluetooth is not allowed
measure-trouble-denied-bluetooth-help = Switch Bluetooth on and allow it for the browser, then try again.
measure-trouble-lost-bluetooth = The connection broke
measure-trouble-lost-bluetooth-help = Come closer, check the battery, then try again.
measure-trouble-silent-bluetooth = The device says nothing we understand
measure-trouble-silent-bluetooth-help = It offers no standard values. Type them in instead.
measure-trouble-unexpected = Something went wrong
measure-trouble-unexpected-help = Nothing was stored. Try again; if it stays, reload the page.

measure-auto-reminder = Time for a check: 30 seconds with a finger on the camera
measure-auto-active = While this app is open your activity is sampled every 5 minutes.
measure-auto-permission = Allow the motion sensors once and your activity is sampled every 5 minutes while this app is open.
measure-auto-no-sensor = This device has no motion sensor; only reminders are possible.

measure-metric-postural-tremor-frequency = Tremor frequency, arm out
measure-metric-postural-tremor-amplitude = Tremor strength, arm out
measure-metric-gait-regularity = Evenness of strides
measure-metric-gait-asymmetry = Left unlike right
measure-metric-gait-unsteadiness = Variation of strides
measure-metric-body-temperature = Temperature
measure-metric-blood-pressure-systolic = Upper pressure (systolic)
measure-metric-blood-pressure-diastolic = Lower pressure (diastolic)
measure-metric-body-weight = Weight

measure-unit-per-min = per minute
measure-unit-per-minute = per minute
measure-unit-of-gait-cadence = steps per minute
measure-unit-percent = %
measure-unit-of-gait-regularity = of 1
measure-unit-celsius = °C
measure-unit-fahrenheit = °F
measure-unit-pressure = mmHg
measure-unit-kilogram = kg
measure-unit-pound = lb
measure-unit-glucose = mg/dL
measure-unit-mmol = mmol/L

measure-stored-beyond = Your house has the value. Do first what stands above.

measure-queued-help-typed = Your house has not heard of it yet. It is sent by itself as soon as somebody answers; you can close the app.

measure-means-later = What is usual for you is not known yet. This value is the first of those it will be compared with.

measure-means-heart-rate = At rest most grown-ups lie between 60 and 100 per minute, athletes below. What is usual for you is being learned.

measure-means-respiratory-rate = At rest most grown-ups breathe 12 to 20 times a minute. What is usual for you is being learned.

measure-means-oxygen-saturation = Most people lie between 95 and 100 %. What is usual for you is being learned.

measure-means-tremor-frequency = Every hand trembles a little, too fine to see. A single value says little: what counts is whether it changes over weeks.

measure-means-postural-tremor-frequency = Every hand trembles a little, too fine to see. A single value says little: what counts is whether it changes over weeks.

measure-means-sway-rms = Everybody sways while standing. A single value says little: what counts is whether it grows over weeks.

measure-means-gait-cadence = Most grown-ups walk about 100 to 120 steps a minute at their own pace. What counts is whether yours changes.

measure-means-cough-count = How many coughs were heard in this recording. Whether they become more or fewer says more than the number.
