//! The structure tree of a tagged document: which marked content makes up one paragraph, heading
//! or cell (ISO 32000-2, 14.7 and 14.8).

use std::collections::{HashMap, HashSet};

use hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, ObjectIdentifier};

/// The elements and references to content that are read.
const MAX_NODES: usize = 2_000_000;

/// How deep elements may lie within elements.
const MAX_DEPTH: u32 = 100;

/// What an element is, as far as blocks differ by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Paragraph,
    Heading(u8),
    Item,
    Cell,
    Caption,
    Note,
}

/// The tagged content of a document.
#[derive(Debug, Default)]
pub(super) struct Tags {
    /// The element of each piece of marked content, by page (from 0) and number.
    content: HashMap<(usize, i32), i32>,
    roles: Vec<Role>,
}

impl Tags {
    pub(super) fn of(catalog: &Dict<'_>, pages: &HashMap<ObjectIdentifier, usize>) -> Tags {
        let Some(root) = catalog.get::<Dict<'_>>("StructTreeRoot") else { return Tags::default() };
        let names = root.get::<Dict<'_>>("RoleMap").unwrap_or_else(Dict::empty);
        let mut reader =
            Reader { pages, names, seen: HashSet::new(), left: MAX_NODES, tags: Tags::default() };
        reader.kids(&root, Place { page: None, element: -1, depth: 0 });
        reader.tags
    }

    /// The number of the element that marked content belongs to, or -1.
    pub(super) fn element(&self, page: usize, mcid: i32) -> i32 {
        if mcid < 0 { -1 } else { self.content.get(&(page, mcid)).copied().unwrap_or(-1) }
    }

    pub(super) fn role(&self, element: i32) -> Option<Role> {
        self.roles.get(usize::try_from(element).ok()?).copied()
    }
}

/// What holds for the kids of an element.
#[derive(Clone, Copy)]
struct Place {
    page: Option<usize>,
    element: i32,
    depth: u32,
}

struct Reader<'r, 'a> {
    pages: &'r HashMap<ObjectIdentifier, usize>,
    names: Dict<'a>,
    seen: HashSet<ObjectIdentifier>,
    left: usize,
    tags: Tags,
}

impl<'a> Reader<'_, 'a> {
    fn kids(&mut self, parent: &Dict<'a>, place: Place) {
        match parent.get::<Object<'a>>("K") {
            Some(Object::Array(kids)) => self.list(&kids, place),
            Some(kid) => {
                let id = parent.get_ref("K").map(ObjectIdentifier::from);
                self.kid(kid, id, place);
            }
            None => {}
        }
    }

    fn list(&mut self, kids: &Array<'a>, place: Place) {
        let resolved = kids.iter::<Object<'a>>();
        for (raw, kid) in kids.raw_iter().zip(resolved) {
            let id = match raw {
                MaybeRef::Ref(id) => Some(ObjectIdentifier::from(id)),
                MaybeRef::NotRef(_) => None,
            };
            self.kid(kid, id, place);
        }
    }

    fn kid(&mut self, kid: Object<'a>, id: Option<ObjectIdentifier>, place: Place) {
        let Some(left) = self.left.checked_sub(1) else { return };
        self.left = left;
        match kid {
            Object::Number(mcid) => self.content(mcid.as_i64(), place),
            Object::Dict(dict) if dict.contains_key("MCID") => {
                let page = self.page(&dict).or(place.page);
                let mcid = dict.get::<i32>("MCID").unwrap_or(-1);
                self.content(mcid.into(), Place { page, ..place });
            }
            Object::Dict(dict)
                if place.depth < MAX_DEPTH && id.is_none_or(|id| self.seen.insert(id)) =>
            {
                self.element(&dict, place);
            }
            _ => {}
        }
    }

    fn element(&mut self, dict: &Dict<'a>, place: Place) {
        let page = self.page(dict).or(place.page);
        let mut element = place.element;
        let outer = self.tags.role(place.element);
        if let Some(role) =
            dict.get::<Name<'_>>("S").and_then(|name| self.role(name.as_str(), outer))
        {
            element = self.tags.roles.len() as i32;
            self.tags.roles.push(role);
        }
        self.kids(dict, Place { page, element, depth: place.depth + 1 });
    }

    fn content(&mut self, mcid: i64, place: Place) {
        if let (Some(page), Ok(mcid)) = (place.page, i32::try_from(mcid))
            && place.element >= 0
        {
            self.tags.content.insert((page, mcid), place.element);
        }
    }

    fn page(&self, dict: &Dict<'_>) -> Option<usize> {
        self.pages.get(&dict.get_ref("Pg")?.into()).copied()
    }

    /// The role of a structure type; none for what only groups, or lies within a line.
    fn role(&self, name: &str, outer: Option<Role>) -> Option<Role> {
        let mut name = name.to_owned();
        // A role map may lead from one name of its own to another.
        for _ in 0..8 {
            match self.names.get::<Name<'_>>(name.as_bytes()) {
                Some(next) if next.as_str() != name => name = next.as_str().to_owned(),
                _ => break,
            }
        }
        let role = match &*name {
            "P" => match outer {
                Some(Role::Item | Role::Cell | Role::Caption | Role::Note) => outer?,
                _ => Role::Paragraph,
            },
            "H" | "H1" | "Title" => Role::Heading(1),
            "H2" => Role::Heading(2),
            "H3" => Role::Heading(3),
            "H4" => Role::Heading(4),
            "H5" => Role::Heading(5),
            "H6" => Role::Heading(6),
            "LI" => Role::Item,
            "TD" | "TH" => Role::Cell,
            "Caption" => Role::Caption,
            "Note" | "FENote" => Role::Note,
            _ => return None,
        };
        Some(role)
    }
}
