### Units, numbers, durations and days: everything that a sentence measures with.

decimal-mark = .
list-separator = { ", " }
value-with-unit = { $number } { $unit }

unit-1 = { "" }
unit-percent = %
unit-per-min = /min
unit-Cel = °C
unit-ms = ms
unit-mm-Hg = mmHg
unit-Hz = Hz
unit-kg = kg
unit-hPa = hPa
unit-mg-per-dL = mg/dL
unit-m-per-s2 = m/s²
unit-m-per-s3 = m/s³
unit-m2-per-s4 = m²/s⁴

duration-under-a-minute = less than a minute
    .short = under a minute
duration-minutes =
    { $minutes ->
        [one] 1 minute
       *[other] { $minutes } minutes
    }
    .short = { $minutes } min
duration-hours = { $hours } h
duration-hours-minutes = { $hours } h { $minutes } min
duration-days = { $days } days
    .short = { $days } d

date = { $day } { month } { $year }
    .short = { $day } { month.short }
month =
    { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[other] December
    }
    .short =
    { $month ->
        [1] Jan
        [2] Feb
        [3] Mar
        [4] Apr
        [5] May
        [6] Jun
        [7] Jul
        [8] Aug
        [9] Sep
        [10] Oct
        [11] Nov
       *[other] Dec
    }
