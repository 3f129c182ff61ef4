"""Curves as an SVG picture, both axes logarithmic."""

import html
import math

WIDTH, HEIGHT = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 30, 50
COLOURS = ["#1f6feb", "#d1242f", "#1a7f37", "#9a6700", "#8250df", "#57606a"]


def curves(title, across, series):
    """A picture of `series`, a dictionary from name to (x, y) pairs, all positive."""
    points = [point for pairs in series.values() for point in pairs]
    low_x, high_x = decades([x for x, _ in points])
    low_y, high_y = decades([y for _, y in points])

    def place(x, y):
        right = LEFT + (math.log10(x) - low_x) / (high_x - low_x) * (WIDTH - LEFT - RIGHT)
        down = (math.log10(y) - low_y) / (high_y - low_y) * (HEIGHT - TOP - BOTTOM)
        return right, HEIGHT - BOTTOM - down

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        ' font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        text(LEFT, 18, title, size=14),
        text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, across, anchor="middle"),
    ]
    for power in range(low_x, high_x + 1):
        x, _ = place(10**power, 10**low_y)
        lines.append(rule(x, TOP, x, HEIGHT - BOTTOM))
        lines.append(text(x, HEIGHT - BOTTOM + 16, f"{10**power:,}", anchor="middle"))
    for power in range(low_y, high_y + 1):
        _, y = place(10**low_x, 10**power)
        lines.append(rule(LEFT, y, WIDTH - RIGHT, y))
        lines.append(text(LEFT - 6, y + 4, f"{10.0**power:,g}", anchor="end"))
    for number, (name, pairs) in enumerate(series.items()):
        colour = COLOURS[number % len(COLOURS)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*pair) for pair in pairs))
        lines.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for pair in pairs:
            x, y = place(*pair)
            lines.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>')
        y = TOP + 14 + 18 * number
        lines.append(f'<rect x="{WIDTH - RIGHT + 12}" y="{y - 9}" width="10" height="10" fill="{colour}"/>')
        lines.append(text(WIDTH - RIGHT + 28, y, name))
    return "\n".join([*lines, "</svg>", ""])


def decades(values):
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def rule(x1, y1, x2, y2):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#d0d7de"/>'


def text(x, y, words, anchor="start", size=12):
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">'
        f"{html.escape(words)}</text>"
    )
