//! Text direction: lines as they stand on the page, turned into the order in which they are read.

/// Whether a character is of a script that is written from right to left.
pub(super) fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
        && !is_mark(c)
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{591}'..='\u{5BD}' | '\u{5BF}'..='\u{5C7}' | '\u{610}'..='\u{61A}'
        | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{6D6}'..='\u{6ED}')
}

/// A line whose characters are given from left to right, in reading order: what is of a script
/// written from right to left is turned around, and in a line of mostly such text the order of the
/// rest as well (the reverse of UAX #9 for one level of embedding).
pub(super) fn logical(line: &str) -> String {
    let strong = line.chars().filter(|c| c.is_alphabetic());
    let (right, left) = strong.fold((0, 0), |(right, left), c| match is_right_to_left(c) {
        true => (right + 1, left),
        false => (right, left + 1),
    });
    if right == 0 {
        return line.to_owned();
    }
    let turned = right >= left;
    let mut pieces: Vec<(bool, Vec<char>)> = Vec::new();
    for c in line.chars() {
        let neutral = !c.is_alphanumeric() && !is_mark(c);
        let this = if neutral { None } else { Some(is_right_to_left(c) || is_mark(c)) };
        match (pieces.last_mut(), this) {
            (Some((_, piece)), None) => piece.push(c),
            (Some((known, piece)), Some(right)) if *known == right => piece.push(c),
            (_, this) => pieces.push((this.unwrap_or(turned), vec![c])),
        }
    }
    // Signs at the border of two pieces go with the direction of the line.
    let mut units: Vec<(bool, Vec<char>)> = Vec::new();
    for (right, mut piece) in pieces {
        let ends =
            piece.iter().rposition(|c| c.is_alphanumeric() || is_mark(*c)).map_or(0, |at| at + 1);
        let signs = if right == turned { Vec::new() } else { piece.split_off(ends) };
        units.push((right, piece));
        if !signs.is_empty() {
            units.push((turned, signs));
        }
    }
    for (right, piece) in &mut units {
        if *right {
            turn(piece);
        }
    }
    if turned {
        units.reverse();
    }
    units.into_iter().flat_map(|(_, piece)| piece).collect()
}

/// Puts the text of one glyph, which fonts give in reading order, into the order from left to right:
/// a ligature of a script written from right to left is turned around, and so are words of it in a
/// glyph that stands for more.
pub(super) fn as_drawn(text: &mut [char]) {
    let right = |c: &char| is_right_to_left(*c) || is_mark(*c);
    if text.len() < 2 || !text.iter().any(|c| is_right_to_left(*c)) {
        return;
    }
    let left = |c: &char| c.is_alphanumeric() && !right(c);
    if !text.iter().any(left) {
        return turn(text);
    }
    for piece in text.chunk_by_mut(|a, b| left(a) == left(b)) {
        if let (Some(first), Some(last)) =
            (piece.iter().position(right), piece.iter().rposition(right))
            && let Some(words) = piece.get_mut(first..=last)
        {
            turn(words);
        }
    }
}

fn turn(piece: &mut [char]) {
    piece.reverse();
    mirror(piece);
    marks_behind(piece);
}

fn mirror(piece: &mut [char]) {
    for c in piece {
        *c = match *c {
            '(' => ')',
            ')' => '(',
            '[' => ']',
            ']' => '[',
            '«' => '»',
            '»' => '«',
            other => other,
        };
    }
}

/// Puts combining marks, which turning has left before their letters, behind them.
fn marks_behind(piece: &mut [char]) {
    let mut at = 0;
    while at < piece.len() {
        let marks = piece.iter().skip(at).take_while(|c| is_mark(**c)).count();
        if marks > 0
            && let Some(group) = piece.get_mut(at..=(at + marks))
        {
            group.rotate_left(marks);
        }
        at += marks + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{as_drawn, logical};

    #[test]
    fn lines_of_scripts_from_right_to_left_are_turned() {
        assert_eq!(logical("digital sovereignty (EU)"), "digital sovereignty (EU)");
        // As drawn from left to right: the last letter of the line comes first.
        assert_eq!(logical("תיתוכאלמ הניב"), "בינה מלאכותית");
        assert_eq!(logical("2024 תנשב AI קוח"), "חוק AI בשנת 2024");
        assert_eq!(logical("The word קוח means law"), "The word חוק means law");
    }

    /// One glyph may stand for a whole word with its marks, of which the font tells the reading order.
    #[test]
    fn the_text_of_a_ligature_is_turned_with_its_line_and_not_within_it() {
        for word in ["لا", "حَبيبي", "(لا)"] {
            let mut glyph: Vec<char> = word.chars().collect();
            as_drawn(&mut glyph);
            assert_eq!(logical(&glyph.into_iter().collect::<String>()), word);
        }
        let mut mixed: Vec<char> = "לא h".chars().collect();
        as_drawn(&mut mixed);
        assert_eq!(logical(&format!("{}abibi", mixed.iter().collect::<String>())), "לא habibi");
        let mut latin = ['f', 'f', 'i'];
        as_drawn(&mut latin);
        assert_eq!(latin, ['f', 'f', 'i']);
    }
}
