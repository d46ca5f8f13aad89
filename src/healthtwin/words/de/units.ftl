### Einheiten, Zahlen, Dauern und Tage: womit ein Satz misst.

decimal-mark = ,
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

duration-under-a-minute = weniger als eine Minute
    .dative = weniger als einer Minute
    .short = unter 1 min
duration-minutes =
    { $minutes ->
        [one] 1 Minute
       *[other] { $minutes } Minuten
    }
    .dative =
    { $minutes ->
        [one] 1 Minute
       *[other] { $minutes } Minuten
    }
    .short = { $minutes } min
duration-hours = { $hours } h
duration-hours-minutes = { $hours } h { $minutes } min
duration-days = { $days } Tage
    .dative = { $days } Tagen
    .short = { $days } d

date = { $day }. { month } { $year }
    .short = { $day }. { month.short }
month =
    { $month ->
        [1] Januar
        [2] Februar
        [3] März
        [4] April
        [5] Mai
        [6] Juni
        [7] Juli
        [8] August
        [9] September
        [10] Oktober
        [11] November
       *[other] Dezember
    }
    .short =
    { $month ->
        [1] Jan.
        [2] Feb.
        [3] März
        [4] Apr.
        [5] Mai
        [6] Juni
        [7] Juli
        [8] Aug.
        [9] Sept.
        [10] Okt.
        [11] Nov.
       *[other] Dez.
    }
