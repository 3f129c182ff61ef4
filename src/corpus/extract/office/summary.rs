//! Summary information: the properties of an Office file of before 2007.
//!
//! Written from [MS-OLEPS].

use super::bytes::{place_at, slice, u16_at, u32_at, u64_at};
use super::properties::Properties;
use super::rtf_encoding::of_code_page;
use crate::Date;

/// The properties of one file that are looked at.
const MAX_PROPERTIES: usize = 1000;

/// 100 nanoseconds from 1601 to 1970.
const UNTIL_1970: u64 = 116_444_736_000_000_000;

/// Reads the stream of the properties.
pub(super) fn read(stream: &[u8]) -> Properties {
    let mut found = Properties::default();
    let Some(section) = place_at(stream, 44).and_then(|at| stream.get(at..)) else { return found };
    let count = place_at(section, 4).unwrap_or(0).min(MAX_PROPERTIES);
    let values: Vec<(u32, &[u8])> = (0..count)
        .filter_map(|n| {
            let value = section.get(place_at(section, 12 + 8 * n)?..)?;
            Some((u32_at(section, 8 + 8 * n)?, value))
        })
        .collect();
    let code_page = values.iter().find(|(id, _)| *id == 1).and_then(|(_, value)| u16_at(value, 4));
    let encoding = of_code_page(i32::from(code_page.unwrap_or(1252)));
    let wide = code_page == Some(1200);
    for (id, value) in values {
        let text = || match u32_at(value, 0) {
            Some(30) => {
                let bytes = slice(value, 8, place_at(value, 4)?)?;
                let encoding = if wide { encoding_rs::UTF_16LE } else { encoding };
                let text = encoding.decode_without_bom_handling(bytes).0;
                Some(text.split('\0').next()?.to_owned())
            }
            Some(31) => {
                let bytes = slice(value, 8, place_at(value, 4)?.checked_mul(2)?)?;
                let text = encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0;
                Some(text.split('\0').next()?.to_owned())
            }
            _ => None,
        };
        let text = text().unwrap_or_default();
        match id {
            2 => found.title = text,
            3 => found.further.push(("subject", text)),
            4 => found.authors = vec![text],
            5 => found.keywords = vec![text],
            6 => found.further.push(("description", text)),
            12 => found.created = time(value).unwrap_or_default(),
            13 => found.modified = time(value).unwrap_or_default(),
            _ => {}
        }
    }
    found
}

/// A time, counted from 1601, as in ISO 8601.
fn time(value: &[u8]) -> Option<String> {
    if u32_at(value, 0)? != 64 {
        return None;
    }
    let seconds = u64_at(value, 4)?.checked_sub(UNTIL_1970)? / 10_000_000;
    let day = Date::from_days(i32::try_from(seconds / 86_400).ok()?)?;
    let minutes = seconds % 86_400 / 60;
    Some(format!("{day}T{:02}:{:02}:00Z", minutes / 60, minutes % 60))
}
