//! The query language, held against what its users type.

use super::{Node, PhrasePart, Query, limits, parse};
use crate::error::QueryError;

fn query(text: &str) -> Query {
    Query::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

fn error(text: &str) -> QueryError {
    match Query::parse(text) {
        Err(crate::Error::Query(error)) => error,
        other => panic!("{text}: {other:?}"),
    }
}

fn codes(query: &Query) -> String {
    query.notes.iter().map(|note| note.code).collect::<Vec<_>>().join(" ")
}

/// Checks what `text` is read as, and which notes are taken.
#[track_caller]
fn reads(cases: &[(&str, &str, &str)]) {
    for (text, canonical, notes) in cases {
        let read = query(text);
        assert_eq!(read.to_string(), *canonical, "{text}: {:?}", read.root);
        assert_eq!(codes(&read), *notes, "{text}: {:?}", read.notes);
        assert_eq!(query(canonical).root, read.root, "{text}");
        for span in read.notes.iter().filter_map(|note| note.span.clone()) {
            assert!(text.get(span.clone()).is_some_and(|it| !it.is_empty()), "{text}: {span:?}");
        }
    }
}

/// Checks the error of `text`: its code, the text under its caret, and its hint.
#[track_caller]
fn fails(cases: &[(&str, &str, &str, &str)]) {
    for (text, code, under, hint) in cases {
        let error = error(text);
        assert_eq!(error.code, *code, "{text}: {error:?}");
        assert_eq!(text.get(error.span.clone()), Some(*under), "{text}: {error:?}");
        assert_eq!(error.hint.as_deref().unwrap_or_default(), *hint, "{text}: {error:?}");
        if let Some(hint) = error.hint {
            query(&hint);
        }
    }
}

#[test]
fn words_and_phrases() {
    reads(&[
        ("sovereignty", "sovereignty", ""),
        ("  digital   sovereignty ", "digital sovereignty", ""),
        ("\"digital sovereignty\"", "\"digital sovereignty\"", ""),
        ("“digital sovereignty”", "\"digital sovereignty\"", ""),
        ("„digitale Souveränität“", "\"digitale Souveränität\"", ""),
        ("„digitale Souveränität”", "\"digitale Souveränität\"", ""),
        ("”digital suveränitet”", "\"digital suveränitet\"", ""),
        ("«souveraineté numérique»", "\"souveraineté numérique\"", ""),
        ("«\u{a0}souveraineté numérique\u{202f}»", "\"souveraineté numérique\"", ""),
        ("»digitale Souveränität«", "\"digitale Souveränität\"", ""),
        ("‹AI Act›", "\"AI Act\"", ""),
        ("‚AI Act‘", "\"AI Act\"", ""),
        ("「AI Act」", "\"AI Act\"", ""),
        ("『AI Act』~2", "\"AI Act\"~2", ""),
        ("｢AI Act｣", "\"AI Act\"", ""),
        ("《AI Act》", "\"AI Act\"", ""),
        ("〈AI Act〉", "\"AI Act\"", ""),
        ("〝AI Act〟", "\"AI Act\"", ""),
        ("❝AI Act❞", "\"AI Act\"", ""),
        ("欧盟「人工智能」法", "欧盟 \"人工智能\" 法", ""),
        ("「『AI』 Act」", "\"AI Act\"", "read_as"),
        ("AI」 Act", "AI」 Act", "read_as_words"),
        ("“digital sovereignty\"", "\"digital sovereignty\"", ""),
        ("\"digital sovereignty\"~3", "\"digital sovereignty\"~3", ""),
        ("\"digital sovereignty\"^1.5", "\"digital sovereignty\"^1.5", ""),
        ("\"digital sov*\"", "\"digital sov*\"", ""),
        ("\"right to * explanation\"", "\"right to * explanation\"", ""),
        ("\"right to ** explanation\"", "\"right to * explanation\"", ""),
        ("\"decision-* made\"", "\"decision-* made\"", ""),
        ("\"* digital sovereignty\"", "\"digital sovereignty\"", "ignored"),
        ("\"digital sovereignty *\"", "\"digital sovereignty\"", "ignored"),
        ("\"* * digital * sovereignty *\"", "\"digital * sovereignty\"", "ignored"),
        ("title:\"* sovereignty\"", "title:\"sovereignty\"", "ignored"),
        ("\"*-based AI\"", "\"based AI\"", "ignored"),
        ("\"AI-*\" non-* *-bas*", "\"AI\" \"non\" bas*", "ignored ignored ignored"),
        ("kind:\"* act\" path:\"* x\"", "kind:\"* act\" path:\"* x\"", ""),
        ("\"say \\\"no\\\" to it\"", "\"say \\\"no\\\" to it\"", ""),
        ("sovereign* sovereig?ty *ty", "sovereign* sovereig?ty *ty", ""),
        ("=models", "=models", ""),
        (
            "souverainty~ souverainty~1 souverainty~2",
            "souverainty~1 souverainty~1 souverainty~2",
            "",
        ),
        ("term^2 term^.5", "term^2 term^0.5", ""),
        ("(a b)^2", "(a b)^2", ""),
        ("title\\:x \\AND \\-x a\\*b", "title\\:x \\AND \\-x a\\*b", ""),
        ("near and or not", "near and or not", ""),
        ("צה\"ל", "צה\"ל", ""),
    ]);
    assert_eq!(
        query("\"right to * expl*\"").root,
        Node::Phrase {
            parts: vec![
                PhrasePart::Word("right".into()),
                PhrasePart::Word("to".into()),
                PhrasePart::Any,
                PhrasePart::Pattern("expl*".into()),
            ],
            slop: 0,
        }
    );
}

#[test]
fn operators_and_their_precedence() {
    reads(&[
        ("A AND B", "A AND B", ""),
        ("A OR B", "A OR B", ""),
        ("A NOT B", "A NOT B", ""),
        ("A -B", "A NOT B", ""),
        ("-B A", "NOT B A", ""),
        ("A -\"b c\" -(d OR e)", "A NOT \"b c\" NOT (d OR e)", ""),
        ("a b AND c", "a AND b AND c", ""),
        ("(a b) AND c", "(a b) AND c", ""),
        ("a (b OR c)", "a (b OR c)", ""),
        ("a b OR c", "a b OR c", "precedence"),
        ("a OR b AND c", "a OR b AND c", "precedence"),
        ("((a))", "a", ""),
        ("A NEAR/5 B", "A NEAR/5 B", ""),
        ("A NEAR B", "A NEAR/10 B", "read_as"),
        ("A BEFORE/5 B BEFORE/5 C", "A BEFORE/5 B BEFORE/5 C", ""),
        ("(A NEAR/5 B) NEAR/5 C", "(A NEAR/5 B) NEAR/5 C", ""),
        ("A SAME/s B OR C SAME/p D", "A SAME/s B OR C SAME/p D", ""),
        ("\"AI Act\" NEAR/5 (ban OR prohibit*)", "\"AI Act\" NEAR/5 (ban OR prohibit*)", ""),
        ("AI Act NEAR/5 ban", "AI Act NEAR/5 ban", "precedence"),
        ("NOT(a) b AND(c)", "NOT a AND b AND c", ""),
        ("atleast/3 sovereignty", "atleast/3 sovereignty", ""),
        ("ATLEAST3(sovereignty)", "atleast/3 sovereignty", "read_as"),
        ("2 OF (a, b c, \"d e\")", "2 OF (a, b c, \"d e\")", ""),
        ("2 OF(1,000, b)", "2 OF (1,000, b)", "read_as"),
        ("DIGITAL AND SOVEREIGNTY", "DIGITAL AND SOVEREIGNTY", ""),
    ]);
    assert_eq!(
        query("a NEAR/5 b NEAR/5 c").root,
        Node::Near {
            distance: 5,
            ordered: false,
            operands: ["a", "b", "c"].map(|word| Node::Word(word.into())).into(),
        }
    );
    assert!(matches!(query("a b").root, Node::Words(_)));
    assert!(matches!(query("a AND b").root, Node::And(_)));
}

#[test]
fn aliases_are_read_and_said() {
    reads(&[
        ("a w/5 b", "a NEAR/5 b", "read_as"),
        ("a /5 b", "a NEAR/5 b", "read_as"),
        ("a +5 b", "a BEFORE/5 b", "read_as"),
        ("a /s b", "a SAME/s b", "read_as"),
        ("a /p b", "a SAME/p b", "read_as"),
        ("a AND NOT b", "a NOT b", "read_as"),
        ("a BUT NOT b", "a NOT b", "read_as"),
        ("a & b && c", "a AND b AND c", "read_as read_as"),
        ("a | b || c", "a OR b OR c", "read_as read_as"),
        ("a !b", "a NOT b", "read_as"),
        ("souveraineté ET numérique", "souveraineté AND numérique", "read_as"),
        ("loi OU règlement SAUF taxe", "loi OR règlement NOT taxe", "read_as precedence read_as"),
        ("Recht UND Gesetz", "Recht AND Gesetz", "read_as"),
        ("Recht ODER Gesetz", "Recht OR Gesetz", "read_as"),
        ("Recht UND NICHT Gesetz", "Recht NOT Gesetz", "read_as"),
        // The same words where they are no operators.
        ("RECHT UND GESETZ", "RECHT \\UND GESETZ", ""),
        ("ET le reste", "\\ET le reste", ""),
        ("all BUT this", "all \\BUT this", ""),
        ("article w/5", "article w\\/5", "read_as_words"),
        ("Smith &", "Smith", "ignored"),
        ("NOT NOT a", "a", "read_as"),
        // Operators of others.
        ("a NEAR5 b", "a NEAR5 b", "read_as_words"),
        ("a adj3 b", "a adj3 b", "read_as_words"),
        ("a w/sent b", "a w/sent b", "read_as_words"),
        ("a XOR b", "a XOR b", "read_as_words"),
        ("a ＡＮＤ b", "a ＡＮＤ b", "read_as_words"),
        ("2 of (a, b)", "2 of (a b)", "read_as_words"),
    ]);
}

#[test]
fn fields_and_dates() {
    reads(&[
        ("title:sovereignty", "title:sovereignty", ""),
        ("a since:2026 until:2024", "a date:>=2026 date:<=2024", "no_day"),
        ("date:2024 AND date:2025-02", "date:2024 AND date:2025-02", "no_day"),
        ("a date:2024 date:2024-08", "a date:2024 date:2024-08", ""),
        ("a (date:2024 OR date:2025)", "a (date:2024 OR date:2025)", ""),
        ("a since:1d until:1999", "a since:1d date:<=1999", ""),
        ("Title:\"digital sovereignty\"", "title:\"digital sovereignty\"", ""),
        ("title:(a OR b) c", "title:(a OR b) c", ""),
        ("title:a^2", "title:a^2", ""),
        ("-title:a b", "NOT title:a b", ""),
        (
            "language:fr section:scope authors:Doe tags:ai",
            "lang:fr heading:scope author:Doe tag:ai",
            "",
        ),
        ("lang:en-GB", "lang:en", "read_as"),
        ("lang:deu", "lang:de", ""),
        ("lang:(fr de)", "lang:(fr OR de)", "read_as"),
        ("kind:law jurisdiction:EU source:Reuters", "kind:law jurisdiction:EU source:Reuters", ""),
        ("path:eu/*", "path:eu/*", ""),
        ("path:/eu/202?", "path:/eu/202?", ""),
        ("path:(eu/* OR fr/a.md)", "path:(eu/* OR fr/a.md)", ""),
        ("date:2025", "date:2025", ""),
        ("date:2025-10", "date:2025-10", ""),
        ("date:2025-01..2025-06", "date:2025-01..2025-06", ""),
        ("date:>=2024-08-01", "date:>=2024-08-01", ""),
        ("date:≤2024", "date:<=2024", ""),
        ("date:>2024 date:<2026", "date:>2024 date:<2026", ""),
        ("since:6m", "since:6m", ""),
        ("since:2024-08", "date:>=2024-08", ""),
        ("until:2024", "date:<=2024", ""),
        ("date:2024..", "date:>=2024", ""),
        ("kind:law^2 a", "kind:law^2 a", "read_as"),
        ("title:law^2 a", "title:law^2 a", ""),
        ("cites:32024R1689 cites:2024/*", "cites:32024R1689 cites:2024/*", ""),
    ]);
}

#[test]
fn what_is_no_syntax_is_words() {
    reads(&[
        ("AI Act: prohibited practices", "AI Act prohibited practices", ""),
        ("l'intelligence artificielle", "l'intelligence artificielle", ""),
        ("l’intelligence", "l’intelligence", ""),
        ("C++", "C++", ""),
        ("§ 5(1)(a)", "§ 5(1)(a)", "read_as_words"),
        ("(Article 5(1)(a))", "Article 5(1)(a)", "read_as_words"),
        ("https://example.org/a?b=c", "https://example.org/a?b=c", "read_as_words"),
        ("10:30", "10:30", ""),
        ("AT&T", "AT&T", ""),
        ("jane.doe@example.org", "jane.doe@example.org", ""),
        ("AI-driven", "AI-driven", ""),
        ("10^25 FLOPs", "10^25 FLOPs", "read_as_words"),
        ("foobar:baz", "foobar:baz", "read_as_words"),
        ("re:publica", "re:publica", "read_as_words"),
        ("title: a word", "title a word", "read_as_words"),
        ("What is digital sovereignty?", "What is digital sovereignty", "read_as_words"),
        ("Really?! Yes!", "Really Yes", "read_as_words"),
        ("« Quoi ? »", "\"Quoi\"", "ignored"),
        ("the Act – and more", "the Act and more", "ignored"),
        ("‘AI Act’", "AI Act", "read_as_words"),
        ("+sovereignty", "sovereignty", "read_as_words"),
        ("--flag", "flag", "read_as_words"),
        ("**bold**", "bold", "read_as_words"),
        ("a -> b", "a b", "ignored"),
        ("“AI & society”", "\"AI society\"", "ignored"),
        ("\"€5 billion\"", "\"€5 billion\"", "ignored"),
        ("50%", "50%", "ignored"),
        ("≥5", "≥5", "ignored"),
        ("\"2.125 percent\"", "\"2.125 percent\"", "read_as"),
        ("2,125", "2,125", "read_as"),
        ("1,000,000 0.125 3.5 1.234,5 2024", "1,000,000 0.125 3.5 1.234,5 2024", ""),
        ("cloud –data", "cloud –data", "read_as_words"),
        ("−data", "−data", "read_as_words"),
        ("[a OR b]", "[a OR b]", "read_as_words"),
        ("[1]", "[1]", ""),
        ("title：cloud", "title：cloud", "read_as_words"),
        ("title :cloud", "title cloud", "read_as_words"),
        ("`AI Act`", "AI Act", "read_as_words"),
        ("5*3", "5*3", "read_as_words"),
        ("2024~", "2024~", "read_as_words"),
        ("=cloud~", "cloud~1", "read_as"),
        ("\"\" foo", "foo", "ignored"),
        ("() foo", "foo", "ignored"),
        ("AI:the next step", "AI:the next step", "read_as_words"),
        ("\\\\server\\share a\\*", "\\\\server\\\\share a\\*", ""),
        ("C:\\path\\file.txt", "C:path\\file.txt", "read_as_words"),
        ("case:C-311/18", "case:C-311/18", "read_as_words"),
        ("model(s)", "model(s)", "read_as_words"),
        ("DEPARTMENT OF STATE", "DEPARTMENT OF STATE", ""),
        ("2 \\OF (a OR b)", "2 \\OF (a OR b)", ""),
        ("2.5 OF (a, b)", "2.5 OF (a b)", "read_as_words"),
        ("km^2 cloud^2x", "km^2 cloud^2x", "read_as_words"),
        ("10^-6 10^0,5", "10^-6 10^0,5", "read_as_words read_as_words"),
        ("cloud\\^-1 path:a^-1", "cloud\\^\\-1 path:a^-1", ""),
        ("TWO OF (a OR b)", "TWO OF (a OR b)", "read_as_words"),
        ("any OF (a OR b)", "any OF (a OR b)", "read_as_words"),
        ("two of (a OR b)", "two of (a OR b)", ""),
        ("2.5.1 OF (a OR b)", "2.5.1 OF (a OR b)", ""),
    ]);
}

#[test]
fn what_is_broken_is_an_error_with_a_way_out() {
    fails(&[
        ("\"digital sovereignty", "unclosed_quote", "\"", "\"digital sovereignty\""),
        ("a « b c", "unclosed_quote", "«", "a « b c»"),
        ("digital sovereignty\"", "unclosed_quote", "\"", "\"digital sovereignty\""),
        ("(a OR b", "unclosed_parenthesis", "(", "(a OR b)"),
        ("a OR b)", "stray_parenthesis", ")", "a OR b"),
        ("AND x", "missing_operand", "AND", "x"),
        ("x AND", "missing_operand", "AND", "x"),
        ("NEAR/3 x", "missing_operand", "NEAR/3", "x"),
        ("x NEAR/3", "missing_operand", "NEAR/3", "x"),
        ("a OR OR b", "missing_operand", "OR", "a OR b"),
        ("(a OR)", "missing_operand", "OR", "(a )"),
        ("x NOT", "missing_operand", "NOT", "x"),
        ("2 OF (a,, b)", "missing_operand", ",", "2 OF (a, b)"),
        ("a NEAR/5 b BEFORE/3 c", "mixed_proximity", "BEFORE/3", "(a NEAR/5 b) BEFORE/3 c"),
        (
            "a NEAR/5 b NEAR/3 c SAME/s d",
            "mixed_proximity",
            "NEAR/3",
            "((a NEAR/5 b) NEAR/3 c) SAME/s d",
        ),
        ("(a b) NEAR/5 c", "bad_operand", "(a b)", "\"a b\" NEAR/5 c"),
        ("title:a NEAR/5 b", "bad_operand", "title:a", ""),
        ("date:2023-02-30", "invalid_date", "2023-02-30", "date:2023-02-28"),
        ("date:2025-13", "invalid_date", "2025-13", "date:2025"),
        ("date:2024-2025", "invalid_date", "2024-2025", "date:2024..2025"),
        ("date:6m", "invalid_date", "6m", "since:6m"),
        ("date:\"2024\"", "invalid_date", "\"2024\"", "date:2024"),
        ("date:(2024 OR 2021) a", "invalid_date", "(2024 OR 2021)", "(date:2024 OR date:2021) a"),
        ("date:2024|2021", "invalid_date", "2024|2021", "(date:2024 OR date:2021)"),
        ("date:2024–2025", "invalid_date", "2024–2025", "date:2024..2025"),
        ("date:>2024..2025", "invalid_date", ">2024..2025", "date:2024..2025"),
        ("date:2024-8", "invalid_date", "2024-8", "date:2024-08"),
        ("date:2024/08", "invalid_date", "2024/08", "date:2024-08"),
        ("date:20240801", "invalid_date", "20240801", "date:2024-08-01"),
        ("date:1.8.2024..2024-09", "invalid_date", "1.8.2024..2024-09", "date:2024-08-01..2024-09"),
        ("a date:!2024", "invalid_date", "!2024", "a -date:2024"),
        ("date:24", "invalid_date", "24", ""),
        ("since:soon", "invalid_date", "soon", ""),
        ("since:3months", "invalid_date", "3months", "since:3m"),
        ("since:10000y", "invalid_date", "10000y", "since:9999y"),
        ("since:>2024", "invalid_date", ">2024", "date:>2024"),
        ("since:2024..2025", "invalid_date", "2024..2025", "date:2024..2025"),
        ("until:99999", "invalid_date", "99999", "until:9999"),
        ("a until:6m", "invalid_date", "6m", "a -since:6m"),
        ("until:6m", "invalid_date", "6m", "AI -since:6m"),
        ("until:2024-02-30", "invalid_date", "2024-02-30", "until:2024-02-29"),
        ("a date:2025..2024", "empty_range", "2025..2024", "a date:2024..2025"),
        ("tittle:x", "unknown_field", "tittle", "title:x"),
        ("auhtor:Doe AI", "unknown_field", "auhtor", "author:Doe AI"),
        ("lnag:fr", "unknown_field", "lnag", "lang:fr"),
        ("data:image", "unknown_field", "data", "data\\:image"),
        ("title:", "missing_value", "title:", "title"),
        ("title:\"\"", "missing_value", "title:", "title"),
        ("title:– x", "missing_value", "title:", "title x"),
        ("lang:french", "unknown_language", "french", "lang:fr"),
        ("lang:qq", "unknown_language", "qq", ""),
        ("a lang:ge", "unknown_language", "ge", "a lang:de"),
        ("a lang:-en", "misplaced_negation", "-", "a -lang:en"),
        ("title:-a", "misplaced_negation", "-", "AI -title:a"),
        ("a tag:!(b OR c)", "misplaced_negation", "!", "a -tag:(b OR c)"),
        ("cites:foo", "bad_value", "foo", "\"foo\""),
        ("AI cites:\"AI Act\"", "bad_value", "\"AI Act\"", "AI \"AI Act\""),
        ("cites:(foo OR 32024R1689)", "bad_value", "foo", ""),
        ("kind:law~", "bad_value", "law~", "kind:law"),
        ("kind:\"a b\"~2", "bad_value", "\"a b\"~2", "kind:\"a b\""),
        ("kind:(a NEAR/2 b)", "bad_value", "(a NEAR/2 b)", ""),
        ("title:(a author:b)", "nested_field", "author:", ""),
        ("NOT x", "only_negative", "NOT x", "AI NOT x"),
        ("-x", "only_negative", "-x", "AI -x"),
        ("-x -y", "only_negative", "-x -y", "AI -x -y"),
        ("a OR NOT b", "only_negative", "NOT b", "a OR (AI NOT b)"),
        ("", "empty_query", "", "\"digital sovereignty\""),
        ("  ", "empty_query", "  ", "\"digital sovereignty\""),
        ("– … ?", "empty_query", "– … ?", "\"digital sovereignty\""),
        ("a NEAR/101 b", "distance_too_large", "NEAR/101", "a NEAR/100 b"),
        ("a w/200 b", "distance_too_large", "w/200", "a NEAR/100 b"),
        ("\"a b\"~101", "distance_too_large", "~101", "\"a b\"~100"),
        ("a NEAR/100000000000 b", "distance_too_large", "NEAR/100000000000", "a NEAR/100 b"),
        ("a NEAR/0 b", "distance_too_small", "NEAR/0", "a NEAR/1 b"),
        ("a BEFORE/00 b", "distance_too_small", "BEFORE/00", "a BEFORE/1 b"),
        ("a w/0 b", "distance_too_small", "w/0", "a NEAR/1 b"),
        ("a /0 b", "distance_too_small", "/0", "a NEAR/1 b"),
        ("a near/0 b", "distance_too_small", "near/0", "a NEAR/1 b"),
        ("a pre/0 b", "distance_too_small", "pre/0", "a BEFORE/1 b"),
        ("a +0 b", "distance_too_small", "+0", "a BEFORE/1 b"),
        ("a NEAR/2 b NEAR/2 c NEAR/2 d NEAR/2 e NEAR/2 f", "too_many_operands", "NEAR/2", ""),
        ("a NEAR/x b", "invalid_distance", "NEAR/x", "a NEAR/10 b"),
        ("a NEAR/ b", "invalid_distance", "NEAR/", "a NEAR/10 b"),
        ("a BEFORE/ 5 b", "invalid_distance", "BEFORE/ 5", "a BEFORE/5 b"),
        ("NEAR(a b, 5)", "missing_operand", "NEAR(a b, 5)", "a NEAR/5 b"),
        ("NEAR(a b)", "missing_operand", "NEAR(a b)", "a NEAR/10 b"),
        ("BEFORE/3 (a, b)", "missing_operand", "BEFORE/3 (a, b)", "a BEFORE/3 b"),
        (
            "NEAR(a b (c OR d),500)",
            "missing_operand",
            "NEAR(a b (c OR d),500)",
            "a NEAR/100 b NEAR/100 (c OR d)",
        ),
        (
            "x NEAR(\"a, b\" c, 5) y",
            "missing_operand",
            "NEAR(\"a, b\" c, 5)",
            "x (\"a, b\" NEAR/5 c) y",
        ),
        ("x NOT NEAR(a b, 5)^2", "missing_operand", "NEAR(a b, 5)", "x NOT (a NEAR/5 b)^2"),
        ("NEAR (a OR b)", "missing_operand", "NEAR", "(a OR b)"),
        ("a NEAR (b c)", "bad_operand", "(b c)", "a NEAR \"b c\""),
        ("\"a b\"~", "invalid_distance", "~", "\"a b\"~3"),
        ("\"a b\"~-1", "invalid_distance", "~-1", "\"a b\"~1"),
        ("\"a b\"~1.5 c", "invalid_distance", "~1.5", "\"a b\"~1 c"),
        ("\"a b\"~2x", "invalid_distance", "~2x", "\"a b\"~2"),
        ("\"a b\"~ 2 c", "invalid_distance", "~ 2", "\"a b\"~2 c"),
        ("(a b)~2", "invalid_distance", "~2", "(a b)"),
        ("\"a b\"^-1", "boost_range", "^-1", "\"a b\"^0.5"),
        ("(a b)^0,5", "boost_range", "^0,5", "(a b)^0.5"),
        ("cloud^0,5 data", "boost_range", "^0,5", "cloud^0.5 data"),
        ("title:cloud^-1", "boost_range", "^-1", "title:cloud^0.5"),
        ("sov*^−2", "boost_range", "^−2", "sov*^0.5"),
        ("cloud^-0,5", "boost_range", "^-0,5", "cloud^0.5"),
        ("cloud^+3", "boost_range", "^+3", "cloud^3"),
        ("(a b)^2x", "boost_range", "^2x", "(a b)^2"),
        ("decision-making~2", "fuzzy_words", "decision-making~2", "decision~2 making~2"),
        ("a SAME/x b", "unknown_unit", "SAME/x", "a SAME/s b"),
        ("word~3", "fuzzy_distance", "~3", "word~2"),
        ("ai~", "fuzzy_length", "ai~", "ai"),
        ("sov*~1", "fuzzy_wildcard", "sov*~1", "sov*"),
        ("a^0", "boost_range", "^0", "a^2"),
        ("a^101", "boost_range", "^101", "a^2"),
        ("3 OF (a, b)", "count_out_of_range", "3 OF (a, b)", "2 OF (a, b)"),
        ("2 OF (a b c)", "count_out_of_range", "2 OF (a b c)", "2 OF (a, b, c)"),
        ("atleast/0 a", "count_out_of_range", "atleast/0", "atleast/2 a"),
    ]);
}

#[test]
fn limits_are_errors_that_name_them_and_what_is_just_within_is_read() {
    let words = |n| vec!["a"; n].join(" ");
    let nested = |n| format!("{}a{}", "(".repeat(n), ")".repeat(n));
    let cases = [
        ("too_long", "a".repeat(limits::MAX_BYTES), "a".repeat(limits::MAX_BYTES + 1)),
        ("too_many_clauses", words(limits::MAX_CLAUSES), words(limits::MAX_CLAUSES + 1)),
        ("too_deep", nested(limits::MAX_DEPTH), nested(limits::MAX_DEPTH + 1)),
        (
            "phrase_too_long",
            format!("\"{}\"", words(limits::MAX_PHRASE_WORDS)),
            format!("\"{}\"", words(limits::MAX_PHRASE_WORDS + 1)),
        ),
        ("fuzzy_length", format!("{}~", "a".repeat(64)), format!("{}~", "a".repeat(65))),
        ("distance_too_large", "a NEAR/100 b".into(), "a NEAR/101 b".into()),
        ("distance_too_large", "a w/100 b".into(), "a w/101 b".into()),
        ("distance_too_large", "\"a b\"~100".into(), "\"a b\"~101".into()),
        ("boost_range", "a^100".into(), "a^100.5".into()),
        ("count_out_of_range", "atleast/1000 a".into(), "atleast/1001 a".into()),
    ];
    for (code, within, beyond) in cases {
        query(&within);
        assert_eq!(error(&beyond).code, code);
    }
    // The first parenthesis that is one too many.
    let span = error(&nested(limits::MAX_DEPTH + 1)).span;
    assert_eq!(span, limits::MAX_DEPTH..limits::MAX_DEPTH + 1);
    assert_eq!(query("ATLEAST1000(a)").root, query("atleast/1000 a").root);
}

#[test]
fn the_length_of_a_query_is_limited_as_typed_and_as_written_in_full() {
    // The limit falls into the middle of a character.
    let text = format!("a{}", "é".repeat(limits::MAX_BYTES / 2));
    let error_typed = error(&text);
    assert_eq!((error_typed.code, text.get(error_typed.span)), ("too_long", Some("é")));
    let typed = |length: usize| format!("a -b {}", "c".repeat(length));
    let more = query(&typed(1)).to_string().len() - 1;
    let just = query(&typed(limits::MAX_BYTES - more));
    assert_eq!(just.to_string().len(), limits::MAX_BYTES);
    query(&just.to_string());
    let beyond = typed(limits::MAX_BYTES - more + 1);
    assert!(beyond.len() < limits::MAX_BYTES);
    assert_eq!(error(&beyond).code, "too_long");
}

/// Words, marks and operators, from which texts are thrown together.
const PIECES: &[&str] = &[
    "a",
    "b",
    "AI",
    "Act",
    "digital",
    "l'intelligence",
    "5(1)(a)",
    "10^25",
    "§",
    "2",
    "OF",
    "2 OF (",
    ",",
    "\"",
    "“",
    "”",
    "„",
    "«",
    "»",
    "‚",
    "‘",
    "’",
    "'",
    "(",
    ")",
    "-",
    "!",
    "=",
    "+",
    "~",
    "~2",
    "^",
    "^2",
    "^1.5",
    "*",
    "?",
    "\\",
    ":",
    "/",
    "&",
    "|",
    ".",
    "AND",
    "OR",
    "NOT",
    "NEAR",
    "NEAR/5",
    "BEFORE/3",
    "SAME/s",
    "SAME/p",
    "w/5",
    "/5",
    "+5",
    "/s",
    "ET",
    "OU",
    "SAUF",
    "UND",
    "ODER",
    "NICHT",
    "BUT",
    "atleast/3",
    "ATLEAST2",
    "title:",
    "lang:",
    "lang:fr",
    "path:",
    "heading:",
    "date:2025",
    "date:",
    "since:6m",
    "foo:",
    "https://x.org/?q=1",
    "x@y.eu",
    "é",
    "ה\"ה",
    "\u{a0}",
    "\u{301}",
    "𝔘",
    "\0",
    "1,000",
    "--",
    "**",
    "…",
    "–",
    "sov*",
    "ty?x",
];

fn throw(random: &mut fastrand::Rng) -> String {
    let mut text = String::new();
    for _ in 0..random.usize(1..14) {
        match random.u8(0..20) {
            0 => text.push(random.char(..)),
            1 => text.push(random.char('\0'..='~')),
            _ => text.push_str(PIECES[random.usize(..PIECES.len())]),
        }
        if random.u8(0..3) > 0 {
            text.push(' ');
        }
    }
    text
}

#[track_caller]
fn holds_together(text: &str) -> bool {
    match Query::parse(text) {
        Ok(read) => {
            let canonical = read.to_string();
            let again = Query::parse(&canonical)
                .unwrap_or_else(|error| panic!("{text:?} -> {canonical:?}: {error:?}\n{read:?}"));
            assert_eq!(again.root, read.root, "{text:?} -> {canonical:?}");
            assert_eq!(again.to_string(), canonical, "{text:?}");
            for span in read.notes.iter().filter_map(|note| note.span.clone()) {
                assert!(text.get(span).is_some(), "{text:?}: {:?}", read.notes);
            }
            true
        }
        Err(crate::Error::Query(error)) => {
            assert!(text.get(error.span.clone()).is_some(), "{text:?}: {error:?}");
            if let Some(hint) = &error.hint {
                assert!(Query::parse(hint).is_ok(), "{text:?}: {error:?}");
            }
            false
        }
        Err(other) => panic!("{text:?}: {other:?}"),
    }
}

#[test]
fn random_texts_are_read_or_refused_and_print_back_to_themselves() {
    let mut random = fastrand::Rng::with_seed(7);
    let rounds = std::env::var("POLIDEX_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(5_000);
    let read = (0..rounds).filter(|_| holds_together(&throw(&mut random))).count();
    assert!(read > rounds / 10, "{read} of {rounds} texts are queries");
}

#[test]
fn random_bytes_never_panic() {
    let mut random = fastrand::Rng::with_seed(8);
    for _ in 0..5_000 {
        let bytes: Vec<u8> = (0..random.usize(..60)).map(|_| random.u8(..)).collect();
        holds_together(&String::from_utf8_lossy(&bytes));
        let text: String = (0..random.usize(..30)).map(|_| random.char(..)).collect();
        holds_together(&text);
    }
}

/// A word that may need any escape.
fn word(random: &mut fastrand::Rng) -> String {
    const WORDS: &[&str] = &[
        "AI",
        "AND",
        "OF",
        "ET",
        "w/5",
        "a b",
        "x*y",
        "what?",
        "10",
        "10^25",
        "title:x",
        "(a)",
        "a)",
        "-a",
        "=a",
        "+5",
        "q\"q",
        "\\a",
        "1,5",
        "a,b",
        "é",
        "https://x?y=z",
        "\u{301}a",
        "a~2",
        "a^2",
        "NEAR/5",
        "atleast/3",
        "digital",
        "5(1)",
        ".NET",
        "a.",
        "‚a",
        "’a’",
        "ה\"ה",
        "AND(x)",
        "\ta",
        "**a**",
        "*a*",
    ];
    WORDS[random.usize(..WORDS.len())].to_owned()
}

fn leaf(random: &mut fastrand::Rng) -> Node {
    match random.u8(0..8) {
        0 => Node::Exact(word(random)),
        1 => Node::Pattern("sov*ty".into()),
        2 => Node::Fuzzy {
            word: format!("{}abc", ["", "é", "\\", "1", "ne"][random.usize(..5)]),
            distance: random.u8(1..3),
        },
        3 => {
            let mut parts = vec![PhrasePart::Word(word(random))];
            for _ in 0..random.usize(..3) {
                parts.push(match random.u8(0..4) {
                    0 => PhrasePart::Any,
                    1 => PhrasePart::Pattern("sov*".into()),
                    _ => PhrasePart::Word(word(random)),
                });
            }
            // A star at the edge asks for nothing.
            parts.push(PhrasePart::Word(word(random)));
            Node::Phrase { parts, slop: random.u32(0..3) }
        }
        _ => Node::Word(word(random)),
    }
}

fn several(random: &mut fastrand::Rng, make: impl Fn(&mut fastrand::Rng) -> Node) -> Vec<Node> {
    (0..random.usize(2..4)).map(|_| make(random)).collect()
}

/// A node that has places in the text.
fn placed(random: &mut fastrand::Rng, depth: u32) -> Node {
    if depth == 0 {
        return leaf(random);
    }
    match random.u8(0..6) {
        0 => Node::Or(several(random, |random| placed(random, depth - 1))),
        1 => Node::Near {
            distance: random.u32(1..=limits::MAX_DISTANCE),
            ordered: random.bool(),
            operands: several(random, |random| placed(random, depth - 1)),
        },
        2 => Node::Same {
            unit: if random.bool() { super::Unit::Sentence } else { super::Unit::Paragraph },
            operands: several(random, |random| placed(random, depth - 1)),
        },
        3 => Node::Boost { node: Box::new(placed(random, depth - 1)), factor: random.f32() + 0.01 },
        _ => leaf(random),
    }
}

/// A node that the parser can give and that asks for something.
fn node(random: &mut fastrand::Rng, depth: u32, field: bool) -> Node {
    if depth == 0 {
        return leaf(random);
    }
    let below = |random: &mut fastrand::Rng| node(random, depth - 1, field);
    match random.u8(0..10) {
        0 => {
            let mut nodes = several(random, below);
            if random.bool() {
                nodes.insert(random.usize(..=nodes.len()), Node::Not(Box::new(below(random))));
            }
            Node::Words(nodes)
        }
        1 => {
            let mut nodes = several(random, below);
            if random.bool() {
                nodes.push(Node::Not(Box::new(below(random))));
            }
            Node::And(nodes)
        }
        2 => Node::Or(several(random, below)),
        3 => Node::AtLeast { count: random.u32(1..9), node: Box::new(placed(random, depth - 1)) },
        4 => {
            let nodes = several(random, below);
            Node::Of { count: random.u32(1..=2), nodes }
        }
        5 => Node::Boost { node: Box::new(below(random)), factor: random.f32() * 99.0 + 0.1 },
        6 if !field => {
            use super::Field;
            let fields = [Field::Title, Field::Tag, Field::Path];
            let field = fields[random.usize(..fields.len())];
            if field == Field::Path {
                return Node::Field { field, node: Box::new(Node::Word(word(random))) };
            }
            match node(random, depth - 1, true) {
                // A factor stands outside the field.
                Node::Boost { node, factor } if !matches!(*node, Node::Boost { .. }) => {
                    Node::Boost { node: Box::new(Node::Field { field, node }), factor }
                }
                Node::Boost { .. } => leaf(random),
                node => Node::Field { field, node: Box::new(node) },
            }
        }
        7 if !field => {
            Node::Date(crate::date::DateRange::From("2024-08-01".parse().expect("a date")))
        }
        _ => placed(random, depth),
    }
}

#[test]
fn random_trees_print_to_text_that_reads_as_them() {
    let mut random = fastrand::Rng::with_seed(9);
    for _ in 0..5_000 {
        let depth = random.u32(0..4);
        let tree = node(&mut random, depth, false);
        let text = tree.to_string();
        match Query::parse(&text) {
            Ok(read) => assert_eq!(read.root, tree, "{text}"),
            Err(error) => {
                assert!(
                    matches!(error.code(), "too_many_clauses" | "too_long"),
                    "{text}: {error:?}"
                );
            }
        }
    }
}

/// Text that repeats `piece` up to `bytes`.
fn repeated(piece: &str, bytes: usize) -> String {
    piece.repeat(bytes / piece.len())
}

const REPEATED: &[&str] = &[
    "(",
    ")",
    "\"",
    "NEAR/3 ",
    "a NEAR/3 ",
    "a ",
    "-",
    "- ",
    "\\",
    "a(",
    "a(b)",
    "“",
    "„a ",
    "2 OF ",
    "2 OF (a,",
    "NOT ",
    "!",
    "a:",
    "*",
    "a*",
    "~",
    "a~2 ",
    "^",
    "'",
    "title:",
    "‘ ",
    "a?",
    "a=b?",
    "AND ",
    "(a) ",
    "\"a\" ",
    "a OR ",
    "()",
    "a,",
    "::",
    "atleast/3 ",
    "foo:",
    "«»",
    "a | ",
    "𝔘",
    "?=",
    "@",
];

#[test]
fn a_megabyte_of_anything_is_refused_and_reading_is_linear() {
    let mut random = fastrand::Rng::with_seed(10);
    let mut unicode = String::new();
    while unicode.len() < 1 << 20 {
        unicode.push(random.char(..));
    }
    let megabytes = REPEATED.iter().map(|piece| repeated(piece, 1 << 20)).chain([unicode]);
    for text in megabytes {
        assert_eq!(error(&text).code, "too_long");
        // Without the limits nothing grows faster than the text: a quadratic step would take minutes.
        let part: String = text.chars().take(100_000).collect();
        let _ = parse::read(&part, false, None);
    }
}

/// Prints how long reading takes: `cargo test --release --lib query -- --ignored --nocapture`.
#[test]
#[ignore = "measures"]
fn times() {
    for piece in REPEATED {
        let time = |text: &str, limited| {
            let start = std::time::Instant::now();
            let _ = std::hint::black_box(parse::read(text, limited, None));
            start.elapsed()
        };
        let at_limit = repeated(piece, limits::MAX_BYTES);
        println!(
            "{piece:?}: {:?} at the limit, {:?} for 1 MB",
            time(&at_limit, true).min(time(&at_limit, true)),
            time(&repeated(piece, 1 << 20), false)
        );
    }
}

#[test]
fn a_pasted_paragraph_is_words() {
    let paragraph = "On 13 March 2024, the European Parliament adopted the AI Act (Regulation (EU) 2024/1689): \
        “the world’s first comprehensive law on AI” – as its rapporteurs put it. Providers of general-purpose \
        models (e.g. those trained with more than 10^25 FLOPs) must, under Article 53(1)(d), publish a summary; \
        see https://artificialintelligenceact.eu/article/53/?x=1 or write to jane@example.org. Isn't that \
        l'objectif? Yes/no: 50/50!";
    let read = query(paragraph);
    assert_eq!(query(&read.to_string()).root, read.root);
    let Node::Words(nodes) = &read.root else { panic!("{:?}", read.root) };
    assert!(nodes.iter().any(|node| matches!(node, Node::Phrase { .. })));
    assert!(nodes.contains(&Node::Word("53(1)(d)".into())));
}

#[test]
fn concepts_are_read_by_id_and_by_label() {
    reads(&[
        ("#digital-sovereignty", "#digital-sovereignty", "concept"),
        ("#DigitalSovereignty", "#digital-sovereignty", "concept"),
        ("concept:\"souveraineté numérique\"", "#digital-sovereignty", "concept"),
        ("concept:gdpr", "#gdpr", "concept"),
        ("concept:“AI Act” cloud", "#ai-act cloud", "concept"),
        ("#ai-act, #gdpr.", "#ai-act #gdpr", "concept concept"),
        ("#ai-act^2", "#ai-act^2", "concept"),
        ("-#ai-act cloud", "NOT #ai-act cloud", "concept"),
        ("(#ai-act OR #gdpr) NEAR/5 fine", "(#ai-act OR #gdpr) NEAR/5 fine", "concept concept"),
        ("title:#ai-act", "title:(#ai-act)", "concept"),
        ("2 OF (#ai-act, #gdpr, cloud)", "2 OF (#ai-act, #gdpr, cloud)", "concept concept"),
        ("atleast/3 #ai-act", "atleast/3 #ai-act", "concept"),
        (
            "#data-protection{-\"data privacy\" -Datenschutz}^2",
            "#data-protection{-\"data privacy\" -\"Datenschutz\"}^2",
            "concept",
        ),
        // No concepts.
        ("\\#AIAct", "\\#AIAct", ""),
        ("\"#ai-act\"", "\"#ai-act\"", ""),
        ("C# #1 a#b", "C# #1 a#b", ""),
        ("https://example.org/a#gdpr", "https://example.org/a#gdpr", "read_as_words"),
        ("content:x context:x", "content:x context:x", "read_as_words read_as_words"),
    ]);
    let note = &query("#digital-sovereignty{-\"tech sovereignty\"}").notes[0].message;
    assert!(note.contains("souveraineté numérique, "), "{note}");
    assert!(!note.contains("tech sovereignty"), "{note}");
}

#[test]
fn what_is_wrong_with_a_concept_is_told() {
    fails(&[
        (
            "cloud #digital-soverignty",
            "unknown_concept",
            "#digital-soverignty",
            "cloud #digital-sovereignty",
        ),
        (
            "concept:\"facial recognitoin\"",
            "unknown_concept",
            "concept:\"facial recognitoin\"",
            "#facial-recognition",
        ),
        ("#zzzzqq x", "unknown_concept", "#zzzzqq", "\"zzzzqq\" x"),
        ("#gdpr{-\"GDPR\"", "unclosed_brace", "{", "#gdpr{-\"GDPR\"}"),
        ("#gdpr{-\"DSGV\"}", "unknown_label", "\"DSGV\"", "#gdpr{-\"DSGVO\"}"),
        ("tag:#gdpr x", "concept_in_field", "#gdpr", "tag:\\#gdpr x"),
        ("concept:", "missing_value", "concept:", "concept"),
        ("-#gdpr", "only_negative", "-#gdpr", "AI -#gdpr"),
    ]);
    let many = "#gdpr ".repeat(limits::MAX_CONCEPTS + 1);
    assert_eq!(error(&many).code, "too_many_concepts");
    assert_eq!(error(&many.replace(' ', "^2 ")).code, "too_many_concepts");
    query(&"#gdpr ".repeat(limits::MAX_CONCEPTS));
    let all = crate::Vocabulary::shipped().concept("anthropic").unwrap();
    let cut: String = all.labels.iter().map(|label| format!(" -\"{}\"", label.text)).collect();
    assert_eq!(error(&format!("#anthropic{{{cut}}}")).code, "nothing_left");
}

#[test]
fn words_that_are_labels_are_expanded_and_nothing_else() {
    for (text, expanded) in [
        ("digital sovereignty", "digital sovereignty OR #digital-sovereignty"),
        ("GDPR fine", "(GDPR OR #gdpr) fine"),
        ("Digital-Sovereignty!", "Digital-Sovereignty OR #digital-sovereignty"),
        // The longest label counts: the AI Office is more than AI.
        ("AI Office Brussels", "(AI Office OR #ai-office) Brussels"),
        ("title:(AI Act)", "title:(AI Act OR #ai-act)"),
        ("privacy NEAR/5 fine", "(privacy OR #privacy) NEAR/5 fine"),
        ("\"digital sovereignty\"", "\"digital sovereignty\""),
        ("=GDPR", "=GDPR"),
        ("fine -GDPR", "fine NOT GDPR"),
        ("source:GDPR fine", "source:GDPR fine"),
        ("the US and us", "the US and us"),
        ("sovereignty digital", "sovereignty digital"),
        ("digital sovereignt*", "digital sovereignt*"),
    ] {
        let read = query(text).expand(crate::Vocabulary::shipped());
        assert_eq!(read.to_string(), expanded, "{text}");
        assert_eq!(query(expanded).root, read.root, "{text}");
        let told = read.notes.iter().filter(|note| note.code == "expanded").count();
        assert_eq!(told > 0, expanded.contains('#'), "{text}: {:?}", read.notes);
    }
}
