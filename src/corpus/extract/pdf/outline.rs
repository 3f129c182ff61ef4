//! The outline: the bookmarks of a document, each with its level and page.

use std::collections::{HashMap, HashSet};

use hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, ObjectIdentifier};

use super::string;

/// The bookmarks that are read.
const MAX_ENTRIES: usize = 20_000;

/// A bookmark.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) title: String,
    /// From 1.
    pub(super) level: u8,
    /// The page that it leads to, from 0.
    pub(super) page: Option<usize>,
}

/// The bookmarks in order.
pub(super) fn outline(catalog: &Dict<'_>, pages: &HashMap<ObjectIdentifier, usize>) -> Vec<Entry> {
    let Some(root) = catalog.get::<Dict<'_>>("Outlines") else { return Vec::new() };
    let mut reader =
        Reader { catalog, pages, names: None, seen: HashSet::new(), found: Vec::new() };
    reader.children(&root, 1);
    reader.found
}

struct Reader<'r, 'a> {
    catalog: &'r Dict<'a>,
    pages: &'r HashMap<ObjectIdentifier, usize>,
    /// Destinations by name, read when the first is asked for.
    names: Option<HashMap<Vec<u8>, Object<'a>>>,
    seen: HashSet<ObjectIdentifier>,
    found: Vec<Entry>,
}

impl<'a> Reader<'_, 'a> {
    fn children(&mut self, parent: &Dict<'a>, level: u8) {
        if level > 12 {
            return;
        }
        let mut next = parent.get_ref("First").map(ObjectIdentifier::from);
        let mut item = parent.get::<Dict<'a>>("First");
        while let (Some(id), Some(entry)) = (next, item) {
            if !self.seen.insert(id) || self.found.len() >= MAX_ENTRIES {
                return;
            }
            if let Some(Object::String(title)) = entry.get::<Object<'_>>("Title") {
                let page = self.page(&entry);
                let title = string::text(title.as_bytes());
                self.found.push(Entry { title, level, page });
            }
            self.children(&entry, level + 1);
            next = entry.get_ref("Next").map(ObjectIdentifier::from);
            item = entry.get::<Dict<'a>>("Next");
        }
    }

    fn page(&mut self, entry: &Dict<'a>) -> Option<usize> {
        let target = entry.get::<Object<'a>>("Dest").or_else(|| {
            let action = entry.get::<Dict<'a>>("A")?;
            let kind = action.get::<Name<'_>>("S")?;
            (kind.as_str() == "GoTo").then(|| action.get("D"))?
        })?;
        self.target(target, 0)
    }

    fn target(&mut self, target: Object<'a>, depth: u32) -> Option<usize> {
        if depth > 4 {
            return None;
        }
        match target {
            Object::Array(array) => match array.raw_iter().next()? {
                MaybeRef::Ref(page) => self.pages.get(&ObjectIdentifier::from(page)).copied(),
                MaybeRef::NotRef(Object::Number(number)) => usize::try_from(number.as_i64()).ok(),
                MaybeRef::NotRef(_) => None,
            },
            Object::Dict(dict) => self.target(dict.get("D")?, depth + 1),
            Object::String(name) => self.named(name.as_bytes(), depth),
            Object::Name(name) => self.named(name.as_ref(), depth),
            _ => None,
        }
    }

    fn named(&mut self, name: &[u8], depth: u32) -> Option<usize> {
        if self.names.is_none() {
            let mut names = HashMap::new();
            if let Some(old) = self.catalog.get::<Dict<'a>>("Dests") {
                for key in old.keys() {
                    if let Some(target) = old.get::<Object<'a>>(&key) {
                        names.insert(key.as_ref().to_vec(), target);
                    }
                }
            }
            let tree = self.catalog.get::<Dict<'a>>("Names").and_then(|names| names.get("Dests"));
            if let Some(tree) = tree {
                collect(&tree, 0, &mut names);
            }
            self.names = Some(names);
        }
        let target = self.names.as_ref()?.get(name)?.clone();
        self.target(target, depth + 1)
    }
}

fn collect<'a>(node: &Dict<'a>, depth: u32, names: &mut HashMap<Vec<u8>, Object<'a>>) {
    if depth > 16 || names.len() > 10 * MAX_ENTRIES {
        return;
    }
    if let Some(list) = node.get::<Array<'a>>("Names") {
        let mut items = list.iter::<Object<'a>>();
        while let (Some(key), Some(target)) = (items.next(), items.next()) {
            if let Object::String(key) = key {
                names.insert(key.as_bytes().to_vec(), target);
            }
        }
    }
    if let Some(kids) = node.get::<Array<'a>>("Kids") {
        for kid in kids.iter::<Dict<'a>>() {
            collect(&kid, depth + 1, names);
        }
    }
}
