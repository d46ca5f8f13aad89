### Who can see whom, who looked, and glass that was broken: said in the app and in the portal.

## Kinds of data

data-profile = Your name, age and limits
data-vitals = Readings and what is usual
data-alerts = Alerts
data-timeline = What you write: symptoms, meals, events
data-genes = Genes and medicines
data-documents = Conditions, allergies, whom to call
data-chat = Conversations
data-place = Where you are

## Relations

relation-self = You
relation-family = Family
relation-treating = Treats you
relation-none = no relation
relation-as-family = as family
relation-as-treating = as somebody who treats

## Who sees what

access-sees = Sees: { $kinds }
access-sees-all = Sees everything you share
access-sees-nothing = Sees nothing but your name
access-until = until { $moment }
access-what = What { $label } may see
access-what-family = What all of your family may see
access-what-treating = What everybody who treats you may see
access-how-long = How long
access-for-ever = until I take it back
access-for-day = one day
access-for-week = one week
access-for-month = 30 days
access-for-year = one year
access-saved = Saved. It counts from now on.
access-not-saved = Nothing has changed: { $why }
access-changed-meanwhile = Somebody changed this meanwhile. Here is how it stands now.
access-rests = Rests until you say that it shall go on.
access-rests-reset = Their sign-in was made anew. It rests for a day, or until you say that it shall go on.
access-confirm = Let { $label } go on seeing me
access-confirmed = { $label } goes on
access-looks-after = Looks after you

sharing-nobody = Nobody besides you and whoever runs your house.
sharing-since = { $what }, since { $moment }
sharing-revoke = Take back
sharing-revoke-spoken = Take back access: { $label }

## Who looked

looked-title = Who looked
looked-none = Nobody but you has looked in the last days.
looked-line =
    { $count ->
        [one] { $who }, { $relation }: { $kinds }, once
       *[other] { $who }, { $relation }: { $kinds }, { $count } times
    }
looked-refused =
    { $count ->
        [one] { $who } was refused: { $kinds }, once
       *[other] { $who } was refused: { $kinds }, { $count } times
    }
looked-list = a list with you in it
looked-glass = by broken glass
looked-unknown = Somebody who is gone

## Notices

notice-title = For you to know
notice-read = I have read this
notice-glass = { $who } saw your data in an emergency
notice-glass-running = { $who } sees your data now, as an emergency
notice-glass-when = From { $from } to { $until }, for reading alone.
notice-glass-why = Their reason: “{ $reason }”
notice-glass-right = Was that right?
notice-glass-yes = Yes, it was
notice-glass-no = No
notice-glass-end = End it now
notice-glass-ended = Ended. { $who } sees nothing more.
notice-glass-said-right = You said that this was right.
notice-glass-said-wrong = You said that this was not right. Whoever runs your house sees that in the audit.
notice-glass-admin = { $who } broke the glass to { $pseudonym }
notice-glass-admin-words = From { $from } to { $until }. Why is told to the person alone.
notice-joined = { $who } joined
notice-joined-words = { $moment }, from { $agent } at { $address }. If you did not mean to let them in, undo it.
notice-joined-unknown = an unknown browser
notice-joined-undo = Undo
notice-joined-undone = { $who } no longer has access
notice-joined-rests = The account was reset: { $who } sees nothing of yours until { $moment }, unless they prove before that it is them.
notice-reset = The account of { $who } was reset
notice-reset-words = { $moment }, by whoever runs the house. { $who } sees nothing of yours until a day after they have set up a new way in, unless they prove before that it is them. If you do not know why, ask them, or end their access.
notice-reset-end = End their access
notice-majority = On { $day } you decide alone
notice-majority-words = From then on { $who } sees nothing more of you until you say so here. Who treats you is not touched.
notice-majority-year = Your month of birth is not known here, so this counts to the end of the year. Set it in your profile to be exact.
notice-majority-parent = { $name } comes of age on { $day }
notice-majority-parent-words = From then on you see nothing more until they say so in their app.

## Growing up

young-title = Growing up
young-before = Until { $day } those who look after you see everything here.
young-own = You can keep back what you write, conversations, genes and documents. Readings and alerts stay with those who look after you until { $day }.
young-alone = You decide about everything. On { $day } you come of age.
young-year = Counted to the end of the year, since your month of birth is not known here.

## Seeing somebody in an emergency

glass-title = Seeing somebody in an emergency
glass-lede = For a clinician whom nobody gave this person to see. It lasts an hour, is for reading alone, and is told at once to the person with your reason, and to whoever runs the house.
glass-by-name = By name and year of birth
glass-by-id = By their id
glass-name = Name, exactly as known here
glass-year = Year of birth
glass-id = Id
glass-reason = Why you must see them now
glass-reason-hint = 3 to 500 characters. The person reads it.
glass-open = See them for an hour
glass-short = Say why, in at least 3 characters.
glass-whom = Write a name and a year of birth, or an id.
glass-failed = Nothing was opened: { $why }
glass-banner = Emergency access to { $name }: for reading alone, { $minutes } min left. They were told, with your reason.
glass-over = Emergency access is over.
glass-end = End it now

## Acting in one of two relations

acting-banner = You see { $name } { $relation }.
acting-change = See { $name } { $relation }
acting-changed = You now see { $name } { $relation }
acting-failed = Nothing has changed: { $why }

## The portal's page

access-title = Who sees whom
access-lede = Whom you can see, as what, and what you were told about it.
access-reach = You can see
access-reach-none = You can see nobody.
reach-sees = You see: { $kinds }
reach-all = You see everything they share.
reach-nothing = You see nothing but their name.
access-mine = Who can see you

## An invitation that is opened inside somebody else's session

invited-other = You are signed in as { $who }
invited-other-why = This invitation is for { $whom }. If that is not you, close this page: nothing has been used.
invited-join = It is for me: add { $person } to what I see
invited-leave = Sign { $who } out and go on as { $whom }
invited-somebody = somebody else
