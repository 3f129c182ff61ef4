//! The shipped vocabulary, and files of users held against what can be wrong in them.

use super::*;

fn mistakes(text: &str) -> Vec<(usize, String)> {
    match Vocabulary::shipped().with("own.toml", text) {
        Err(Error::Vocabulary { mistakes, .. }) => {
            mistakes.into_iter().map(|mistake| (mistake.line, mistake.message)).collect()
        }
        other => panic!("{text}: {:?}", other.map(|it| it.concepts().len())),
    }
}

#[track_caller]
fn is_wrong(text: &str, line: usize, start: &str) {
    let told = mistakes(text);
    assert!(told.iter().any(|(at, it)| *at == line && it.starts_with(start)), "{text}: {told:?}");
}

#[test]
fn the_shipped_files_have_no_mistake_and_every_concept_five_languages() {
    let mut all = Vocabulary::default();
    for (name, text) in SHIPPED {
        all = all.with(name, text).unwrap();
    }
    assert!(all.concepts().len() >= 250);
    for kind in ConceptKind::ALL {
        assert!(all.concepts().filter(|concept| concept.kind == kind).count() >= 40, "{kind}");
    }
    for concept in all.concepts() {
        for code in ["en", "fr", "de", "es", "it"] {
            let has = concept.labels.iter().any(|label| label.language.code() == code);
            assert!(has, "{} has no label in {code}", concept.id);
        }
    }
}

#[test]
fn no_abbreviation_that_is_a_common_word_is_looked_for_in_other_languages() {
    // "us" and "who" in English; "ai" in Italian and French, "eu" in French and Portuguese, "usa"
    // in Italian and Spanish, "uno" in Italian and Spanish, "island" in English, "indien" in Dutch.
    let vocabulary = Vocabulary::shipped();
    for word in ["us", "who", "or", "it", "un", "no", "de"] {
        assert_eq!(vocabulary.labelled(word).map(|it| it.id.as_str()), None, "{word}");
    }
    for word in ["ai", "ia", "eu", "ue", "usa", "uno", "island", "indien", "odd", "agi"] {
        let concept = vocabulary.labelled(word).unwrap_or_else(|| panic!("{word} is no label"));
        for label in concept.labels.iter().filter(|label| key(&label.text) == word) {
            assert_eq!(label.form, LabelForm::Local, "{label:?} of {}", concept.id);
        }
    }
}

#[test]
fn concepts_are_found_by_id_and_by_label_however_they_are_spelt() {
    let id = |name: &str| Vocabulary::shipped().concept(name).map(|it| it.id.clone());
    for name in [
        "digital-sovereignty",
        "Digital Sovereignty",
        "souverainete NUMERIQUE",
        "digital_sovereignty",
        "digitalsovereignty",
    ] {
        assert_eq!(id(name).as_deref(), Some("digital-sovereignty"), "{name}");
    }
    assert_eq!(id("AIAct").as_deref(), Some("ai-act"));
    assert_eq!(id("2024/1689").as_deref(), Some("ai-act"));
    assert_eq!(id("ai-acts"), None);
    assert_eq!(id(""), None);
    assert_eq!(id("--"), None);
}

#[test]
fn a_file_adds_overrides_replaces_and_takes_away() {
    let own = "\
[ai-act]
definition = \"Ours.\"
de = [\"=KI-VO\", \"KI-Rechtsakt\"]
ja = [\"AI法\"]
without = [\"EU AI Act\"]

[gdpr]
replace = true
kind = \"instrument\"
definition = \"Only this.\"
en = [\"GDPR\"]

[house-style]
kind = \"topic\"
definition = \"Ours alone.\"
en = [\"EU AI Act\"]
";
    let vocabulary = Vocabulary::shipped().with("own.toml", own).unwrap();
    let act = vocabulary.concept("ai-act").unwrap();
    assert_eq!((&*act.definition, act.celex.as_deref()), ("Ours.", Some("32024R1689")));
    assert_eq!(act.label("KI-Rechtsakt").unwrap().form, LabelForm::Inflected);
    assert_eq!(act.label("AI法").unwrap().language.code(), "ja");
    assert!(act.label("KI-Verordnung").is_some());
    assert_eq!(act.labels.iter().filter(|label| key(&label.text) == "ki vo").count(), 1);
    assert_eq!(vocabulary.concept("eu ai act").unwrap().id, "house-style");
    let gdpr = vocabulary.concept("gdpr").unwrap();
    assert_eq!((gdpr.labels.len(), gdpr.celex.as_deref()), (1, None));
    assert_eq!(vocabulary.concept("DSGVO").map(|it| it.id.as_str()), None);
    assert_ne!(vocabulary.fingerprint(), Vocabulary::shipped().fingerprint());
    // The order of a file makes no difference to what is freed and what is claimed.
    let (tables, last) = own.split_at(own.find("[house").unwrap());
    assert!(Vocabulary::shipped().with("own.toml", &format!("{last}\n{tables}")).is_ok());
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let topic = "kind = \"topic\"\ndefinition = \"x\"\n";
    is_wrong("[a]\nkin = \"topic\"\n", 2, "unknown key `kin`");
    is_wrong("[a]\nkind = \"thing\"\n", 2, "`thing` is no kind");
    is_wrong("\n[A b]\n", 2, "");
    is_wrong("[Ab]\nkind = \"topic\"\n", 1, "`Ab` is no id");
    is_wrong("[a--b]\nkind = \"topic\"\n", 1, "`a--b` is no id");
    is_wrong("a = 1\n", 1, "`a` is no concept");
    is_wrong(&format!("[a]\n{topic}en = [\"a\"]\n\n[a]\n{topic}"), 6, "duplicate");
    is_wrong(&format!("[a]\n{topic}en = [\"a1\", \"\"]\n"), 4, "a label of en is empty");
    is_wrong(
        &format!("[a]\n{topic}en = [\n  \"a1\",\n  \"--\",\n]\n"),
        6,
        "the label `--` has no word",
    );
    is_wrong(&format!("[a]\n{topic}en = \"a1\"\n"), 4, "en is a list");
    is_wrong(&format!("[a]\n{topic}xx = [\"a1\"]\n"), 4, "unknown key `xx`");
    is_wrong(&format!("[a]\n{topic}en = [\"a b\", \"A-B\"]\n"), 4, "`A-B` says the same as `a b`");
    is_wrong(&format!("[a]\n{topic}en = [\"=!a b\"]\n"), 4, "`=!a b` has two marks");
    is_wrong(&format!("[a]\n{topic}"), 1, "a has no label");
    is_wrong("[a]\ndefinition = \"x\"\nen = [\"a1\"]\n", 1, "a lacks kind");
    is_wrong("[a]\nkind = \"topic\"\nen = [\"a1\"]\n", 1, "a lacks definition");
    is_wrong(
        &format!("[a]\n{topic}celex = \"2024/1689\"\nen = [\"a1\"]\n"),
        4,
        "`2024/1689` is no",
    );
    is_wrong("[gdpr]\nwithout = [\"none of it\"]\n", 2, "`none of it` is no label of gdpr");
    is_wrong("[gdpr]\n\nfr = [\"AI act\"]\n", 3, "`AI act` is a label of ai-act already");
    is_wrong(
        "[ai-liability-directive]\nfr = [\"données personnelles\"]\n",
        2,
        "`données personnelles` is",
    );
    // All of them are told at once.
    assert_eq!(mistakes("[a]\nkin = 1\n\n[b]\nkin = 1\n").len(), 2);
    let shown = Vocabulary::shipped().with("own.toml", "[a]\nkin = 1\n").unwrap_err();
    assert!(shown.to_string().starts_with("own.toml: line 2: unknown key"));
}
