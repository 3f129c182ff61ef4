//! Numbers, sizes and times as people read them.

use std::time::Duration;

/// `1,234`.
pub(super) fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 article`, `12 articles`; the plural is given.
pub(super) fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// `17 kB`, `0.8 MB`, `1.2 GB` (decimal units).
pub(super) fn bytes(n: u64) -> String {
    match n {
        0..1_000 => counted(n, "byte", "bytes"),
        1_000..100_000 => format!("{} kB", n / 1_000),
        100_000..1_000_000_000 => format!("{:.1} MB", n as f64 / 1e6),
        _ => format!("{:.1} GB", n as f64 / 1e9),
    }
}

/// `1.9 ms`, `0.3 s`.
pub(super) fn time(elapsed: Duration) -> String {
    match elapsed.as_secs_f64() * 1e3 {
        ms if ms < 99.95 => format!("{ms:.1} ms"),
        ms => format!("{:.1} s", ms / 1e3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_well() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(count), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(
            [1, 999, 17_900, 800_000].map(bytes),
            ["1 byte", "999 bytes", "17 kB", "0.8 MB"]
        );
        assert_eq!(bytes(1_200_000_000), "1.2 GB");
        let times = [1_900, 230_000, 1_300_000].map(|us| time(Duration::from_micros(us)));
        assert_eq!(times, ["1.9 ms", "0.2 s", "1.3 s"]);
    }
}
