### What the house says of a person: alerts, evidence, advice, risks. What is never said: that all is well, what the
### matter is, or that a medicine should be taken.

alert-summary =
    { $level ->
        [critical] Act now
        [warning] { $within ->
            [2] Be seen now, within 2 hours
           *[24] Contact a clinician today or tomorrow
        }
       *[info] Be aware
    }: { $what }.
alert-summary-silence = Look after this person: { $what }.
alert-attention = your readings need attention
alert-over-resolved =
    { READER() ->
        [self] Back in your usual range; if you feel ill, call.
       *[other] Back in their usual range; if they feel ill, call.
    }
alert-over-closed = Closed by hand; if you feel ill, call.
alert-over-withdrawn = Withdrawn: a reading that arrived later explains it; if you feel ill, call.
alert-over-heard-again = Readings are coming in again; they say nothing about the time before.
alert-closes =
    { $times ->
        [two] Two calm readings close it, at least 15 minutes apart and after the last one of concern; on a device that measures all the time, half an hour of calm ones.
       *[one] One calm reading closes it, at least 15 minutes after the last one of concern; on a device that measures all the time, half an hour of calm ones.
    }
alert-closes-silence = The next vital sign that is measured closes it.
evidence-standing = { METRIC($metric) } { UNIT($value, $metric, significant: 6) } at its newest reading; told before: { $rule }
notice-test = This is a test. Nothing has happened.

## Advice: each step with its source

advice-call = Call your local emergency number now (112 in Europe, 999 in the United Kingdom, 911 in the United States and Canada), and say what was measured.
    .source = NHS, When to call 999 (nhs.uk)
advice-not-alone = Do not drive yourself. Unlock the door and let somebody know, so that you are not alone.
    .source = NHS, When to call 999 (nhs.uk)
advice-seen-now = Be seen by a doctor now, within 2 hours: call the duty doctor or the medical helpline (116117 in Germany, 111 in the United Kingdom). If nobody can be reached, call your local emergency number. With chest pain, trouble breathing, confusion, fainting, or weakness on one side call it at once.
    .source = Royal College of Physicians, NEWS2 (2017): urgent assessment; NICE NG143: seen within 2 hours
advice-clinician = Talk to a doctor or nurse today or tomorrow; at once if you feel worse. With chest pain, trouble breathing, confusion, fainting, or weakness on one side call your local emergency number now.
    .source = NHS, When to use 111 (nhs.uk)
advice-again = Sit quietly and measure again in 15 minutes.
    .source = Royal College of Physicians, NEWS2 (2017): a raised score is measured again and more often
advice-reason = Is there a reason, such as effort, little sleep, alcohol, heat, or an infection coming on? If you feel ill, call a doctor; with an emergency sign, your local emergency number.
    .source = own baseline: unusual is not the same as ill
advice-look = Find out how the person is. Then look at the device: worn, charged, connected?
    .source = silence cannot tell an empty battery from a fall
advice-breathing = Sit upright, lean slightly forward, and loosen tight clothes.
    .source = NHS, Shortness of breath (nhs.uk)
advice-oximeter = While help is on its way, check the oximeter: warm hand, no nail polish, hand still for a minute.
    .source = FDA, Pulse Oximeter Basics (fda.gov)
advice-rhythm = Sit or lie down and stop every effort.
    .source = NHS, Heart palpitations (nhs.uk)
advice-faint = Lie down and raise your legs; in pregnancy lie on your left side instead; if you are short of breath, sit up.
    .source = NHS, Fainting (nhs.uk); left side: MHRA (2023)
advice-cool = After heat or effort: go to a cool place, take off what keeps you warm, cool the skin with water, and drink if you can. With the fever of an illness: drink, wear little, and do not sponge with cold water.
    .source = NHS, Heat exhaustion and heatstroke (nhs.uk); NICE NG143, Fever in under 5s
advice-warm = Go indoors, take off wet clothes, wrap up, and drink something warm and sweet if you are fully awake.
    .source = NHS, Hypothermia (nhs.uk)
advice-sugar = If you are awake and can swallow, eat or drink 15 to 20 g of sugar now: sugar cubes, or a glass of juice. Measure again after 15 minutes. Give nothing by mouth to somebody who is drowsy.
    .source = American Diabetes Association, Standards of Care in Diabetes, section 6 (recalled; no clinician has signed it)
advice-sugar-high = Drink water, and test for ketones if you can. Vomiting, deep breathing or drowsiness beside a high blood sugar is an emergency.
    .source = NHS, High blood sugar (hyperglycaemia) (recalled; no clinician has signed it)
advice-again-soon = Measure again now, after 1 to 2 minutes of rest: a second reading tells more than one.
    .source = American Heart Association, When to call 911 for high blood pressure (heart.org)
advice-again-warm = Warm the hand, take off nail polish, keep the hand still for a minute and measure again now.
    .source = FDA, Pulse Oximeter Basics (fda.gov)
advice-pressure = Sit still with your back and arm supported, and measure again after 1 to 2 minutes; in pregnancy once more after 15 minutes.
    .source = American Heart Association, When to call 911 for high blood pressure (heart.org)
advice-confused = Stay with the person, speak calmly and in short sentences, and do not leave them alone.
    .source = NHS, Sudden confusion (delirium) (nhs.uk)

## Evidence

evidence-limit = { METRIC($metric) } { UNIT($value, $metric, significant: 6) }: { $rule }
evidence-limit-once = { METRIC($metric) } { UNIT($value, $metric, significant: 6) }: { $rule } (one reading, not confirmed)
evidence-fever-lasts = Fever for { $days } days, counted from its first reading
evidence-symptom = A symptom told { DURATION($ms) } ago makes it more urgent
evidence-coarse-age = The month of birth is missing: limits for this age are coarse
evidence-news2 = { $score }: { $parts }
evidence-news2-older = for context, with older values { $score }: { $parts }
news2-total = NEWS2 { $total }
news2-at-least = NEWS2 at least { $total } ({ $measured } of { $of } measured)
news2-points = { METRIC($metric, form: "parameter") } { $points }
news2-points-older = { METRIC($metric, form: "parameter") } of { DURATION($age_ms, form: "short") } ago { $points }
evidence-pattern = { $rule } ({ $shown })
pattern-value = { METRIC($metric) } now { UNIT($value, $metric, significant: 3) }
pattern-value-usual = { METRIC($metric) } now { UNIT($value, $metric, significant: 3) }, usually { UNIT($expected, $metric, unit: "no", significant: 3) }
evidence-against-usual = { METRIC($metric) } { against-usual }
evidence-deviation = { METRIC($metric) } { deviation }
evidence-silence = no reading for { DURATION($ms) }

## A device whose clock is wrong

clock-problem =
    { $kind ->
        [behind] The clock of { $device ->
            [unnamed] one device
           *[other] { $device }
        } is { DURATION($ms) } behind, or its readings come that late: they are judged by when they come. Set its clock, or its time zone.
        [ahead] The clock of { $device ->
            [unnamed] one device
           *[other] { $device }
        } is { DURATION($ms) } ahead: its readings are refused. Set its clock, or its time zone.
       *[jumping] The clock of { $device ->
            [unnamed] one device
           *[other] { $device }
        } jumps back and forth: its readings are judged by when they come. Set its clock, or change its battery.
    }

## Against one's own usual

against-usual =
    { UNIT($value, $metric) }, { $direction ->
        [above] { UNIT($away, $metric) } above
        [below] { UNIT($away, $metric) } below
       *[within] within
    } { usual-of-theirs } { UNIT($expected, $metric, unit: "no") } ± { UNIT($reach, $metric, unit: "no") } at { NUMBER($hour, minimumIntegerDigits: 2) }:00{ $activity ->
        [resting] , resting
        [light] , lightly active
        [active] , active
       *[none] { "" }
    }{ $lasting ->
        [none] { "" }
       *[other] , for { $lasting }
    }
usual-of-theirs =
    { READER() ->
        [self] your usual
       *[other] their usual
    }
deviation =
    { UNIT($value, $metric) }; for you at { NUMBER($hour, minimumIntegerDigits: 2) }:00{ $activity ->
        [resting] , resting
        [light] , lightly active
        [active] , active
       *[none] { "" }
    }, { UNIT($expected, $metric, unit: "no") } ± { UNIT($spread, $metric, unit: "no", fine: "yes") }; { NUMBER($distance, minimumFractionDigits: 1, maximumFractionDigits: 1) } { $direction ->
        [below] below
       *[above] above
    }{ $lasting ->
        [none] { "" }
       *[other] ; for { $lasting }
    }
lasting = { DURATION($ms) }
still-learning =
    { UNIT($value, $metric, significant: 6) }; { READER() ->
        [self] your
       *[other] their
    } own normal is still being learned

## Risks

forecast-chance =
    of 100 hours like this one, { $of_hundred ->
        [0] fewer than 1
       *[other] about { $of_hundred }
    } were followed by { $target }; measured on intensive-care stays, not at home
driver =
    { METRIC($metric) } { UNIT($value, $metric) }, { $direction ->
        [as-usual] near { $own ->
            [true] { usual-of-theirs }
           *[false] a typical
        } { UNIT($usual, $metric) }, but not steady
       *[other] { $direction ->
            [below] below
           *[above] above
        } { $own ->
            [true] { usual-of-theirs }
           *[false] a typical
        } { UNIT($usual, $metric) }
    }
would-fall = With { METRIC($metric, form: "inline") } steady at { UNIT($usual, $metric) } it would be { $then } instead of { $now }; with everything known at its usual, { $all_usual }
chance =
    { $percent ->
        [0] below 1 %
       *[other] { $percent } %
    }
drift-too-little = too little to tell
drift-like = like training
drift-somewhat = somewhat unlike training
drift-unlike = unlike training
too-little-known = too little is known yet: { $days } days with data
me-sees-nobody = This sign-in runs the house and sees nobody's health data. For people who want that, make one that names them: healthtwin sign-in-link --scope admin --person ID, or --every-person; a token likewise with healthtwin token create.

## Broken glass, in a message

told-glass = { $who } saw the data in an emergency, for reading alone.
