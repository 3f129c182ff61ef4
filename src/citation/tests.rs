use super::{find, meant};
use crate::Language;

fn english(text: &str) -> String {
    find(text, Language::ENGLISH).join(" ")
}

fn any(text: &str) -> String {
    find(text, Language::UNKNOWN).join(" ")
}

/// CELEX numbers as EUR-Lex gives them for these acts.
#[test]
fn acts_of_the_union_in_their_written_forms() {
    for (text, expected) in [
        ("Regulation (EU) 2024/1689 of the European Parliament", "celex:32024R1689"),
        ("règlement (UE) 2024/1689", "celex:32024R1689"),
        ("Verordnung (EU) 2016/679", "celex:32016R0679"),
        ("Durchführungsverordnung (EU) 2021/1772", "celex:32021R1772"),
        ("der Verordnung (EG) Nr. 765/2008", "celex:32008R0765"),
        ("Reglamento (UE) n.º 910/2014", "celex:32014R0910"),
        ("Reglamento (UE) nº 910/2014", "celex:32014R0910"),
        ("regolamento (UE) n. 910/2014", "celex:32014R0910"),
        ("règlement (UE) n° 910/2014", "celex:32014R0910"),
        ("règlement (UE) no 910/2014", "celex:32014R0910"),
        ("Regulamento (UE) 2016/679", "celex:32016R0679"),
        ("Verordening (EU) 2016/679", "celex:32016R0679"),
        ("Uitvoeringsverordening (EU) 2021/1772", "celex:32021R1772"),
        ("rozporządzenie Parlamentu Europejskiego i Rady (UE) 2016/679", "celex:32016R0679"),
        ("rozporządzenia (UE) 2016/679", "celex:32016R0679"),
        ("förordning (EU) 2016/679", "celex:32016R0679"),
        ("forordning (EU) 2016/679", "celex:32016R0679"),
        ("Regulation (EC) No 2006/2004", "celex:32006R2006 celex:32004R2006"),
        ("Council Regulation (EEC) No 4064/89", "celex:31989R4064"),
        ("Regulation (EU) No 1025/2012", "celex:32012R1025"),
        ("Regulation 2016/679", "celex:32016R0679"),
        ("Council Regulation 1049/2001", "celex:32001R1049"),
        ("Directive 95/46/EC", "celex:31995L0046"),
        ("Directive 95/46", "celex:31995L0046"),
        ("Richtlinie 95/46/EG", "celex:31995L0046"),
        ("Direttiva 2000/31/CE", "celex:32000L0031"),
        ("directive (UE) 2016/680", "celex:32016L0680"),
        ("dyrektywy 2002/58/WE", "celex:32002L0058"),
        ("Decision No 768/2008/EC", "celex:32008D0768"),
        ("Commission Decision 2000/520/EC", "celex:32000D0520"),
        ("Implementing Decision (EU) 2023/1795", "celex:32023D1795"),
        ("Framework Decision 2008/977/JHA", "celex:32008F0977"),
        ("décision-cadre 2008/977/JAI", "celex:32008F0977"),
        ("Rahmenbeschluss 2008/977/JI", "celex:32008F0977"),
        ("Recommendation (EU) 2023/2425", "celex:32023H2425"),
        ("see http://data.europa.eu/eli/reg/2024/1689/oj", "celex:32024R1689"),
        ("CELEX:32024R1689", "celex:32024R1689"),
        ("CELEX%3A32016R0679", "celex:32016R0679"),
        ("02016R0679-20160504", "celex:32016R0679"),
    ] {
        // Of a regulation whose number is a year, too, the number stands first before 2015.
        let expected = if text.contains("2006/2004") { "celex:32004R2006" } else { expected };
        assert_eq!(any(text), expected, "{text}");
    }
}

#[test]
fn acts_named_in_one_list() {
    assert_eq!(
        english(
            "amending Regulations (EC) No 300/2008, (EU) No 167/2013, (EU) 2018/858 and (EU) \
             2019/2144 and Directives 2014/90/EU, (EU) 2016/797 and (EU) 2020/1828"
        ),
        "celex:32008R0300 celex:32013R0167 celex:32018R0858 celex:32019R2144 celex:32014L0090 \
         celex:32016L0797 celex:32020L1828"
    );
}

#[test]
fn papers_cases_and_identifiers_of_the_union() {
    for (text, expected) in [
        ("COM(2021) 206 final", "com:2021/206"),
        ("COM/2021/206", "com:2021/206"),
        ("COM(2021)0206", "com:2021/206"),
        ("C(2025) 5053 final", "c:2025/5053"),
        ("52021PC0206", "com:2021/206"),
        ("SWD(2021) 84 final", "swd:2021/84"),
        ("JOIN(2020) 18", "join:2020/18"),
        ("2021/0106(COD)", "procedure:2021/0106(COD)"),
        ("ECLI:EU:C:2014:317.", "ECLI:EU:C:2014:317"),
        ("ECLI:DE:BVerfG:2020:rs20200505.2bvr085915", "ECLI:DE:BVERFG:2020:RS20200505.2BVR085915"),
        ("Case C-311/18, Schrems II", "case:C-311/18"),
        ("Rechtssache C‑131/12", "case:C-131/12"),
        ("62018CJ0311", "case:C-311/18"),
    ] {
        assert_eq!(any(text), expected, "{text}");
    }
}

#[test]
fn law_of_the_united_states() {
    for (text, expected) in [
        ("the bill H.R. 1234 was", "us-bill:HR1234"),
        ("H.R.1234", "us-bill:HR1234"),
        ("H. R. 1234", "us-bill:HR1234"),
        ("H.Res. 66", "us-bill:HRES66"),
        ("S.J. Res. 12", "us-bill:SJRES12"),
        ("the Senate bill, S. 567, would", "us-bill:S567"),
        ("the Algorithmic Accountability Act (S. 3572)", "us-bill:S3572"),
        ("S. 3572, 117th Cong.", "us-bill:S3572"),
        ("California’s SB 1047 and A.B. 331", "us-bill:SB1047 us-bill:AB331"),
        ("SB 24-205", "us-bill:SB24-205"),
        ("Colorado SB24-205", "us-bill:SB24-205"),
        ("California’s SB1047 and HB 2123", "us-bill:SB1047 us-bill:HB2123"),
        ("Pub. L. 117-263", "us-law:117-263"),
        ("Pub. L. No. 117–263", "us-law:117-263"),
        ("Public Law 117-263", "us-law:117-263"),
        ("P.L. 117-263", "us-law:117-263"),
        ("42 U.S.C. § 1983", "usc:42/1983"),
        ("15 USC 9401", "usc:15/9401"),
        ("15 U.S.C. §§ 278h-1", "usc:15/278h-1"),
        ("42 U.S.C. 2000e-5", "usc:42/2000e-5"),
        ("12 U.S.C. 2001-2279cc", "usc:12/2001"),
        ("47 U.S.C. § 230(c)(1)", "usc:47/230"),
        ("16 C.F.R. § 312.5", "cfr:16/312.5"),
        ("45 CFR part 46", "cfr:45/46"),
        ("Executive Order 14110", "us-eo:14110"),
        ("Executive Order No. 13,859", "us-eo:13859"),
        ("E.O. 14110", "us-eo:14110"),
        ("the Open Data Policy, OMB M-13-13", "omb:M-13-13"),
        ("OMB Memorandum M-10-06 (Open Government Directive)", "omb:M-10-06"),
        ("OMB Circular A-16, revised", "omb:A-16"),
        ("OMB Circular No. A-130", "omb:A-130"),
        ("88 FR 75191", "fedreg:88/75191"),
        ("88 Fed. Reg. 75,191", "fedreg:88/75191"),
        ("Docket No. FTC-2023-0064", "docket:FTC-2023-0064"),
        ("Docket ID: NTIA-2023-0005", "docket:NTIA-2023-0005"),
        ("No. 1:23-cv-11195 (S.D.N.Y.)", "docket:1:23-cv-11195"),
    ] {
        assert_eq!(english(text), expected, "{text}");
    }
}

#[test]
fn law_of_other_states_and_treaties() {
    for (text, expected) in [
        ("Data Protection Act 2018 (c. 12)", "uk-act:2018/12"),
        ("Data Protection Act 2018 c. 12", "uk-act:2018/12"),
        ("S.I. 2019/419", "uk-si:2019/419"),
        ("SI 2018 No. 506", "uk-si:2018/506"),
        ("BGBl. 2021 I S. 1858", "bgbl:2021-I-1858"),
        ("BGBl. I 2017 S. 2097", "bgbl:2017-I-2097"),
        ("BGBl. 2024 I Nr. 149", "bgbl:2024-I-149"),
        ("BT-Drs. 20/1234", "bt-drs:20/1234"),
        ("Bundestagsdrucksache 19/23700", "bt-drs:19/23700"),
        ("BT-Drucksache 19/23700", "bt-drs:19/23700"),
        ("BR-Drs. 123/24", "br-drs:123/24"),
        ("loi n° 2016-1321 du 7 octobre 2016", "fr-loi:2016-1321"),
        ("la loi no 78-17 du 6 janvier 1978", "fr-loi:78-17"),
        ("décret n°2019-536", "fr-decret:2019-536"),
        ("JORF n°0235 du 8 octobre 2016", "jorf:2016/235"),
        ("JORFTEXT000033202746", "legifrance:JORFTEXT000033202746"),
        ("(CETS No. 225)", "cets:225"),
        ("A/RES/78/265", "un:A/RES/78/265"),
    ] {
        assert_eq!(any(text), expected, "{text}");
    }
}

#[test]
fn near_misses_are_no_citations() {
    for text in [
        "Regulation 12",
        "the 2024/25 season",
        "Regulation 3/2020 of the Norwegian ministry",
        "Government Regulation 71/2019",
        "a decision of 2016/17",
        "Decision 2021/15 of the board",
        "Directive 8",
        "the directive 24/7 to be reachable",
        "24/7",
        "a ratio of 2016/679",
        "on 1/2/2024",
        "page 2024/1689",
        "the C-suite of 311/18",
        "vitamin C 311/18",
        "A4/20",
        "COM 206",
        "www.example.com/2021/206",
        "HR 1234 employees",
        "Johnson, S. 2021",
        "see S. 567",
        "the company's AB testing of 12",
        "Aberdeen AB12 3CD",
        "the connector SB1047",
        "a Canon M-13-13",
        "the circular A-4 sheet",
        "C/2025/5053",
        "Public Law 101",
        "in 2018 c. 12 people",
        "42 US cities",
        "the U.S.C. team of 42",
        "10 FR 20",
        "Executive Order",
        "EO 5",
        "CVE-2021-44228",
        "No. 12",
        "BGBl. I S. 1234",
        "Drucksache 12",
        "loi de 2016",
        "ISO 27001:2022",
        "12024R1689X",
        "a32024R1689",
        "v2.32024",
        "320240001689",
        "2021/0106",
        "ECLI",
    ] {
        assert_eq!(english(text), "", "{text}");
    }
    // A page of a German text is no bill.
    let german = "Senate bill (S. 567) und SB 1047";
    assert!(find(german, Language::GERMAN).is_empty());
    // Where the state is named, it is one in any language.
    let spanish = "California, AB 602, y Florida, CS/CS/SB 1798. Papel AB 602";
    assert_eq!(find(spanish, Language::SPANISH), ["us-bill:AB602", "us-bill:SB1798"]);
}

#[test]
fn what_a_query_means() {
    for (query, expected) in [
        ("32024R1689", "celex:32024R1689"),
        ("32024r1689", "celex:32024R1689"),
        ("celex:32024R1689", "celex:32024R1689"),
        ("CELEX:32024R1689", "celex:32024R1689"),
        ("Regulation (EU) 2024/1689", "celex:32024R1689"),
        ("règlement (UE) 2024/1689", "celex:32024R1689"),
        ("2024/1689", "celex:32024R1689"),
        ("(EU) 2024/1689", "celex:32024R1689"),
        ("95/46/EC", "celex:31995L0046"),
        ("765/2008", "celex:32008R0765"),
        ("HR 1234", "us-bill:HR1234"),
        ("S. 567", "us-bill:S567"),
        ("eo 14110", "us-eo:14110"),
        ("2018 c. 12", "uk-act:2018/12"),
        ("COM(2021)206", "com:2021/206"),
        ("ECLI:EU:C:2014:317", "ECLI:EU:C:2014:317"),
        ("c-311/18", "case:C-311/18"),
        ("SB24-205", "us-bill:SB24-205"),
        ("sb1047", "us-bill:SB1047"),
        ("M-13-13", "omb:M-13-13"),
        ("us-law:117-263", "us-law:117-263"),
    ] {
        assert!(meant(query).contains(&expected.to_owned()), "{query}: {:?}", meant(query));
    }
    for query in ["", "GDPR", "AI Act", "1689", "2024", "24/7"] {
        assert!(meant(query).is_empty(), "{query}: {:?}", meant(query));
    }
}
