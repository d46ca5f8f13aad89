### Warum das Haus spricht: jede Regel, und woher ihre Grenze kommt. Eine Tatsache, nie eine Diagnose.

-news2-source = Royal College of Physicians, National Early Warning Score (NEWS) 2, 2017
-merit = Aufrufkriterien der MERIT-Studie (Hillman et al., Lancet 2005;365:2091)
-ada = American Diabetes Association, Standards of Care in Diabetes, Abschnitt 6 (aus dem Gedächtnis)
-cusum = eigenes Üblich, gelernt aus den Messungen dieses Menschen; kumulierte Summen nach Page (Biometrika 1954;41:100)
-practice = Muster aus der Praxis; wie oft es etwas bedeutet, ist nicht bekannt
-trained-on = trainierte Vorhersage, höchstens ein Hinweis; gemessen an stündlich dokumentierten Aufenthalten auf Intensivstationen, nicht zu Hause (PhysioNet/CinC Challenge 2019, Teil B; Reyna et al., Crit Care Med 2020;48:210)

source-news2 = { -news2-source }
source-own-baseline = eigenes Üblich, gelernt aus den Messungen dieses Menschen
source-latest-reading = die Zeit der letzten Messung
source-trained = { -trained-on }; { $model }

rule-oxygen-saturation-very-low = die Sauerstoffsättigung ist sehr niedrig
    .source = WHO, Clinical management of COVID-19 (2023): unter 90 % ist schwer; Kinder: NICE NG51; Schwangerschaft: MERC; Skala 2: { -news2-source }
rule-heart-rate-very-high = das Herz schlägt in Ruhe sehr schnell
    .source = Tachykardie-Algorithmus der AHA (Circulation 2020;142:S366): ab 150 /min ist eine Rhythmusstörung zu vermuten
rule-heart-rate-very-low = das Herz schlägt sehr langsam
    .source = { -merit }: unter 40 /min, abzüglich der 5 /min, die ein Gerät abweichen darf (ANSI/AAMI EC13); Kinder: Bedside PEWS; Schwangerschaft: MERC
rule-respiratory-rate-very-high = die Atmung ist in Ruhe sehr schnell
    .source = CURB-65 (Lim et al., Thorax 2003;58:377): 30 /min und mehr; Kinder: Bedside PEWS; Schwangerschaft: MERC
rule-respiratory-rate-very-low = die Atmung ist sehr langsam
    .source = { -news2-source }: 8 /min und weniger, bestätigt; { -merit }: unter 5 /min; Kinder: Bedside PEWS
rule-body-temperature-very-high = die Körpertemperatur ist gefährlich hoch
    .source = 41 °C ist eine eigene, frühere Grenze: Harrison's Principles of Internal Medicine nennt Hyperpyrexie, was über 41,5 liegt
rule-body-temperature-very-low = die Körpertemperatur ist gefährlich niedrig
    .source = NHS, Hypothermia: unter 35 °C ist ein Notfall; abzüglich 1 für Geräte an Ohr und Haut
rule-blood-pressure-very-low = der Blutdruck ist sehr niedrig
    .source = { -merit }: systolisch unter 90 mmHg, abzüglich 10, da eine Manschette nach ISO 81060-2 um 5 mit einer Streuung von 8 abweichen darf
rule-blood-pressure-very-high = der Blutdruck ist äußerst hoch
    .source = Schwangerschaft: NICE NG133 und ACOG 767, 160/110 zweimal; Jugendliche: AAP 2017; Erwachsene: American Heart Association, 180/120 mit einem Zeichen
rule-blood-pressure-high = der Blutdruck ist sehr hoch
    .source = American Heart Association, When to call 911 for high blood pressure: 180/120 und mehr, nach 1 bis 2 Minuten noch einmal gemessen; Schwangerschaft: NICE NG133 ab 140/90
rule-news2-red-parameter = ein Wert allein erreicht 3 Punkte in NEWS2
    .source = { -news2-source }
rule-news2-urgent = NEWS2 erreicht 5
    .source = { -news2-source }
rule-news2-emergency = NEWS2 erreicht 7
    .source = { -news2-source }
rule-blood-glucose-very-low = der Blutzucker ist gefährlich niedrig
    .source = 40 mg/dL ist unsere eigene Wahl; { -ada }: unter 54 mg/dL (3,0 mmol/L) ist Stufe 2, und wer dabei Hilfe braucht, Stufe 3
rule-blood-glucose-low = der Blutzucker ist sehr niedrig
    .source = { -ada }: unter 54 mg/dL (3,0 mmol/L), Stufe 2; Neugeborene: unter 47
rule-blood-glucose-lowered = der Blutzucker bleibt niedrig
    .source = { -ada }: unter 70 mg/dL (3,9 mmol/L), Stufe 1, in zwei Messungen im Abstand von 15 Minuten
rule-blood-glucose-very-high = der Blutzucker ist gefährlich hoch
    .source = { -ada }: ab 600 mg/dL (33,3 mmol/L) wird ein hyperosmolarer Zustand vermutet
rule-blood-glucose-high = der Blutzucker ist sehr hoch
    .source = 400 mg/dL (22,2 mmol/L) ist unsere eigene Wahl
rule-blood-glucose-raised = der Blutzucker bleibt hoch
    .source = { -ada }: ab 250 mg/dL (13,9 mmol/L) wird nach Ketonen gesucht, in zwei Messungen im Abstand von 15 Minuten
rule-oxygen-newly-needed = es wird Sauerstoff gegeben, der vorher nicht nötig war
    .source = NICE, Leitlinie zur Sepsis: neuer Bedarf an Sauerstoff ist ein Zeichen hohen Risikos
rule-not-alert = neu verwirrt oder nicht ganz wach
    .source = NHS, Sudden confusion (delirium): Notruf oder Notaufnahme
rule-heart-rate-beyond-effort = das Herz schlägt schneller, als Anstrengung in diesem Alter erklärt
    .source = 208 - 0,7 * Alter (Tanaka et al., J Am Coll Cardiol 2001;37:153) plus zwei Standardabweichungen
rule-unusual-for-you =
    { READER() ->
        [self] mehrere Messungen zusammen sind ungewöhnlich für Sie
       *[other] mehrere Messungen zusammen sind ungewöhnlich für die Person
    }
    .source = { -cusum }
rule-very-unusual-for-you =
    { READER() ->
        [self] Ihre Messungen bleiben weit von { usual-of-theirs } entfernt
       *[other] die Messungen bleiben weit von { usual-of-theirs } entfernt
    }
    .source = { -cusum }
rule-hrv-down-heart-rate-up = die Herzratenvariabilität fiel in einer halben Stunde um 15 % oder mehr, während der Puls stieg
    .source = { -practice }
rule-breathing-up-oxygen-down = die Atmung wurde 40 % oder mehr schneller, während die Sauerstoffsättigung fiel
    .source = { -practice }
rule-oxygen-saturation-below-own = die Sauerstoffsättigung liegt 4 Punkte oder mehr unter { usual-of-theirs }
    .source = ein Abfall um 4 % ist die Entsättigung, die die Schlafmedizin zählt (Berry et al., AASM scoring manual)
rule-temperature-and-heart-rate-up = die Körpertemperatur liegt 1 °C oder mehr über { usual-of-theirs }, und das Herz schlägt dabei schneller
    .source = Fieber bringt etwa 8 /min je °C (Karjalainen & Viitasalo, Arch Intern Med 1986;146:1169)
rule-oxygen-saturation-may-fall = die Sauerstoffsättigung kann innerhalb einer Stunde unter 90 % fallen
    .source = { -trained-on }: dort folgte es auf 0,65 von 100 solchen Stunden
rule-vital-sign-may-turn-red = ein Wert kann innerhalb einer Stunde den roten Bereich von NEWS2 erreichen
    .source = { -trained-on }: dort folgte es auf 5,9 von 100 solchen Stunden
rule-silence = länger als vereinbart keine Messung
    .source = die Grenze im Profil dieses Menschen

rule-oxygen-saturation-low = die Sauerstoffsättigung ist niedrig
    .source = NHS oximetry at home: 92 % und weniger gelten dort als Notfall; Skala 2: { -news2-source }
rule-oxygen-saturation-lowered = die Sauerstoffsättigung bleibt etwas niedrig
    .source = NHS oximetry at home: 93 oder 94 % sind ein Grund anzurufen
rule-heart-rate-high = das Herz schlägt in Ruhe schnell
    .source = { -news2-source }: ab 131 /min; Kinder: NICE NG51; Schwangerschaft: MERC
rule-heart-rate-raised = das Herz schlägt seit einer halben Stunde in Ruhe schnell
    .source = eigene Wahl: 120 /min eine halbe Stunde lang
rule-heart-rate-low = das Herz schlägt langsam
    .source = { -merit }: unter 40 /min; Kinder: Bedside PEWS; Schwangerschaft: MERC
rule-heart-rate-lowered = das Herz schlägt im Schlaf langsam
    .source = { -merit }: unter 40 /min, im Schlaf
rule-respiratory-rate-high = die Atmung ist in Ruhe schnell
    .source = NICE NG51 (2016): ab 25 /min; Kinder: nach Alter
rule-respiratory-rate-raised = die Atmung ist seit einer halben Stunde etwas schnell
    .source = { -news2-source }: ab 21 /min
rule-respiratory-rate-low = die Atmung ist langsam
    .source = { -news2-source }: 8 /min und weniger; Kinder: Bedside PEWS
rule-respiratory-rate-lowered = die Atmung ist etwas langsam
    .source = { -news2-source }: 9 bis 11 /min
rule-body-temperature-high = hohes Fieber
    .source = NHS, Heat exhaustion and heatstroke: über 40 °C; Kinder unter 3 Monaten ab 38: NICE NG143
rule-body-temperature-raised = Fieber
    .source = Kinder: NICE NG143
rule-body-temperature-low = die Körpertemperatur ist niedrig
    .source = NHS, Hypothermia: unter 35 °C
rule-body-temperature-lowered = die Körpertemperatur ist etwas niedrig
    .source = Kinder unter 5: NICE NG51
rule-blood-pressure-severe = der Blutdruck ist stark erhöht
    .source = American Heart Association, When to call 911; Schwangerschaft: NICE NG133 ab 160/110
rule-blood-pressure-low = der Blutdruck ist niedrig
    .source = { -news2-source }: 90 mmHg und weniger; NICE NG51; Schwangerschaft: MERC
rule-blood-pressure-lowered = der Blutdruck war in einer Messung niedrig
    .source = { -news2-source }: 90 mmHg und weniger, einmal
rule-reading-doubtful = eine einzelne Messung, nicht bestätigt: bitte jetzt noch einmal messen
    .source = eine zweite Messung bestätigt eine einzelne (American Heart Association; MERC)

## Woher eine Grenze kommt

limit-who-spo2 = WHO, Clinical management of COVID-19 (2023): unter 90 % ist schwer
limit-oximetry-home = NHS oximetry at home: 92 % und weniger: Notaufnahme; 93 oder 94 %: anrufen (für COVID-19 gemacht)
limit-aha-tachycardia = Tachykardie-Algorithmus der AHA (Circulation 2020;142:S366): ab 150 /min ist eine Rhythmusstörung zu vermuten
limit-news2 = { -news2-source }
limit-own-choice = eigene Wahl; keine Quelle setzt sie
limit-heart-slow = Aufrufkriterien medizinischer Notfallteams (unter 40 /min), abzüglich der 5 /min, die ein Gerät abweichen darf (ANSI/AAMI EC13); unter 30 /min auch im Sport (Sharma et al., J Am Coll Cardiol 2017;69:1057)
limit-met = Aufrufkriterien medizinischer Notfallteams: unter 40 /min
limit-curb65 = CURB-65 (Lim et al., Thorax 2003;58:377): 30 /min und mehr
limit-nice-sepsis = NICE NG51 (2016), hohes Risiko einer Sepsis
limit-breathing-slow = { -news2-source }: 8 /min und weniger; Aufrufkriterien medizinischer Notfallteams: unter 5 /min, dort genügt eine Messung
limit-hyperpyrexia = eigene, frühere Grenze; Harrison's Principles of Internal Medicine nennt Hyperpyrexie, was über 41,5 °C liegt
limit-heatstroke = NHS, Heat exhaustion and heatstroke: über 40 °C
limit-cold = NHS, Hypothermia: unter 35 °C ist ein Notfall
limit-cold-meter = NHS, Hypothermia: unter 35 °C, abzüglich 1 für Geräte an Ohr und Haut
limit-met-cuff = Aufrufkriterien medizinischer Notfallteams: unter 90 mmHg, abzüglich 10, da eine Manschette nach ISO 81060-2 um 5 mit einer Streuung von 8 abweichen darf
limit-aha-911 = American Heart Association, When to call 911 for high blood pressure: 180/120 und mehr, nach 1 bis 2 Minuten noch einmal gemessen
limit-bts = Sauerstoff-Leitlinie der British Thoracic Society (Thorax 2017;72:i1): Ziel 88 bis 92 %
limit-pews = Bedside PEWS (Parshuram et al., Crit Care 2009;13:R135)
limit-pals = Pediatric Advanced Life Support (2006): niedriger oberer Blutdruck nach Alter
limit-ng51 = NICE NG51 (2016), hohes Risiko einer Sepsis nach Alter
limit-ng9 = NICE NG9, Bronchiolitis: unter 92 % bei jungen Säuglingen
limit-ng143 = NICE NG143, Fever in under 5s
limit-aap = Leitlinie der American Academy of Pediatrics (Pediatrics 2017;140:e20171904): 180/120 bei Jugendlichen
limit-ng133 = NICE NG133, Hypertension in pregnancy; ACOG Committee Opinion 767: ab 160/110 Behandlung binnen 30 bis 60 Minuten
limit-merc = Maternal Early Warning Criteria (Mhyre et al., Obstet Gynecol 2014;124:782)
limit-glucose = { -ada }
limit-hear-her = CDC, Hear Her: Fieber ab 38,0 °C in der Schwangerschaft und nach der Geburt
limit-mewt = Maternal Early Warning Trigger: 36 °C und weniger

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
