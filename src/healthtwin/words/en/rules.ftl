### Why the house speaks: every rule, with where its limit comes from. A fact, never a diagnosis.

-news2-source = Royal College of Physicians, National Early Warning Score (NEWS) 2, 2017
-merit = MERIT study calling criteria (Hillman et al., Lancet 2005;365:2091)
-ada = American Diabetes Association, Standards of Care in Diabetes, section 6 (recalled)
-cusum = own baseline, learned from this person's readings; cumulative sums after Page (Biometrika 1954;41:100)
-practice = pattern from practice; how often it means anything is not known
-trained-on = trained forecast, info at most; measured on intensive-care stays charted hourly, not at home (PhysioNet/CinC Challenge 2019, set B; Reyna et al., Crit Care Med 2020;48:210)

source-news2 = { -news2-source }
source-own-baseline = own baseline, learned from this person's readings
source-latest-reading = the time of the latest reading
source-trained = { -trained-on }; { $model }

rule-oxygen-saturation-very-low = oxygen saturation is very low
    .source = WHO, Clinical management of COVID-19 (2023): below 90 % is severe; children: NICE NG51; pregnancy: MERC; scale 2: { -news2-source }
rule-heart-rate-very-high = the heart beats very fast at rest
    .source = AHA tachycardia algorithm (Circulation 2020;142:S366): from 150 /min a rhythm disorder is suspected
rule-heart-rate-very-low = the heart beats very slowly
    .source = { -merit }: below 40 /min, less the 5 /min that a meter may be off (ANSI/AAMI EC13); children: Bedside PEWS; pregnancy: MERC
rule-respiratory-rate-very-high = breathing is very fast at rest
    .source = CURB-65 (Lim et al., Thorax 2003;58:377): 30 /min and more; children: Bedside PEWS; pregnancy: MERC
rule-respiratory-rate-very-low = breathing is very slow
    .source = { -news2-source }: 8 /min and less, confirmed; { -merit }: below 5 /min; children: Bedside PEWS
rule-body-temperature-very-high = body temperature is dangerously high
    .source = 41 Cel is our own, earlier limit: Harrison's Principles of Internal Medicine calls hyperpyrexia what is above 41.5
rule-body-temperature-very-low = body temperature is dangerously low
    .source = NHS, Hypothermia: below 35 Cel is an emergency; less 1 for meters in the ear and on the skin
rule-blood-pressure-very-low = blood pressure is very low
    .source = { -merit }: below 90 mm[Hg] systolic, less 10, since ISO 81060-2 lets a cuff be off by 5 with a spread of 8
rule-blood-pressure-very-high = blood pressure is extremely high
    .source = pregnancy: NICE NG133 and ACOG 767, 160/110 twice; adolescents: AAP 2017; adults: American Heart Association, 180/120 with a symptom
rule-blood-pressure-high = blood pressure is very high
    .source = American Heart Association, When to call 911 for high blood pressure: 180/120 or higher, measured again after 1 to 2 minutes; pregnancy: NICE NG133 from 140/90
rule-news2-red-parameter = one vital sign alone scores 3 in NEWS2
    .source = { -news2-source }
rule-news2-urgent = NEWS2 reaches 5
    .source = { -news2-source }
rule-news2-emergency = NEWS2 reaches 7
    .source = { -news2-source }
rule-blood-glucose-very-low = blood sugar is dangerously low
    .source = 40 mg/dL is our own choice; { -ada }: below 54 mg/dL (3.0 mmol/L) is level 2, and whoever needs help with it is level 3
rule-blood-glucose-low = blood sugar is very low
    .source = { -ada }: below 54 mg/dL (3.0 mmol/L), level 2; newborns: below 47
rule-blood-glucose-lowered = blood sugar stays low
    .source = { -ada }: below 70 mg/dL (3.9 mmol/L), level 1, in two readings 15 minutes apart
rule-blood-glucose-very-high = blood sugar is dangerously high
    .source = { -ada }: from 600 mg/dL (33.3 mmol/L) a hyperosmolar state is suspected
rule-blood-glucose-high = blood sugar is very high
    .source = 400 mg/dL (22.2 mmol/L) is our own choice
rule-blood-glucose-raised = blood sugar stays high
    .source = { -ada }: from 250 mg/dL (13.9 mmol/L) ketones are looked for, in two readings 15 minutes apart
rule-oxygen-newly-needed = oxygen is given that was not needed before
    .source = NICE sepsis guidance: newly needing oxygen is a high-risk sign
rule-not-alert = newly confused, or not fully awake
    .source = NHS, Sudden confusion (delirium): call 999 or go to A&E
rule-heart-rate-beyond-effort = the heart beats faster than effort explains at this age
    .source = 208 - 0.7 * age (Tanaka et al., J Am Coll Cardiol 2001;37:153) plus two standard deviations
rule-unusual-for-you =
    { READER() ->
        [self] several readings together are unusual for you
       *[other] several readings together are unusual for them
    }
    .source = { -cusum }
rule-very-unusual-for-you =
    { READER() ->
        [self] your readings stay far from your usual
       *[other] their readings stay far from their usual
    }
    .source = { -cusum }
rule-hrv-down-heart-rate-up = heart rate variability fell by 15 % or more within half an hour while the heart rate rose
    .source = { -practice }
rule-breathing-up-oxygen-down = breathing became 40 % faster or more while oxygen saturation fell
    .source = { -practice }
rule-oxygen-saturation-below-own = oxygen saturation is 4 points or more below { usual-of-theirs }
    .source = a fall of 4 % is the desaturation that sleep medicine counts (Berry et al., AASM scoring manual)
rule-temperature-and-heart-rate-up = body temperature is 1 °C or more above { usual-of-theirs } and the heart beats faster with it
    .source = fever adds about 8 /min per Cel (Karjalainen & Viitasalo, Arch Intern Med 1986;146:1169)
rule-oxygen-saturation-may-fall = oxygen saturation may fall below 90 % within the hour
    .source = { -trained-on }: there 0.65 of 100 such hours were followed by it
rule-vital-sign-may-turn-red = a vital sign may reach the red zone of NEWS2 within the hour
    .source = { -trained-on }: there 5.9 of 100 such hours were followed by it
rule-silence = no reading for longer than agreed
    .source = the limit set in the person's profile

rule-oxygen-saturation-low = oxygen saturation is low
    .source = NHS oximetry at home: 92 % and less is an emergency there; scale 2: { -news2-source }
rule-oxygen-saturation-lowered = oxygen saturation stays a little low
    .source = NHS oximetry at home: 93 or 94 % is a reason to call
rule-heart-rate-high = the heart beats fast at rest
    .source = { -news2-source }: from 131 /min; children: NICE NG51; pregnancy: MERC
rule-heart-rate-raised = the heart has been beating fast at rest for half an hour
    .source = own choice: 120 /min for half an hour
rule-heart-rate-low = the heart beats slowly
    .source = { -merit }: below 40 /min; children: Bedside PEWS; pregnancy: MERC
rule-heart-rate-lowered = the heart beats slowly in sleep
    .source = { -merit }: below 40 /min, asleep
rule-respiratory-rate-high = breathing is fast at rest
    .source = NICE NG51 (2016): from 25 /min; children: by age
rule-respiratory-rate-raised = breathing has been somewhat fast for half an hour
    .source = { -news2-source }: from 21 /min
rule-respiratory-rate-low = breathing is slow
    .source = { -news2-source }: 8 /min and less; children: Bedside PEWS
rule-respiratory-rate-lowered = breathing is somewhat slow
    .source = { -news2-source }: 9 to 11 /min
rule-body-temperature-high = high fever
    .source = NHS, Heat exhaustion and heatstroke: above 40 Cel; children under 3 months from 38: NICE NG143
rule-body-temperature-raised = fever
    .source = children: NICE NG143
rule-body-temperature-low = body temperature is low
    .source = NHS, Hypothermia: below 35 Cel
rule-body-temperature-lowered = body temperature is somewhat low
    .source = children under 5: NICE NG51
rule-blood-pressure-severe = blood pressure is severely high
    .source = American Heart Association, When to call 911; pregnancy: NICE NG133 from 160/110
rule-blood-pressure-low = blood pressure is low
    .source = { -news2-source }: 90 mm[Hg] and less; NICE NG51; pregnancy: MERC
rule-blood-pressure-lowered = blood pressure was low in one reading
    .source = { -news2-source }: 90 mm[Hg] and less, once
rule-reading-doubtful = one reading, not confirmed: please measure again now
    .source = a second reading confirms an isolated one (American Heart Association; MERC)

## Where a limit comes from

limit-who-spo2 = WHO, Clinical management of COVID-19 (2023): below 90 % is severe
limit-oximetry-home = NHS oximetry at home: 92 % and less: emergency department; 93 or 94 %: call (made for COVID-19)
limit-aha-tachycardia = AHA tachycardia algorithm (Circulation 2020;142:S366): from 150 /min a rhythm disorder is suspected
limit-news2 = { -news2-source }
limit-own-choice = our own choice; no source sets it
limit-heart-slow = calling criteria of medical emergency teams (below 40 /min) less the 5 /min that a meter may be off (ANSI/AAMI EC13); below 30 /min also in athletes (Sharma et al., J Am Coll Cardiol 2017;69:1057)
limit-met = calling criteria of medical emergency teams: below 40 /min
limit-curb65 = CURB-65 (Lim et al., Thorax 2003;58:377): 30 /min and more
limit-nice-sepsis = NICE NG51 (2016), high risk of sepsis
limit-breathing-slow = { -news2-source }: 8 /min and less; calling criteria of medical emergency teams: below 5 /min, where one reading is enough
limit-hyperpyrexia = our own, earlier limit; Harrison's Principles of Internal Medicine calls hyperpyrexia what is above 41.5 Cel
limit-heatstroke = NHS, Heat exhaustion and heatstroke: above 40 Cel
limit-cold = NHS, Hypothermia: below 35 Cel is an emergency
limit-cold-meter = NHS, Hypothermia: below 35 Cel, less 1 for meters in the ear and on the skin
limit-met-cuff = calling criteria of medical emergency teams: below 90 mm[Hg], less 10, since ISO 81060-2 lets a cuff be off by 5 with a spread of 8
limit-aha-911 = American Heart Association, When to call 911 for high blood pressure: 180/120 or higher, measured again after 1 to 2 minutes
limit-bts = British Thoracic Society guideline on oxygen (Thorax 2017;72:i1): target 88 to 92 %
limit-pews = Bedside PEWS (Parshuram et al., Crit Care 2009;13:R135)
limit-pals = Pediatric Advanced Life Support (2006): low systolic pressure by age
limit-ng51 = NICE NG51 (2016), high risk of sepsis by age
limit-ng9 = NICE NG9, Bronchiolitis: below 92 % in young babies
limit-ng143 = NICE NG143, Fever in under 5s
limit-aap = American Academy of Pediatrics guideline (Pediatrics 2017;140:e20171904): 180/120 in adolescents
limit-ng133 = NICE NG133, Hypertension in pregnancy; ACOG Committee Opinion 767: from 160/110 treated within 30 to 60 minutes
limit-merc = Maternal Early Warning Criteria (Mhyre et al., Obstet Gynecol 2014;124:782)
limit-glucose = { -ada }
limit-hear-her = CDC, Hear Her: fever of 38.0 Cel or more in pregnancy and after birth
limit-mewt = Maternal Early Warning Trigger: 36 Cel or less

## What is forecast

target-hypoxia = oxygen saturation below 90 % in the next hour
target-news-red = a vital sign in the red zone of NEWS2 in the next hour
target-hypoxia-3h = oxygen saturation below 90 % within 3 hours
target-hypoxia-6h = oxygen saturation below 90 % within 6 hours
target-news-red-3h = a vital sign in the red zone of NEWS2 within 3 hours
target-news-red-6h = a vital sign in the red zone of NEWS2 within 6 hours
target-personal-hypoxia = oxygen saturation 4 points or more below one's own usual in the next hour
target-tachycardia = heart rate of 131 /min or more in the next hour
target-hypotension = systolic pressure of 90 mmHg or less in the next hour
target-infection = signs like those before a severe infection, within 6 hours
target-cardiac-stress = heart under more strain than usual for this person
target-hypoxia-30min = oxygen saturation below 90 % within 30 to 60 minutes, from readings every 5 minutes
