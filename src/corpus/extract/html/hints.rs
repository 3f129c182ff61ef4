//! Hints: what the names that a site gave its elements say about them.

use html5ever::local_name;

use super::tree::Node;

/// Whether a reader of the page does not see the element.
pub(super) fn unseen(node: &Node) -> bool {
    if node.attributes.is_empty() {
        return false;
    }
    if node.has(&local_name!("hidden")) && node.attribute(&local_name!("hidden")) != "until-found" {
        return true;
    }
    let style = node.attribute(&local_name!("style"));
    if !style.is_empty() {
        let style: String =
            style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
        if style.contains("display:none") || style.contains("visibility:hidden") {
            return true;
        }
    }
    if node.attribute(&local_name!("aria-hidden")) == "true" && !node.shape.is_block() {
        return true;
    }
    let class = node.attribute(&local_name!("class"));
    if not_displayed(class) {
        return true;
    }
    class.split_ascii_whitespace().any(|name| {
        let plain: String = name
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect();
        UNSEEN.contains(&plain.as_str())
    })
}

/// Whether Bootstrap's classes say that no screen shows the element: `d-none` without another one
/// that shows it on wider screens.
fn not_displayed(class: &str) -> bool {
    let mut names = class.split_ascii_whitespace();
    let shows = |name: &str| name.starts_with("d-") && name != "d-none" && !name.contains("print");
    names.clone().any(|name| name == "d-none") && !names.any(shows)
}

/// Classes, without marks between their words, of what only some readers or programs are shown.
const UNSEEN: &[&str] = &[
    "sronly",
    "visuallyhidden",
    "visuallyhide",
    "screenreadertext",
    "screenreader",
    "screenreaderonly",
    "elementinvisible",
    "offscreen",
    "hiddenprint",
    "noprint",
    "printonly",
    "headerlink",
    "headeranchor",
    "anchorjslink",
    "headinganchor",
    "mweditsection",
    "mwjumplink",
    "skiplink",
    "popover",
    "tooltip",
    "tooltiptext",
    "hovercard",
    "rolloverpeopleblock",
    "rollover",
    "unsichtbar",
];

/// The level of a block that is a heading by its role or class rather than its name: the Official
/// Journal of the European Union sets chapters and articles of laws as paragraphs.
pub(super) fn heading_level(node: &Node) -> Option<u8> {
    if node.attribute(&local_name!("role")) == "heading" {
        let level = node.other_attribute("aria-level").parse().ok();
        return Some(level.filter(|level| (1..=6).contains(level)).unwrap_or(2));
    }
    if node.name != local_name!("p") {
        return None;
    }
    let class = node.attribute(&local_name!("class"));
    class.split_ascii_whitespace().find_map(|name| {
        Some(match name.strip_prefix("oj-").unwrap_or(name) {
            "ti-section-1" => 2,
            "ti-section-2" => 3,
            "ti-art" => 4,
            "sti-art" => 5,
            _ => return None,
        })
    })
}

/// Whether a block is the caption of an image, by its class.
pub(super) fn caption(node: &Node) -> bool {
    let class = node.attribute(&local_name!("class"));
    class.contains("aption") && words(class).iter().any(|word| word == "caption")
}

/// The words of a class or id: `articleBody__text-2` is `article body text 2`.
pub(super) fn words(name: &str) -> Vec<String> {
    // `hJpRRP` and `css-1kX9Ad` are made by machines and mean nothing.
    let camel = name.bytes().filter(u8::is_ascii_uppercase).count() * 4 <= name.len();
    let mut words = Vec::new();
    let mut word = String::new();
    let mut lower = false;
    for char in name.chars() {
        let split = !char.is_ascii_alphanumeric() || (camel && lower && char.is_ascii_uppercase());
        if split && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if char.is_ascii_alphanumeric() {
            word.push(char.to_ascii_lowercase());
        }
        lower = char.is_ascii_lowercase();
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// How sure the names make it that an element is around the article and not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Boilerplate {
    /// Nothing says so.
    No,
    /// So where it is a line or two.
    Small,
    /// A form, unless it holds much of the page, as some page builders have it.
    Form,
    /// So where it is short or full of links.
    Weak,
    /// A series of pictures with their captions, unless it holds much of the page.
    Gallery,
    /// Usually so; a large text in it counts more.
    Likely,
    /// What readers wrote below an article, however much it is.
    Comments,
}

/// What the name, role, class and id of an element say, and the class or id that says it.
pub(super) fn boilerplate(node: &Node) -> (Boilerplate, &str) {
    if matches!(
        node.name,
        local_name!("html") | local_name!("body") | local_name!("main") | local_name!("article")
    ) {
        return (Boilerplate::No, "");
    }
    if matches!(node.name, local_name!("nav") | local_name!("aside") | local_name!("footer"))
        || matches!(&*node.name, "menu" | "search")
        || matches!(
            node.attribute(&local_name!("role")),
            "navigation"
                | "complementary"
                | "contentinfo"
                | "banner"
                | "search"
                | "dialog"
                | "alertdialog"
                | "menu"
                | "menubar"
                | "toolbar"
                | "tablist"
        )
    {
        return (Boilerplate::Likely, "");
    }
    if node.name == local_name!("form") {
        return (Boilerplate::Form, "");
    }
    // A section of a law or guide may well be called "consent" or "comments" by its id.
    let named = node.name != local_name!("section") && node.shape.is_block();
    let class = node.attribute(&local_name!("class")).split_ascii_whitespace();
    let id = node.attribute(&local_name!("id"));
    let mut found = (Boilerplate::No, "");
    for name in class.chain(named.then_some(id)) {
        let words = words(name);
        let says = named_boilerplate(&words);
        if says > found.0 {
            found = (says, name);
        } else if says == Boilerplate::No && names_text(&words) {
            return (Boilerplate::No, "");
        }
    }
    found
}

fn named_boilerplate(words: &[String]) -> Boilerplate {
    let mut found = Boilerplate::No;
    let about_author = ["bio", "biography", "box", "card", "about", "profile", "info", "excerpt"];
    if words.iter().any(|w| w == "author" || w == "authors")
        && words.iter().any(|w| about_author.contains(&w.as_str()))
    {
        return Boilerplate::Likely;
    }
    if qualified(words) {
        return found;
    }
    if words.len() == 1 && words[0] == "hidden" {
        return Boilerplate::Likely;
    }
    // The articles before and after this one.
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
    if has(&["next"]) && has(&["prev", "previous"]) {
        return Boilerplate::Likely;
    }
    let others = ["news", "posts", "articles", "stories", "artikel", "beitraege", "actualites"];
    if words.len() < 4 && has(&["recent", "latest", "popular", "other", "more"]) && has(&others) {
        return Boilerplate::Likely;
    }
    if words.iter().any(|word| names_gallery(word)) {
        return Boilerplate::Gallery;
    }
    for (at, word) in words.iter().enumerate() {
        // `cookie2`
        let plain = word.trim_end_matches(|c: char| c.is_ascii_digit());
        let word = if plain.is_empty() { word.as_str() } else { plain };
        let at_an_end = at == 0 || at + 1 == words.len();
        found = found.max(if COMMENTS.contains(&word) {
            Boilerplate::Comments
        } else if ALWAYS.contains(&word) || (word == "footer" && at_an_end) {
            Boilerplate::Likely
        } else if at_an_end && AT_AN_END.contains(&word) {
            Boilerplate::Weak
        } else if SMALL.contains(&word) {
            Boilerplate::Small
        } else {
            Boilerplate::No
        });
    }
    found
}

/// Whether a word names a series of pictures: `gallery`, `resgallery`, `slideshow`.
fn names_gallery(word: &str) -> bool {
    ["gallery", "galleries", "galerie", "galeria", "slideshow", "carousel", "carrousel"]
        .iter()
        .any(|name| word.ends_with(name))
}

/// Whether a name says that something is absent or how the page is laid out: `no-sidebar`,
/// `has-ads`, `with-comments`.
fn qualified(words: &[String]) -> bool {
    words.iter().any(|word| {
        matches!(
            word.as_str(),
            "elementor"
                | "embed"
                | "embeds"
                | "tweet"
                | "no"
                | "has"
                | "with"
                | "without"
                | "is"
                | "layout"
                | "wrapper"
                | "main"
                | "hide"
        )
    })
}

/// Words that mean comments.
const COMMENTS: &[&str] =
    &["comment", "comments", "commentlist", "disqus", "kommentare", "kommentar", "commentaires"];

/// Words that mean something beside the article wherever they stand in a name.
const ALWAYS: &[&str] = &[
    "breadcrumb",
    "lightbox",
    "gdpr",
    "recommends",
    "breadcrumbs",
    "cookie",
    "cookies",
    "nav",
    "navbar",
    "navigation",
    "newsletter",
    "outbrain",
    "pagination",
    "promo",
    "recirc",
    "recirculation",
    "related",
    "share",
    "sharebar",
    "sharing",
    "sharedaddy",
    "shariff",
    "postpath",
    "brotkrumen",
    "overlay",
    "sidebar",
    "signup",
    "social",
    "sponsored",
    "subscribe",
    "subscription",
    "taboola",
    "toolbar",
    "trending",
    "advert",
    "advertisement",
    "ads",
    "popup",
    "modal",
    "addtoany",
    "addthis",
    "cta",
    "messenger",
    "yarpp",
];

/// Words that mean so at the start or the end of a name.
const AT_AN_END: &[&str] = &[
    "ad",
    "banner",
    "menu",
    "more",
    "popular",
    "print",
    "recommended",
    "recommendations",
    "recommendation",
    "tags",
    "teaser",
    "teasers",
    "topbar",
    "widget",
    "widgets",
    "consent",
    "login",
    "rating",
    "byline",
    "bio",
];

/// How sure the names make it that an element is what holds the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Body {
    /// Nothing says so.
    No,
    /// The main part of the page.
    Main,
    /// An article, with its heading and what belongs to it.
    Article,
    /// The text of an article.
    Text,
}

/// What the name, role, class, id and microdata of an element say.
pub(super) fn body(node: &Node) -> Body {
    if node.other_attribute("itemprop").split_ascii_whitespace().any(|p| p == "articleBody") {
        return Body::Text;
    }
    if !node.shape.is_block()
        || matches!(
            &*node.name,
            "body"
                | "html"
                | "p"
                | "li"
                | "ul"
                | "h1"
                | "h2"
                | "h3"
                | "h4"
                | "header"
                | "footer"
                | "aside"
                | "nav"
                | "figure"
                | "form"
        )
    {
        return Body::No;
    }
    let mut found = match node.name {
        local_name!("article") => Body::Article,
        local_name!("main") => Body::Main,
        _ => match node.attribute(&local_name!("role")) {
            "article" => Body::Article,
            "main" => Body::Main,
            _ => Body::No,
        },
    };
    let class = node.attribute(&local_name!("class")).split_ascii_whitespace();
    for name in class.chain([node.attribute(&local_name!("id"))]) {
        if names_text(&words(name)) {
            found = Body::Text;
        }
    }
    found
}

/// Words that mean what is known about the article rather than its text, where it is short.
const SMALL: &[&str] = &[
    "author",
    "authors",
    "byline",
    "categories",
    "category",
    "copyright",
    "credit",
    "credits",
    "date",
    "dates",
    "datetime",
    "dateline",
    "eyebrow",
    "kicker",
    "pubdate",
    "attribution",
    "copyrights",
    "meta",
    "metadata",
    "posted",
    "published",
    "tag",
    "tags",
    "time",
    "timestamp",
    "updated",
];

/// Whether a name is one for the text of an article: `article-body`, `post__content`.
fn names_text(words: &[String]) -> bool {
    let text = words
        .iter()
        .any(|w| matches!(w.as_str(), "body" | "content" | "text" | "copy" | "entry" | "fulltext"));
    let article = words.iter().any(|w| {
        matches!(
            w.as_str(),
            "article" | "post" | "story" | "entry" | "blog" | "news" | "artikel" | "beitrag"
        )
    });
    let glued = matches!(
        words.concat().as_str(),
        "articlebody"
            | "articletext"
            | "articlecontent"
            | "postcontent"
            | "postbody"
            | "storybody"
            | "storycontent"
            | "storytext"
            | "entrycontent"
            | "fulltext"
            | "bodytext"
            | "bodycopy"
            | "storybodytext"
    );
    glued || (text && article && words.len() <= 4)
}
