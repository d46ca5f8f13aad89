### The first page of what a person takes away: what is in it, and each year in figures.

mydata-title = My data: { $name }
mydata-made = Everything that this home knows about { $name }. Made on { DATE($at) }, { TIME($at) }.
mydata-from = Readings, alerts and what happened: from { DATE($at) } on.
mydata-until = Readings, alerts and what happened: until { DATE($at) }.
mydata-open = This file is not encrypted. Whoever has it can read it: keep it like a key, and send it to nobody whom you would not tell all this.
mydata-what = What is here
mydata-file = File
mydata-holds = What it holds
mydata-about =
    { $file ->
        [readme] What stands on this page, shorter, for whoever has no browser.
        [bundle] For another doctor's or app's system: HL7 FHIR R4, with you, what you stated, your genes, every day's readings, alerts and who was told.
        [alerts] Every alert in words: why, how sure, who was told, and what became of it.
        [sharing] Who can see your data, or could with a link that is out.
        [audit] Who looked at your data, when, and as what.
        [tables] What is kept in rows: your profile, medicines, genes, background, notes, alerts, devices.
        [series] Your readings for a spreadsheet: every value, and one line a day.
        [log] Each message as it came in, as far back as the log goes.
        [twin] What was learned from all this: your usual, hour by hour, in numbers.
       *[other] More of what is known.
    }
mydata-files = { $folder } ({ $count ->
        [one] { $count } file
       *[other] { $count } files
    })
mydata-years = Each year in figures
mydata-years-hint = Figures only: what they mean for you is not judged here. A year is counted by UTC.
mydata-no-readings = No readings.
mydata-year = Year
mydata-count = Values
mydata-mean = Mean
mydata-low = Lowest
mydata-high = Highest
mydata-every-value = every value
mydata-every-day = every day
mydata-happened = What happened
mydata-alerts =
    { $count ->
        [0] No alerts.
        [one] { $count } alert.
       *[other] { $count } alerts.
    }
mydata-notes =
    { $count ->
        [0] Nothing written down.
        [one] { $count } note of how you were.
       *[other] { $count } notes of how you were.
    }
mydata-left-out = Left out: keys and hashes that open doors, and what was trimmed because it was too old to be kept.
mydata-metric =
    { METRIC($metric) }{ $unit ->
        [none] { "" }
       *[other] , { $unit }
    }
mydata-value = { UNIT($value, $metric, unit: "no") }
mydata-heading = My data
mydata-offer = Everything that your house knows about you, as one file: a page to read, your readings for a spreadsheet, and FHIR for another doctor’s system.
mydata-make = Make the file
mydata-making = It is being made. With years of readings that takes up to a minute; you may go on meanwhile.
mydata-ready = Ready: { NUMBER($size, maximumFractionDigits: 1) } MB, to be fetched until { $moment }.
mydata-fetch = Save the file
mydata-again = Make a new one
mydata-failed = There is no file: { $why }
mydata-could-not = your house could not make it
mydata-keep = The file is not encrypted. Keep it like a key.
