//! Symbol fonts: the characters that fonts such as Symbol and Wingdings show for their codes.

/// The characters of the font Symbol from code 0x20 to 0x7E.
const SYMBOL: &str = " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼";

/// The characters of the font Symbol from code 0xA0 to 0xFE.
const SYMBOL_HIGH: &str = "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…|—↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ 〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭";

/// Codes of Wingdings that stand in running text, and what they show.
const WINGDINGS: &[(u32, char)] = &[
    (0x22, '✂'),
    (0x28, '☎'),
    (0x2A, '✉'),
    (0x4A, '☺'),
    (0x6C, '●'),
    (0x6E, '■'),
    (0x6F, '□'),
    (0x71, '❑'),
    (0x76, '❖'),
    (0x77, '⬥'),
    (0x9F, '•'),
    (0xA7, '▪'),
    (0xA8, '□'),
    (0xD8, '➢'),
    (0xDF, '←'),
    (0xE0, '→'),
    (0xE8, '➔'),
    (0xF0, '⇨'),
    (0xFB, '✗'),
    (0xFC, '✓'),
    (0xFD, '☒'),
    (0xFE, '☑'),
];

/// The character that a font shows for a code; codes of the private area U+F000–U+F0FF are those of
/// the font itself. None where it is a picture without a character known here.
pub(super) fn character(font: &str, code: u32) -> Option<char> {
    let own = if (0xF000..=0xF0FF).contains(&code) { code - 0xF000 } else { code };
    match &*font.to_lowercase() {
        "symbol" => match own {
            0x20..=0x7E => SYMBOL.chars().nth((own - 0x20) as usize),
            0xA0..=0xFE => SYMBOL_HIGH.chars().nth((own - 0xA0) as usize),
            _ => None,
        },
        name if name.starts_with("wingdings") || name.starts_with("webdings") => {
            WINGDINGS.iter().find(|(wanted, _)| *wanted == own).map(|(_, shown)| *shown)
        }
        _ if own != code => char::from_u32(own).filter(|c| !c.is_control()),
        _ => char::from_u32(code).filter(|c| !c.is_control()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_font() {
        assert_eq!(SYMBOL.chars().count(), 0x5F);
        assert_eq!(SYMBOL_HIGH.chars().count(), 0x5F);
        assert_eq!(character("Symbol", 0x61), Some('α'));
        assert_eq!(character("Symbol", 0xF0B7), Some('•'));
        assert_eq!(character("Symbol", 0xAE), Some('→'));
        assert_eq!(character("Symbol", 0xF0D6), Some('√'));
        assert_eq!(character("Symbol", 0xE5), Some('∑'));
        assert_eq!(character("Wingdings", 0xF0FC), Some('✓'));
        assert_eq!(character("Wingdings", 0x41), None);
        assert_eq!(character("Arial", 0xF041), Some('A'));
    }
}
