//! Tokens of RTF: groups, control words and symbols, bytes of text.

/// A piece of an RTF file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Open,
    Close,
    /// A control word, such as `\outlinelevel2`, with its number.
    Word(&'a str, Option<i32>),
    /// A control symbol, such as `\~`.
    Symbol(u8),
    /// A byte of text, written as `\'E9`.
    Byte(u8),
    /// Bytes of text as they are, without line ends.
    Text(&'a [u8]),
}

/// The tokens of a file, one after another.
pub(super) struct Tokens<'a> {
    rest: &'a [u8],
}

impl<'a> Tokens<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Tokens<'a> {
        Tokens { rest: bytes }
    }

    /// Whether the file has been read to its end.
    pub(super) fn is_at_end(&self) -> bool {
        self.rest.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0)
    }

    /// Takes the first `count` bytes.
    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(count.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    /// Takes the bytes that fit, at most `most`.
    fn take_while(&mut self, most: usize, fits: impl Fn(u8) -> bool) -> &'a [u8] {
        let fitting = self.rest.iter().take(most).take_while(|byte| fits(**byte)).count();
        self.take(fitting)
    }

    fn control(&mut self) -> Option<Token<'a>> {
        let word = self.take_while(32, |byte| byte.is_ascii_alphabetic());
        if word.is_empty() {
            return match self.take(1).first()? {
                b'\'' => {
                    let digits = self.take_while(2, |byte| byte.is_ascii_hexdigit());
                    let digits = std::str::from_utf8(digits).unwrap_or_default();
                    // A broken one stands for nothing.
                    Some(match u8::from_str_radix(digits, 16) {
                        Ok(byte) => Token::Byte(byte),
                        Err(_) => Token::Text(b""),
                    })
                }
                symbol => Some(Token::Symbol(*symbol)),
            };
        }
        let negative =
            self.rest.first() == Some(&b'-') && self.rest.get(1).is_some_and(u8::is_ascii_digit);
        if negative {
            self.take(1);
        }
        let digits = self.take_while(10, |byte| byte.is_ascii_digit());
        let number: Option<i32> =
            std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
        let number = number.map(|number| if negative { -number } else { number });
        if self.rest.first() == Some(&b' ') {
            self.take(1);
        }
        let word = std::str::from_utf8(word).unwrap_or_default();
        if word == "bin" {
            self.take(usize::try_from(number.unwrap_or(0)).unwrap_or(0));
        }
        Some(Token::Word(word, number))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            return match self.rest.first()? {
                b'{' => {
                    self.take(1);
                    Some(Token::Open)
                }
                b'}' => {
                    self.take(1);
                    Some(Token::Close)
                }
                b'\\' => {
                    self.take(1);
                    self.control()
                }
                b'\r' | b'\n' | 0 => {
                    self.take(1);
                    continue;
                }
                _ => {
                    let plain = |b| !matches!(b, b'{' | b'}' | b'\\' | b'\r' | b'\n' | 0);
                    Some(Token::Text(self.take_while(usize::MAX, plain)))
                }
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_at_a_space_and_take_their_number() {
        let tokens: Vec<Token<'_>> =
            Tokens::new(b"{\\b\\u-10179 ?\\'e9\\~ x\r\ny\\bin3 }}}\\par z}").collect();
        use Token::{Byte, Close, Open, Symbol, Text, Word};
        assert_eq!(
            tokens,
            [
                Open,
                Word("b", None),
                Word("u", Some(-10179)),
                Text(b"?"),
                Byte(0xE9),
                Symbol(b'~'),
                Text(b" x"),
                Text(b"y"),
                Word("bin", Some(3)),
                Word("par", None),
                Text(b"z"),
                Close,
            ]
        );
        assert_eq!(Tokens::new(b"\\").count(), 0);
        assert_eq!(Tokens::new(b"\\bin99999 x").count(), 1);
    }
}
