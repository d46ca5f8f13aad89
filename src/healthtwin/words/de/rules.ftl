### Warum das Haus spricht: jede Regel, und woher ihre Grenze kommt. Eine Tatsache, nie eine Diagnose.

-news2-source = Royal College of Physicians, National Early Warning Score (NEWS) 2, 2017
-merit = Aufrufkriterien der MERIT-Studie (Hillman et al., Lancet 2005;365:2091)
-cusum = eigenes Üblich, gelernt aus den Messungen dieses Menschen; kumulierte Summen nach Page (Biometrika 1954;41:100)
-practice = Muster aus der Praxis; wie oft es etwas bedeutet, ist nicht bekannt
-trained-on = trainierte Vorhersage, höchstens ein Hinweis; gemessen an stündlich dokumentierten Aufenthalten auf Intensivstationen, nicht zu Hause (PhysioNet/CinC Challenge 2019, Teil B; Reyna et al., Crit Care Med 2020;48:210)

source-news2 = { -news2-source }
source-own-baseline = eigenes Üblich, gelernt aus den Messungen dieses Menschen
source-latest-reading = die Zeit der letzten Messung
source-trained = { -trained-on }; { $model }

rule-oxygen-saturation-very-low = die Sauerstoffsättigung ist sehr niedrig
    .source = WHO, Clinical management of COVID-19 (2023): unter 90 % ist schwer; Skala 2: { -news2-source }
rule-heart-rate-very-high = das Herz schlägt in Ruhe sehr schnell
    .source = Tachykardie-Algorithmus der AHA (Circulation 2020;142:S366): ab 150 /min ist eine Rhythmusstörung zu vermuten
rule-heart-rate-very-low = das Herz schlägt sehr langsam
    .source = { -merit }: unter 40 /min, abzüglich der 5 /min, die ein Gerät abweichen darf (ANSI/AAMI EC13)
rule-respiratory-rate-very-high = die Atmung ist in Ruhe sehr schnell
    .source = CURB-65 (Lim et al., Thorax 2003;58:377): 30 /min und mehr
rule-respiratory-rate-very-low = die Atmung ist sehr langsam
    .source = { -merit }: 5 /min und weniger
rule-body-temperature-very-high = die Körpertemperatur ist gefährlich hoch
    .source = Hyperpyrexie, über 41 °C: Dinarello & Porat, Harrison's Principles of Internal Medicine, Fever
rule-body-temperature-very-low = die Körpertemperatur ist gefährlich niedrig
    .source = European Resuscitation Council Guidelines 2021 (Lott et al.): mäßige Unterkühlung unter 32 °C
rule-blood-pressure-very-low = der Blutdruck ist sehr niedrig
    .source = { -merit }: systolisch unter 90 mmHg, abzüglich 10, da eine Manschette nach ISO 81060-2 um 5 mit einer Streuung von 8 abweichen darf
rule-blood-pressure-very-high = der Blutdruck ist äußerst hoch
    .source = { -news2-source }: ab systolisch 220 mmHg die höchste Punktzahl
rule-blood-pressure-high = der Blutdruck ist sehr hoch
    .source = Leitlinie der ACC/AHA (Whelton et al., Hypertension 2018;71:e13): systolisch über 180 oder diastolisch über 120
rule-news2-red-parameter = ein Wert allein erreicht 3 Punkte in NEWS2
    .source = { -news2-source }
rule-news2-urgent = NEWS2 erreicht 5
    .source = { -news2-source }
rule-news2-emergency = NEWS2 erreicht 7
    .source = { -news2-source }
rule-not-alert = neu verwirrt oder nicht ganz wach
    .source = NHS, Sudden confusion (delirium): Notruf oder Notaufnahme
rule-heart-rate-beyond-effort = das Herz schlägt schneller, als Anstrengung in diesem Alter erklärt
    .source = 208 - 0,7 * Alter (Tanaka et al., J Am Coll Cardiol 2001;37:153) plus zwei Standardabweichungen
rule-unusual-for-you = mehrere Messungen zusammen sind ungewöhnlich für Sie
    .source = { -cusum }
rule-very-unusual-for-you = Ihre Messungen bleiben weit von dem für Sie Üblichen entfernt
    .source = { -cusum }
rule-hrv-down-heart-rate-up = die Herzratenvariabilität fiel in einer halben Stunde um 15 % oder mehr, während der Puls stieg
    .source = { -practice }
rule-breathing-up-oxygen-down = die Atmung wurde 40 % oder mehr schneller, während die Sauerstoffsättigung fiel
    .source = { -practice }
rule-oxygen-saturation-below-own = die Sauerstoffsättigung liegt 4 Punkte oder mehr unter dem für Sie Üblichen
    .source = ein Abfall um 4 % ist die Entsättigung, die die Schlafmedizin zählt (Berry et al., AASM scoring manual)
rule-temperature-and-heart-rate-up = die Körpertemperatur liegt 1 °C oder mehr über dem für Sie Üblichen, und das Herz schlägt dabei schneller
    .source = Fieber bringt etwa 8 /min je °C (Karjalainen & Viitasalo, Arch Intern Med 1986;146:1169)
rule-oxygen-saturation-may-fall = die Sauerstoffsättigung kann innerhalb einer Stunde unter 90 % fallen
    .source = { -trained-on }: dort folgte es auf 0,65 von 100 solchen Stunden
rule-vital-sign-may-turn-red = ein Wert kann innerhalb einer Stunde den roten Bereich von NEWS2 erreichen
    .source = { -trained-on }: dort folgte es auf 5,9 von 100 solchen Stunden
rule-silence = länger als vereinbart keine Messung
    .source = die Grenze im Profil dieses Menschen

## Was vorhergesagt wird

target-hypoxia = eine Sauerstoffsättigung unter 90 % in der nächsten Stunde
target-news-red = ein Wert im roten Bereich von NEWS2 in der nächsten Stunde
target-hypoxia-3h = eine Sauerstoffsättigung unter 90 % innerhalb von 3 Stunden
target-hypoxia-6h = eine Sauerstoffsättigung unter 90 % innerhalb von 6 Stunden
target-news-red-3h = ein Wert im roten Bereich von NEWS2 innerhalb von 3 Stunden
target-news-red-6h = ein Wert im roten Bereich von NEWS2 innerhalb von 6 Stunden
target-personal-hypoxia = eine Sauerstoffsättigung 4 Punkte oder mehr unter dem Üblichen in der nächsten Stunde
target-tachycardia = ein Puls von 131 /min oder mehr in der nächsten Stunde
target-hypotension = ein oberer Blutdruck von 90 mmHg oder weniger in der nächsten Stunde
target-infection = Zeichen wie vor einer schweren Infektion innerhalb von 6 Stunden
target-cardiac-stress = das Herz stärker belastet, als für diesen Menschen üblich
target-hypoxia-30min = eine Sauerstoffsättigung unter 90 % in 30 bis 60 Minuten, aus Messungen alle 5 Minuten
