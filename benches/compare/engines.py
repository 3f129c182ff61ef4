"""SQLite FTS5 and Xapian: what each takes to index the documents and to answer the queries.

`engines.py index ENGINE DOCUMENTS FOLDER` and `engines.py latency ENGINE FOLDER CLASSES ROUNDS`, run
by processes of their own so that time and memory are theirs. `index read` only reads the documents:
what of the others' time is Python's.
"""

import json
import os
import re
import sqlite3
import sys
import time

try:
    import xapian
except ImportError:
    xapian = None


def documents(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            yield record, record.get("title", "") + "\n" + record["text"]


def words_of(asked):
    return re.findall(r"\w+", " ".join(asked["words"]).lower())


class Fts5:
    """One table with the Porter stemmer, id, date and language beside the text."""

    def __init__(self, folder):
        self.database = sqlite3.connect(os.path.join(folder, "fts5.db"))

    def index(self, path):
        self.database.execute("PRAGMA journal_mode = OFF")
        self.database.execute(
            "CREATE VIRTUAL TABLE d USING fts5(id UNINDEXED, body, lang UNINDEXED, date UNINDEXED,"
            " tokenize = 'porter unicode61')"
        )
        rows = (
            (record["id"], body, record.get("lang"), record.get("date"))
            for record, body in documents(path)
        )
        with self.database:
            self.database.executemany("INSERT INTO d VALUES (?, ?, ?, ?)", rows)
        self.database.close()

    def answer(self, asked):
        words = [f'"{word}"' for word in words_of(asked)]
        shapes = {
            "term": " ".join,
            "and": " AND ".join,
            "or": " OR ".join,
            "phrase": lambda words: '"' + " ".join(words).replace('"', "") + '"',
            "near": lambda words: f"NEAR({' '.join(words)}, 5)",
            "prefix": lambda words: " ".join(words) + "*",
            "filter": " ".join,
        }
        shape = shapes.get(asked["shape"])
        if not shape or not words:
            return None
        where = " AND lang = 'en' AND date >= '2000'" if asked["shape"] == "filter" else ""
        rows = self.database.execute(
            f"SELECT id, snippet(d, 1, '<', '>', '…', 40) FROM d WHERE d MATCH ?{where}"
            " ORDER BY rank LIMIT 10",
            [shape(words)],
        ).fetchall()
        return len(rows), sum(len(key) + len(text) for key, text in rows)


class Xapian:
    """Stems and positions, the text as the document's data, date and language beside it."""

    def __init__(self, folder):
        self.folder = folder
        self.stem = xapian.Stem("english")
        if os.path.exists(os.path.join(folder, "iamglass")):
            self.database = xapian.Database(folder)
            self.enquire = xapian.Enquire(self.database)
            self.parser = xapian.QueryParser()
            self.parser.set_database(self.database)

    def index(self, path):
        database = xapian.WritableDatabase(self.folder, xapian.DB_CREATE_OR_OPEN)
        terms = xapian.TermGenerator()
        terms.set_stemmer(self.stem)
        for record, body in documents(path):
            document = xapian.Document()
            terms.set_document(document)
            terms.index_text(body)
            document.set_data(record["id"] + "\n" + body)
            document.add_boolean_term("L" + (record.get("lang") or "und"))
            document.add_value(0, record.get("date") or "")
            database.add_document(document)
        database.commit()

    def query(self, asked):
        words = words_of(asked)
        query = xapian.Query
        if not words:
            return None
        stems = ["Z" + self.stem(word).decode() for word in words]
        shape = asked["shape"]
        if shape in ("term", "and"):
            return query(query.OP_AND, stems)
        if shape == "or":
            return query(query.OP_OR, stems)
        if shape == "phrase":
            return query(query.OP_PHRASE, words, len(words))
        if shape == "near":
            return query(query.OP_NEAR, words, len(words) + 5)
        if shape == "prefix":
            return self.parser.parse_query(words[0] + "*", xapian.QueryParser.FLAG_WILDCARD)
        if shape == "filter":
            since = query(query.OP_VALUE_GE, 0, "2000")
            only = query(query.OP_AND, query("Len"), since)
            return query(query.OP_FILTER, query(query.OP_AND, stems), only)
        return None

    def answer(self, asked):
        query = self.query(asked)
        if query is None:
            return None
        self.enquire.set_query(query)
        found = self.enquire.get_mset(0, 10)
        shown = 0
        for match in found:
            data = match.document.get_data().decode()
            key, _, body = data.partition("\n")
            shown += len(key) + len(found.snippet(body, 300, self.stem))
        return len(found), shown


ENGINES = {"fts5": Fts5, "xapian": Xapian}


def latency(engine, classes, rounds):
    """Prints the best time of each query in microseconds."""
    with open(classes, encoding="utf-8") as file:
        for line in file:
            asked = json.loads(line)
            best = float("inf")
            for _ in range(rounds):
                start = time.perf_counter()
                shown = engine.answer(asked)
                best = min(best, time.perf_counter() - start)
                if shown is None:
                    break
            if shown is not None:
                results, length = shown
                row = {"class": asked["class"], "us": best * 1e6, "results": results, "bytes": length}
                print(json.dumps(row))


def main(arguments):
    match arguments:
        case ["index", "read", path, _]:
            for _ in documents(path):
                pass
        case ["index", name, path, folder]:
            ENGINES[name](folder).index(path)
        case ["latency", name, folder, classes, rounds]:
            latency(ENGINES[name](folder), classes, int(rounds))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
