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
            piece.reverse();
            mirror(piece);
            marks_behind(piece);
        }
    }
    if turned {
        units.reverse();
    }
    units.into_iter().flat_map(|(_, piece)| piece).collect()
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
    use super::logical;

    #[test]
    fn lines_of_scripts_from_right_to_left_are_turned() {
        assert_eq!(logical("digital sovereignty (EU)"), "digital sovereignty (EU)");
        // As drawn from left to right: the last letter of the line comes first.
        assert_eq!(logical("תיתוכאלמ הניב"), "בינה מלאכותית");
        assert_eq!(logical("2024 תנשב AI קוח"), "חוק AI בשנת 2024");
        assert_eq!(logical("The word קוח means law"), "The word חוק means law");
    }
}
