### Why the house speaks: every rule, with where its limit comes from. A fact, never a diagnosis.

-news2-source = Royal College of Physicians, National Early Warning Score (NEWS) 2, 2017
-merit = MERIT study calling criteria (Hillman et al., Lancet 2005;365:2091)
-cusum = own baseline, learned from this person's readings; cumulative sums after Page (Biometrika 1954;41:100)
-practice = pattern from practice; how often it means anything is not known
-trained-on = trained forecast, info at most; measured on intensive-care stays charted hourly, not at home (PhysioNet/CinC Challenge 2019, set B; Reyna et al., Crit Care Med 2020;48:210)

source-news2 = { -news2-source }
source-own-baseline = own baseline, learned from this person's readings
source-latest-reading = the time of the latest reading
source-trained = { -trained-on }; { $model }

rule-oxygen-saturation-very-low = oxygen saturation is very low
    .source = WHO, Clinical management of COVID-19 (2023): below 90 % is severe; scale 2: { -news2-source }
rule-heart-rate-very-high = the heart beats very fast at rest
    .source = AHA tachycardia algorithm (Circulation 2020;142:S366): from 150 /min a rhythm disorder is suspected
rule-heart-rate-very-low = the heart beats very slowly
    .source = { -merit }: below 40 /min, less the 5 /min that a meter may be off (ANSI/AAMI EC13)
rule-respiratory-rate-very-high = breathing is very fast at rest
    .source = CURB-65 (Lim et al., Thorax 2003;58:377): 30 /min and more
rule-respiratory-rate-very-low = breathing is very slow
    .source = { -merit }: 5 /min and less
rule-body-temperature-very-high = body temperature is dangerously high
    .source = hyperpyrexia, above 41 Cel: Dinarello & Porat, Harrison's Principles of Internal Medicine, Fever
rule-body-temperature-very-low = body temperature is dangerously low
    .source = European Resuscitation Council Guidelines 2021 (Lott et al.): moderate hypothermia below 32 Cel
rule-blood-pressure-very-low = blood pressure is very low
    .source = { -merit }: below 90 mm[Hg] systolic, less 10, since ISO 81060-2 lets a cuff be off by 5 with a spread of 8
rule-blood-pressure-very-high = blood pressure is extremely high
    .source = { -news2-source }: from 220 mm[Hg] systolic the highest score
rule-blood-pressure-high = blood pressure is very high
    .source = ACC/AHA guideline (Whelton et al., Hypertension 2018;71:e13): above 180 systolic or 120 diastolic
rule-news2-red-parameter = one vital sign alone scores 3 in NEWS2
    .source = { -news2-source }
rule-news2-urgent = NEWS2 reaches 5
    .source = { -news2-source }
rule-news2-emergency = NEWS2 reaches 7
    .source = { -news2-source }
rule-not-alert = newly confused, or not fully awake
    .source = NHS, Sudden confusion (delirium): call 999 or go to A&E
rule-heart-rate-beyond-effort = the heart beats faster than effort explains at this age
    .source = 208 - 0.7 * age (Tanaka et al., J Am Coll Cardiol 2001;37:153) plus two standard deviations
rule-unusual-for-you = several readings together are unusual for you
    .source = { -cusum }
rule-very-unusual-for-you = your readings stay far from your usual
    .source = { -cusum }
rule-hrv-down-heart-rate-up = heart rate variability fell by 15 % or more within half an hour while the heart rate rose
    .source = { -practice }
rule-breathing-up-oxygen-down = breathing became 40 % faster or more while oxygen saturation fell
    .source = { -practice }
rule-oxygen-saturation-below-own = oxygen saturation is 4 points or more below your usual
    .source = a fall of 4 % is the desaturation that sleep medicine counts (Berry et al., AASM scoring manual)
rule-temperature-and-heart-rate-up = body temperature is 1 °C or more above your usual and the heart beats faster with it
    .source = fever adds about 8 /min per Cel (Karjalainen & Viitasalo, Arch Intern Med 1986;146:1169)
rule-oxygen-saturation-may-fall = oxygen saturation may fall below 90 % within the hour
    .source = { -trained-on }: there 0.65 of 100 such hours were followed by it
rule-vital-sign-may-turn-red = a vital sign may reach the red zone of NEWS2 within the hour
    .source = { -trained-on }: there 5.9 of 100 such hours were followed by it
rule-silence = no reading for longer than agreed
    .source = the limit set in the person's profile

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
