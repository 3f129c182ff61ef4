//! What kind of publication an article is, in the words of bibliographies.

/// A kind of publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReferenceKind {
    /// A law in force, or a rule made under one.
    Legislation,
    /// A law that is proposed.
    Bill,
    /// A treaty or convention.
    Treaty,
    /// A judgment.
    Case,
    /// An article of a newspaper or an agency.
    News,
    /// An article that explains or argues: analysis, opinion.
    Magazine,
    /// An article of a scholarly journal.
    Paper,
    /// A report, study or guidance.
    Report,
    /// A speech.
    Speech,
    /// An interview.
    Interview,
    /// An entry of a blog.
    Post,
    /// A thesis.
    Thesis,
    /// A book.
    Book,
    /// A letter or message.
    Letter,
    /// Data.
    Dataset,
    /// A page of the web of which no more is known.
    Webpage,
    /// Anything else.
    Document,
}

use ReferenceKind::*;

/// What articles call their kind, in lower case.
const WORDS: &[(ReferenceKind, &[&str])] = &[
    (
        Legislation,
        &[
            "law",
            "act",
            "statute",
            "legislation",
            "regulation",
            "directive",
            "decree",
            "ordinance",
            "loi",
            "règlement",
            "décret",
            "gesetz",
            "verordnung",
            "richtlinie",
            "ley",
            "reglamento",
            "legge",
            "regolamento",
            "wet",
            "lei",
        ],
    ),
    (Bill, &["bill", "proposal", "draft law", "projet de loi", "entwurf", "proyecto de ley"]),
    (Treaty, &["treaty", "convention", "agreement", "traité", "vertrag", "tratado", "trattato"]),
    (
        Case,
        &["case", "judgment", "judgement", "ruling", "arrêt", "urteil", "sentencia", "sentenza"],
    ),
    (
        News,
        &[
            "news",
            "dispatch",
            "newspaper",
            "actualité",
            "dépêche",
            "nachricht",
            "meldung",
            "noticia",
            "notizia",
        ],
    ),
    (
        Magazine,
        &[
            "analysis",
            "opinion",
            "commentary",
            "comment",
            "editorial",
            "essay",
            "column",
            "feature",
            "magazine",
            "analyse",
            "tribune",
            "kommentar",
            "análisis",
            "analisi",
        ],
    ),
    (Paper, &["paper", "journal", "article-journal", "working paper", "preprint"]),
    (
        Report,
        &[
            "report",
            "study",
            "guidance",
            "guidelines",
            "guideline",
            "guide",
            "white paper",
            "briefing",
            "policy brief",
            "strategy",
            "rapport",
            "étude",
            "bericht",
            "studie",
            "leitfaden",
            "informe",
            "guía",
            "rapporto",
            "relazione",
        ],
    ),
    (Speech, &["speech", "statement", "address", "discours", "rede", "discurso", "discorso"]),
    (Interview, &["interview", "entretien", "entrevista", "intervista"]),
    (Post, &["blog", "post", "blog post", "billet"]),
    (Thesis, &["thesis", "dissertation", "thèse"]),
    (Book, &["book", "livre", "buch", "libro"]),
    (Letter, &["letter", "mail", "e-mail", "email", "message", "lettre", "brief"]),
    (Dataset, &["dataset", "data", "statistics"]),
    (Webpage, &["webpage", "web page", "website", "page"]),
];

impl ReferenceKind {
    /// The kind that an article's own word for it names; without one that is known, a page of the
    /// web where it has an address there.
    pub fn of(kind: Option<&str>, has_url: bool) -> ReferenceKind {
        let kind = kind.unwrap_or_default().trim().to_lowercase();
        let named = WORDS.iter().find(|(_, words)| words.contains(&kind.as_str()));
        match named {
            Some((kind, _)) => *kind,
            None if has_url => Webpage,
            None => Document,
        }
    }

    /// The type in the Citation Style Language (CSL 1.0.2, appendix III).
    pub fn csl(self) -> &'static str {
        match self {
            Legislation => "legislation",
            Bill => "bill",
            Treaty => "treaty",
            Case => "legal_case",
            News => "article-newspaper",
            Magazine => "article-magazine",
            Paper => "article-journal",
            Report => "report",
            Speech => "speech",
            Interview => "interview",
            Post => "post-weblog",
            Thesis => "thesis",
            Book => "book",
            Letter => "personal_communication",
            Dataset => "dataset",
            Webpage => "webpage",
            Document => "document",
        }
    }

    /// The type of an entry that the standard styles of BibTeX know.
    pub fn bibtex(self) -> &'static str {
        match self {
            News | Magazine | Paper => "article",
            Report => "techreport",
            Thesis => "phdthesis",
            Book => "book",
            _ => "misc",
        }
    }

    /// The type in RIS.
    pub fn ris(self) -> &'static str {
        match self {
            Legislation => "STAT",
            Bill => "BILL",
            Treaty => "LEGAL",
            Case => "CASE",
            News => "NEWS",
            Magazine => "MGZN",
            Paper => "JOUR",
            Report => "RPRT",
            Post => "BLOG",
            Thesis => "THES",
            Book => "BOOK",
            Letter => "PCOMM",
            Dataset => "DATA",
            Webpage => "ELEC",
            Speech | Interview | Document => "GEN",
        }
    }

    /// Whether what it stands in is a periodical or a site, not a publisher.
    pub(crate) fn has_container(self) -> bool {
        matches!(self, News | Magazine | Paper | Post | Webpage)
    }
}
