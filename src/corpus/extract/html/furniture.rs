//! Furniture: single lines inside the text of an article that are not the article's, told by their
//! words: labels of advertisements and buttons, calls to follow or subscribe, links to other
//! articles, lines that only say when it was published or how it is tagged.
//!
//! Each rule asks for a short passage that starts with words of its kind, so that a sentence that
//! speaks of such things stays.

use super::blocks::Passage;
use super::buttons::is_row_of_buttons;
use crate::Date;
use crate::article::BlockKind;

/// Letters that no such line has.
const LONGEST: usize = 220;

/// Whether a passage is no part of the article that it stands in.
pub(super) fn is_furniture(passage: &Passage) -> bool {
    if passage.letters > LONGEST
        || passage.text.len() > 8 * LONGEST
        || matches!(passage.kind, BlockKind::Code | BlockKind::Cell | BlockKind::Quote)
    {
        return false;
    }
    let text = passage.text.to_lowercase();
    let text = text.trim_matches(|c: char| !c.is_alphanumeric() && c != '©');
    let heading = matches!(passage.kind, BlockKind::Heading(_));
    (passage.letters <= 40 && LABELS.contains(&text))
        || is_notice(text)
        || is_call(text)
        || advertises_newsletter(text)
        || (passage.link_density() > 0.3 && (leads_on(text) || starts(text, TAGS)))
        || (!heading
            && (is_stamp(text, passage.letters)
                || is_numeric(text)
                || is_row_of_buttons(text)
                || on_privacy(text, passage.letters)))
}

fn starts(text: &str, words: &[&str]) -> bool {
    words.iter().any(|start| {
        text.strip_prefix(start).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    })
}

/// Whose the text is.
fn is_notice(text: &str) -> bool {
    (text.starts_with('©') || starts(text, &["copyright"])) && text.chars().count() < 160
}

/// When it was published, and nothing else.
fn is_stamp(text: &str, letters: usize) -> bool {
    const WORDS: &[&str] = &[
        "published",
        "first published",
        "date published",
        "posted",
        "posted on",
        "updated",
        "last updated",
        "last modified",
        "publié",
        "publié le",
        "mis à jour",
        "veröffentlicht",
        "aktualisiert",
        "zuletzt aktualisiert",
        "publicado",
        "actualizado",
        "atualizado",
        "pubblicato",
        "aggiornato",
        "gepubliceerd",
        "bijgewerkt",
        "opublikowano",
        "aktualizacja",
    ];
    letters <= 60 && starts(text, WORDS) && Date::find_written(text).is_some()
}

/// A day in figures alone (`2018-08-16`), or the numbers of a list of pages (`1 2 3 4`).
fn is_numeric(text: &str) -> bool {
    if text.chars().any(char::is_alphabetic) {
        return false;
    }
    let numbers: Option<Vec<u32>> = text.split(' ').map(|word| word.parse().ok()).collect();
    let pages = numbers.is_some_and(|numbers| {
        numbers.len() > 2 && numbers.iter().zip(numbers.iter().skip(1)).all(|(a, b)| a + 1 == *b)
    });
    let day = text.len() <= 10 && Date::find_written(text).is_some_and(|date| date.day().is_some());
    pages || day
}

/// A line that leads to the rules on privacy.
fn on_privacy(text: &str, letters: usize) -> bool {
    const LEADS: &[&str] = &[
        "mehr infos",
        "mehr informationen",
        "mehr dazu",
        "weitere infos",
        "weitere informationen",
        "more info",
        "more information",
        "further information",
        "learn more",
        "read our",
        "see our",
        "plus d'informations",
        "más información",
        "maggiori informazioni",
        "meer informatie",
    ];
    const RULES: &[&str] = &[
        "datenschutzerklärung",
        "datenschutzhinweise",
        "datenschutzbestimmungen",
        "privacy policy",
        "privacy notice",
        "privacy statement",
        "politique de confidentialité",
        "política de privacidad",
        "informativa sulla privacy",
        "privacyverklaring",
    ];
    letters <= 90 && starts(text, LEADS) && RULES.iter().any(|rules| text.contains(rules))
}

/// Words about a newsletter that end with a call to subscribe to it.
fn advertises_newsletter(text: &str) -> bool {
    let last = text.rsplit(['.', '!', '?']).map(str::trim).find(|part| !part.is_empty());
    last.is_some_and(|last| last.contains("newsletter") && is_call(last))
}

/// A call to follow, subscribe, write or download.
fn is_call(text: &str) -> bool {
    const CALLS: &[&str] = &[
        "follow",
        "subscribe",
        "sign up",
        "join our",
        "get the",
        "get our",
        "have a tip",
        "email",
        "reach",
        "contact the author",
        "like us",
        "find us",
        "click here",
        "download our",
        "need more",
        "suivez",
        "abonnez-vous",
        "inscrivez-vous",
        "folgen sie",
        "folge uns",
        "abonnieren sie",
        "jetzt abonnieren",
        "abonniere",
        "anmeldung zum",
        "melden sie sich",
        "mit unserem kostenlosen newsletter",
        "síguenos",
        "sigue a",
        "suscríbete",
        "suscríbase",
        "seguici",
        "iscriviti",
        "siga-nos",
        "siga o",
        "assine",
        "inscreva-se",
        "volg ons",
        "schrijf je in",
        "zapisz się",
    ];
    const WHERE: &[&str] = &[
        "twitter",
        "facebook",
        "instagram",
        "linkedin",
        "whatsapp",
        "telegram",
        "youtube",
        "mastodon",
        "bluesky",
        "newsletter",
        "newsletters",
        "inbox",
        "podcast",
        "rss",
        "magazine",
        "lettre d'information",
        "lettre d’information",
        "infolettre",
        "boletín",
        "nieuwsbrief",
        "biuletyn",
    ];
    starts(text, CALLS) && WHERE.iter().any(|place| text.contains(place))
}

/// The start of a line that leads to another article.
fn leads_on(text: &str) -> bool {
    const LEADS: &[&str] = &[
        "read more",
        "read also",
        "read next",
        "also read",
        "see also",
        "see more",
        "explore further",
        "don't miss",
        "related",
        "more",
        "more on this",
        "watch",
        "recommended",
        "you may also like",
        "lire aussi",
        "à lire aussi",
        "lire également",
        "voir aussi",
        "lesen sie auch",
        "lesen sie mehr",
        "mehr dazu",
        "mehr zum thema",
        "auch interessant",
        "weiterlesen",
        "zum thema",
        "lea también",
        "leer también",
        "te puede interesar",
        "más información",
        "leggi anche",
        "per approfondire",
        "leia também",
        "leia mais",
        "saiba mais",
        "lees ook",
        "lees meer",
        "czytaj też",
        "czytaj także",
        "zobacz też",
        "читайте также",
    ];
    starts(text, LEADS)
}

/// Whether a heading announces other articles.
pub(super) fn announces_others(heading: &str) -> bool {
    const HEADINGS: &[&str] = &[
        "related",
        "related articles",
        "related content",
        "related news",
        "related posts",
        "related reading",
        "related stories",
        "related topics",
        "related links",
        "read more",
        "read also",
        "read next",
        "also read",
        "more from",
        "more news",
        "more stories",
        "more like this",
        "most read",
        "most popular",
        "popular posts",
        "latest news",
        "latest posts",
        "recent posts",
        "recommended for you",
        "recommended",
        "you may also like",
        "you might also like",
        "what to read next",
        "don't miss",
        "trending",
        "trending now",
        "comments",
        "leave a comment",
        "leave a reply",
        "à lire aussi",
        "lire aussi",
        "à lire également",
        "articles similaires",
        "articles liés",
        "sur le même sujet",
        "dans la même rubrique",
        "les plus lus",
        "laisser un commentaire",
        "ähnliche artikel",
        "ähnliche beiträge",
        "verwandte artikel",
        "verwandte themen",
        "weitere artikel",
        "weitere beiträge",
        "weitere meldungen",
        "weitere nachrichten",
        "mehr zum thema",
        "das könnte sie auch interessieren",
        "das könnte dich auch interessieren",
        "auch interessant",
        "lesen sie auch",
        "meistgelesen",
        "neueste beiträge",
        "kommentare",
        "schreibe einen kommentar",
        "artículos relacionados",
        "noticias relacionadas",
        "entradas relacionadas",
        "también te puede interesar",
        "te puede interesar",
        "lo más leído",
        "deja un comentario",
        "articoli correlati",
        "leggi anche",
        "potrebbe interessarti",
        "artigos relacionados",
        "notícias relacionadas",
        "leia também",
        "você pode gostar",
        "mais lidas",
        "lees ook",
        "gerelateerde artikelen",
        "meest gelezen",
        "zobacz także",
        "czytaj także",
        "powiązane artykuły",
        "читайте также",
        "похожие статьи",
        "похожие записи",
        "関連記事",
        "相关文章",
        "相关阅读",
        "관련기사",
        "관련 기사",
    ];
    let text = heading.to_lowercase();
    let text = text.trim_matches(|c: char| !c.is_alphanumeric()).replace('’', "'");
    let others = ["stories", "articles", "news", "posts", "headlines", "reads"];
    HEADINGS.contains(&&*text)
        || (text.len() < 60 && starts(&text, &["more from", "more in", "popular on"]))
        || (starts(&text, &["more"])
            && text.split(' ').count() <= 4
            && others.iter().any(|other| text.ends_with(other)))
}

/// What a line begins with that names the tags of an article.
const TAGS: &[&str] = &[
    "tag",
    "tags",
    "tagged",
    "filed under",
    "posted in",
    "categories",
    "category",
    "schlagwörter",
    "schlagworte",
    "kategorie",
    "kategorien",
    "étiquettes",
    "mots-clés",
    "etiquetas",
    "categorías",
    "categorie",
    "タグ",
    "カテゴリ",
    "теги",
    "метки",
];

/// Whole lines: labels of advertisements, of buttons, of what stands beside the text.
const LABELS: &[&str] = &[
    "ad",
    "ads",
    "advert",
    "advertisement",
    "advertisements",
    "advertising",
    "anuncio",
    "annonce",
    "anzeige",
    "publicidad",
    "publicidade",
    "publicité",
    "pubblicità",
    "werbung",
    "advertentie",
    "reklama",
    "реклама",
    "広告",
    "广告",
    "caption",
    "close",
    "comments",
    "comment",
    "post comment",
    "leave a comment",
    "kommentare",
    "commentaires",
    "comentarios",
    "share",
    "share this",
    "share this article",
    "share this story",
    "print",
    "teilen",
    "teilen über",
    "merken",
    "drucken",
    "kommentieren",
    "mehr anzeigen",
    "zurück zur übersicht",
    "auch interessant",
    "partager",
    "compartir",
    "condividi",
    "compartilhar",
    "delen",
    "udostępnij",
    "related",
    "related articles",
    "related stories",
    "related tags",
    "related topics",
    "read more",
    "read also",
    "see also",
    "weiterlesen",
    "mehr lesen",
    "mehr zum thema",
    "lesen sie auch",
    "lire aussi",
    "à lire aussi",
    "lire la suite",
    "leer más",
    "lea también",
    "leggi anche",
    "leia também",
    "leia mais",
    "lees ook",
    "lees meer",
    "czytaj też",
    "subscribe",
    "topics",
    "text size",
    "explore further",
    "iklan",
    "story continues below advertisement",
    "article continues below",
    "article continues after advertisement",
    "loading",
    "loading content",
    "nach oben",
    "zum seitenanfang",
    "back to top",
    "haut de page",
    "skip to content",
    "zum inhalt springen",
    "aller au contenu",
];
