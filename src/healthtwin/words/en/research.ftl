### What is said of data that leaves for research.

research-what = { $released } of { $people } people who agreed are in it.
research-left-out =
    { $count ->
        [0] Nobody was left out.
        [one] { $count } person was left out: fewer than { $k } are like them.
       *[other] { $count } people were left out: fewer than { $k } are like each of them.
    }
research-class = Smallest group of people who are alike in { $columns }: { $size }.
research-values = { $column }: each such group has at least { $count } different values.
research-column-left-out = Not told: { $column } ({ $why ->
        [small-classes] groups would be too small
        [rare-value] fewer than { $k } people have a rare value
       *[too-alike] a group would be too alike in it
    }).
research-series = Weekly means are in it. A series is like a fingerprint: whoever knows somebody's readings finds them, whatever the groups are.
research-no-series = No readings are in it.
research-dates = Dates moved by whole weeks, each person's by a secret of their own; ages from { $age } on are one; no place, no free text, new names in every export.
research-caution = De-identified is not anonymous: join it with nothing, and try to find nobody.
