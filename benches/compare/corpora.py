"""The corpora that the comparison makes: of real paragraphs, in an order that a seed decides.

`corpora.py FUNCTION SOURCE FOLDER SIZE` makes one and prints where it is: in a process of its own, as
the peak memory of a process is never said to be below that of the one that started it.
"""

import json
import os
import random
import subprocess
import sys

SEED = 20261125

# Articles of these many paragraphs, as a page of news has.
PARAGRAPHS = (4, 12)


def unpacked(path, folder):
    """A file as text in `folder`, decompressed if it is .zst; the same file on the next run."""
    name = os.path.basename(path)
    if not name.endswith(".zst"):
        return path
    target = os.path.join(folder, name[: -len(".zst")])
    if not os.path.exists(target):
        with open(target + ".part", "wb") as out:
            subprocess.run(["zstd", "-dcq", path], stdout=out, check=True)
        os.rename(target + ".part", target)
    return target


def taken(path, count, folder):
    """The first `count` documents, or all for 0, in a folder of their own."""
    place = os.path.join(folder, f"documents-{count or 'all'}")
    target = os.path.join(place, "documents.jsonl")
    if not os.path.exists(target):
        os.makedirs(place, exist_ok=True)
        with open(path, encoding="utf-8") as source, open(target + ".part", "w", encoding="utf-8") as out:
            for number, line in enumerate(source):
                if count and number >= count:
                    break
                out.write(line)
        os.rename(target + ".part", target)
    return target


def paragraphs(folder):
    """The paragraphs of the Markdown and text files of a folder, without those of a few words."""
    found = []
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.endswith((".md", ".mdx", ".txt")):
                with open(os.path.join(place, name), encoding="utf-8", errors="replace") as file:
                    for paragraph in file.read().split("\n\n"):
                        paragraph = " ".join(paragraph.split())
                        if 120 <= len(paragraph) <= 2000:
                            found.append(paragraph)
    return found


def sampled(source, folder, count):
    """`count` articles of sampled paragraphs, as JSON Lines with at most 50,000 in a file."""
    place = os.path.join(folder, f"sampled-{count}")
    if os.path.exists(place):
        return place
    chance = random.Random(SEED)
    pool = paragraphs(source)
    os.makedirs(place + ".part", exist_ok=True)
    for first in range(0, count, 50_000):
        name = os.path.join(place + ".part", f"{first:07}.jsonl")
        with open(name, "w", encoding="utf-8") as out:
            for number in range(first, min(count, first + 50_000)):
                text = chance.sample(pool, chance.randint(*PARAGRAPHS))
                date = f"{chance.randint(1990, 2026)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
                title = " ".join(text[0].split()[:8])
                record = {"id": str(number), "title": title, "date": date, "text": "\n\n".join(text)}
                out.write(json.dumps(record, ensure_ascii=False) + "\n")
    os.rename(place + ".part", place)
    return place


def small_files(source, folder, count):
    """`count` files of one paragraph each, a thousand in a folder."""
    place = os.path.join(folder, f"files-{count}")
    if os.path.exists(place):
        return place
    chance = random.Random(SEED)
    pool = paragraphs(source)
    for number in range(count):
        inner = os.path.join(place + ".part", f"{number // 1000:03}")
        if number % 1000 == 0:
            os.makedirs(inner, exist_ok=True)
        with open(os.path.join(inner, f"{number}.txt"), "w", encoding="utf-8") as file:
            file.write(f"Note {number}\n\n{chance.choice(pool)}\n")
    os.rename(place + ".part", place)
    return place


def one_large_file(source, folder, size):
    """One text file of about `size` bytes, in a folder of its own."""
    place = os.path.join(folder, f"large-{size}")
    if os.path.exists(place):
        return place
    chance = random.Random(SEED)
    pool = paragraphs(source)
    os.makedirs(place + ".part", exist_ok=True)
    with open(os.path.join(place + ".part", "large.txt"), "w", encoding="utf-8") as file:
        written = 0
        while written < size:
            paragraph = chance.choice(pool)
            file.write(paragraph + "\n\n")
            written += len(paragraph.encode()) + 2
    os.rename(place + ".part", place)
    return place


def text_files(path, folder):
    """Each document of a file of JSON Lines as a text file, for tools that read files only."""
    place = os.path.join(folder, "text-files")
    if os.path.exists(place):
        return place
    os.makedirs(place + ".part", exist_ok=True)
    with open(path, encoding="utf-8") as source:
        for number, line in enumerate(source):
            record = json.loads(line)
            with open(os.path.join(place + ".part", f"{number:06}.txt"), "w", encoding="utf-8") as file:
                file.write(record.get("title", "") + "\n\n" + record["text"])
    os.rename(place + ".part", place)
    return place


def text_size(path):
    """Bytes of title and text of all documents of a file."""
    total = 0
    with open(path, encoding="utf-8") as source:
        for line in source:
            record = json.loads(line)
            total += len(record.get("title", "").encode()) + len(record["text"].encode())
    return total


if __name__ == "__main__":
    making, source, folder, size = sys.argv[1:]
    print(globals()[making](source, folder, int(size)))
