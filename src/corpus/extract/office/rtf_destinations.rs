//! Destinations of RTF: what the rest of a group is.

/// What the text of a group is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Destination {
    /// The document.
    Text,
    /// A footnote or endnote.
    Note,
    /// A text box.
    Box,
    Fonts,
    Styles,
    /// One style.
    Style,
    /// The properties of the document.
    Information,
    /// One property.
    Fact(Fact),
    /// Nothing that is read.
    Skipped,
}

/// A property of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact {
    Title,
    Author,
    Keywords,
    Subject,
    Description,
    Created,
    Modified,
}

impl Destination {
    /// Whether text there is text of the document.
    pub(super) fn is_text(self) -> bool {
        matches!(self, Destination::Text | Destination::Note | Destination::Box)
    }

    /// The destination that a control word names; None for a word that names none. `outer` is the
    /// one that the group is in.
    pub(super) fn of(word: &str, outer: &Destination) -> Option<Destination> {
        let information = matches!(outer, Destination::Information | Destination::Fact(_));
        Some(match word {
            "title" if information => Destination::Fact(Fact::Title),
            "author" if information => Destination::Fact(Fact::Author),
            "keywords" if information => Destination::Fact(Fact::Keywords),
            "subject" if information => Destination::Fact(Fact::Subject),
            "doccomm" if information => Destination::Fact(Fact::Description),
            "creatim" if information => Destination::Fact(Fact::Created),
            "revtim" if information => Destination::Fact(Fact::Modified),
            "operator" | "company" | "manager" | "category" | "comment" | "hlinkbase"
            | "printim" | "buptim"
                if information =>
            {
                Destination::Skipped
            }
            "fonttbl" => Destination::Fonts,
            "stylesheet" => Destination::Styles,
            "info" => Destination::Information,
            "footnote" if outer.is_text() => Destination::Note,
            "shptxt" | "dptxbxtext" if outer.is_text() => Destination::Box,
            // Optional ones whose text is of the document.
            "shpinst" | "do" | "fldrslt" | "shpgrp" | "nesttableprops" => *outer,
            // The name of a font in another form.
            "falt" | "panose" | "fontemb" | "fname" => Destination::Skipped,
            "colortbl" | "pict" | "fldinst" | "header" | "headerl" | "headerr" | "headerf"
            | "footer" | "footerl" | "footerr" | "footerf" | "ftnsep" | "ftnsepc" | "ftncn"
            | "aftnsep" | "aftnsepc" | "aftncn" | "listtext" | "pntext" | "pn" | "pntxta"
            | "pntxtb" | "xe" | "tc" | "tcn" | "rxe" | "txe" | "annotation" | "atnid"
            | "atnauthor" | "nonshppict" | "shprslt" | "sp" | "filetbl" | "revtbl"
            | "listtable" | "listoverridetable" | "rsidtbl" | "generator" | "private"
            | "objdata" | "objclass" | "objname" | "bkmkstart" | "bkmkend" | "template"
            | "datafield" | "formfield" | "mmathPict" | "listname" | "leveltext"
            | "levelnumbers" | "nonesttables" => Destination::Skipped,
            _ => return None,
        })
    }
}
