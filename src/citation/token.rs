//! Tokens of a citation: words, numbers and marks, and a cursor that reads them forward.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, with digits among them or not.
    Word,
    /// Digits only.
    Number,
    /// Any other character.
    Mark,
}

/// A word, a number or a mark of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind,
    /// As it is written.
    pub(super) text: &'t str,
    /// Whether white space stands before it.
    pub(super) spaced: bool,
    /// Where its folded form stands; see [`Tokens::folded`].
    folded: (usize, usize),
}

/// The tokens of a text.
pub(super) struct Tokens<'t> {
    list: Vec<Token<'t>>,
    folded: String,
}

impl<'t> Tokens<'t> {
    pub(super) fn of(text: &'t str) -> Tokens<'t> {
        let mut tokens = Tokens { list: Vec::new(), folded: String::with_capacity(text.len()) };
        let mut spaced = true;
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let (kind, length) = if first.is_alphanumeric() {
                let run = word_end(rest);
                let (word, _) = rest.split_at(run);
                let digits = word.bytes().all(|b| b.is_ascii_digit());
                (if digits { Kind::Number } else { Kind::Word }, run)
            } else {
                (Kind::Mark, first.len_utf8())
            };
            let (piece, after) = rest.split_at(length);
            rest = after;
            if kind == Kind::Mark && first.is_whitespace() {
                spaced = true;
                continue;
            }
            let start = tokens.folded.len();
            if kind == Kind::Word && piece.is_ascii() {
                tokens.folded.push_str(piece);
                if let Some(word) = tokens.folded.get_mut(start..) {
                    word.make_ascii_lowercase();
                }
            } else if kind == Kind::Word {
                tokens.folded.extend(piece.chars().flat_map(char::to_lowercase).map(bare));
            }
            let folded = (start, tokens.folded.len());
            tokens.list.push(Token { kind, text: piece, spaced, folded });
            spaced = false;
        }
        tokens
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// A cursor before the token with this number.
    pub(super) fn at(&self, at: usize) -> Cursor<'_, 't> {
        Cursor { tokens: self, at }
    }

    fn folded(&self, token: &Token<'t>) -> &str {
        self.folded.get(token.folded.0..token.folded.1).unwrap_or_default()
    }
}

/// Where the letters and digits that a text starts with end.
fn word_end(text: &str) -> usize {
    let ascii = text.bytes().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(text.len());
    match text.as_bytes().get(ascii) {
        Some(byte) if !byte.is_ascii() => {
            text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len())
        }
        _ => ascii,
    }
}

/// The letter without its accent, as far as the languages of the words have it.
fn bare(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ă' | 'ą' | 'ā' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ě' | 'ē' | 'ė' => 'e',
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' => 'i',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ș' | 'ş' => 's',
        'ț' | 'ţ' | 'ť' => 't',
        'ù' | 'ú' | 'û' | 'ü' | 'ů' | 'ū' | 'ű' => 'u',
        'ý' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'ά' => 'α',
        'έ' => 'ε',
        'ή' => 'η',
        'ί' => 'ι',
        'ό' => 'ο',
        c => c,
    }
}

/// A place between tokens; what it reads, it gives with the place behind it.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a, 't> {
    tokens: &'a Tokens<'t>,
    pub(super) at: usize,
}

impl<'a, 't> Cursor<'a, 't> {
    fn next(self) -> Cursor<'a, 't> {
        Cursor { at: self.at + 1, ..self }
    }

    /// The token behind the cursor.
    pub(super) fn token(self) -> Option<&'a Token<'t>> {
        self.tokens.list.get(self.at)
    }

    /// The folded word behind the cursor; empty where there is none.
    pub(super) fn peek(self) -> &'a str {
        self.token().map_or("", |token| self.tokens.folded(token))
    }

    /// The folded word so many tokens back (1 is the one just before); empty where there is none.
    pub(super) fn back(self, by: usize) -> &'a str {
        self.at.checked_sub(by).map_or("", |at| self.tokens.at(at).peek())
    }

    /// Whether one of these words stands among so many tokens before the cursor.
    pub(super) fn follows(self, words: &[&str], within: usize) -> bool {
        (1..=within).any(|by| words.contains(&self.back(by)))
    }

    /// Whether one of these words stands among so many tokens behind the cursor.
    pub(super) fn precedes(self, words: &[&str], within: usize) -> bool {
        (0..within).any(|by| words.contains(&self.tokens.at(self.at + by).peek()))
    }

    /// Whether the token before the cursor is this mark.
    pub(super) fn after_mark(self, mark: char) -> bool {
        self.at.checked_sub(1).is_some_and(|at| self.tokens.at(at).is_mark(mark))
    }

    /// Whether the token behind the cursor is this mark.
    pub(super) fn is_mark(self, mark: char) -> bool {
        self.token().is_some_and(|t| t.kind == Kind::Mark && t.text.starts_with(mark))
    }

    /// Whether white space stands behind the cursor, or nothing.
    pub(super) fn is_spaced(self) -> bool {
        self.token().is_none_or(|token| token.spaced)
    }

    /// Past the word behind the cursor, if it is one of these.
    pub(super) fn word(self, words: &[&str]) -> Option<Cursor<'a, 't>> {
        words.contains(&self.peek()).then(|| self.next())
    }

    /// Past any word.
    pub(super) fn any_word(self) -> Option<(&'t str, Cursor<'a, 't>)> {
        let token = self.token().filter(|token| token.kind == Kind::Word)?;
        Some((token.text, self.next()))
    }

    /// Past this mark.
    pub(super) fn mark(self, mark: char) -> Option<Cursor<'a, 't>> {
        self.is_mark(mark).then(|| self.next())
    }

    /// Past this mark, if it stands there.
    pub(super) fn skip(self, mark: char) -> Cursor<'a, 't> {
        self.mark(mark).unwrap_or(self)
    }

    /// Past a hyphen or dash that no white space stands before.
    pub(super) fn hyphen(self) -> Option<Cursor<'a, 't>> {
        let token = self.token().filter(|token| token.kind == Kind::Mark && !token.spaced)?;
        token.text.starts_with(['-', '\u{2010}', '\u{2011}', '–', '—', '−']).then(|| self.next())
    }

    /// Past a number; its digits.
    pub(super) fn digits(self) -> Option<(&'t str, Cursor<'a, 't>)> {
        let token = self.token().filter(|token| token.kind == Kind::Number)?;
        Some((token.text, self.next()))
    }

    /// Past a number of at most nine digits.
    pub(super) fn number(self) -> Option<(u32, Cursor<'a, 't>)> {
        let (digits, after) = self.digits()?;
        (digits.len() <= 9).then_some((digits.parse().ok()?, after))
    }

    /// Past a number that nothing parts from what is before it.
    pub(super) fn joined_number(self) -> Option<(u32, Cursor<'a, 't>)> {
        if self.is_spaced() { None } else { self.number() }
    }

    /// Past a number with thousands parted by commas: `75,191`.
    pub(super) fn grouped_number(self) -> Option<(u32, Cursor<'a, 't>)> {
        let (mut value, mut after) = self.number()?;
        while let Some(comma) = after.mark(',').filter(|_| !after.is_spaced())
            && let Some((digits, end)) = comma.digits()
            && digits.len() == 3
            && !comma.is_spaced()
        {
            value = value.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
            after = end;
        }
        Some((value, after))
    }

    /// Past letters each with a full stop behind it, or all of them as one word: `U.S.C.`, `USC`.
    pub(super) fn initials(self, letters: &str) -> Option<Cursor<'a, 't>> {
        if let Some(after) = self.word(&[letters]) {
            return Some(after.skip('.'));
        }
        let mut at = self;
        for (i, _) in letters.char_indices() {
            at = at.word(&[letters.get(i..=i)?])?;
            at = at.mark('.')?;
        }
        Some(at)
    }

    /// Past a sign for `number`, such as `No.`, `Nr.`, `n°`, `№`, if it stands there.
    pub(super) fn number_sign(self) -> Option<Cursor<'a, 't>> {
        if let Some(after) = self.mark('№').or_else(|| self.mark('#')) {
            return Some(after);
        }
        const SIGNS: &[&str] =
            &["no", "nos", "nr", "n", "nº", "num", "numero", "number", "nummer", "αριθ", "č", "c"];
        let after = self.word(SIGNS)?;
        let short = self.peek().chars().count() == 1;
        let marked = after.mark('°').or_else(|| after.mark('º')).or_else(|| after.mark('.'));
        match marked {
            Some(marked) => Some(marked.word(&["º"]).unwrap_or(marked)),
            None if short => None,
            None => Some(after),
        }
    }
}
