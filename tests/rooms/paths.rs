//! The paths that a source file names: in `use`, in code, and as far as can be seen in macros and
//! attributes. What only a compiler could know (types of values, what a macro of others makes) is left
//! out.

use std::collections::BTreeMap;

use proc_macro2::{Spacing, Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Ident, Item, UseTree};

/// A path that is named, from the root of its crate, such as `crate::api::Link` or `std::fs`. A glob
/// ends with `*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub line: usize,
    pub path: Vec<String>,
}

impl Named {
    /// Whether it names `path` or something in it, or could by a glob.
    pub fn is_in(&self, path: &[&str]) -> bool {
        let parts = self.path.iter().map(String::as_str);
        match self.path.split_last() {
            Some((last, before)) if last == "*" && before.len() < path.len() => {
                before.iter().zip(path).all(|(a, b)| a == b)
            }
            _ => self.path.len() >= path.len() && parts.zip(path).all(|(a, b)| a == *b),
        }
    }

    /// As it is written.
    pub fn text(&self) -> String {
        self.path.join("::")
    }
}

/// All paths of the file with this text that is the module `module`, such as `["crate", "api"]`. Tests
/// in it are left out.
///
/// # Errors
/// Where it is no Rust.
pub fn named(text: &str, module: &[String]) -> syn::Result<Vec<Named>> {
    let file = syn::parse_file(text)?;
    let mut paths = Paths { module: module.to_vec(), found: Vec::new(), names: BTreeMap::new() };
    paths.visit_file(&file);
    let Paths { found, names, .. } = paths;
    let followed = found.into_iter().map(|named| follow(named, &names));
    Ok(followed.collect())
}

/// Replaces what a path begins with by what was imported under that name.
fn follow(mut named: Named, names: &BTreeMap<String, Vec<String>>) -> Named {
    // A name may stand for one that stands for another; a circle has an end, too.
    for _ in 0..8 {
        let Some(target) = named.path.first().and_then(|first| names.get(first)) else { break };
        if target == &named.path {
            break;
        }
        named.path.splice(..1, target.iter().cloned());
    }
    named
}

struct Paths {
    module: Vec<String>,
    found: Vec<Named>,
    /// What each imported name stands for.
    names: BTreeMap<String, Vec<String>>,
}

impl Paths {
    /// Adds a path whose `self` and `super` are counted from the module.
    fn add(&mut self, span: Span, path: Vec<String>) {
        let path = self.absolute(path);
        self.found.push(Named { line: span.start().line, path });
    }

    fn absolute(&self, path: Vec<String>) -> Vec<String> {
        let mut parts = path.iter().peekable();
        let mut base = match parts.peek().map(|first| first.as_str()) {
            Some("self" | "super") => self.module.clone(),
            _ => return path,
        };
        while let Some(part) = parts.next_if(|part| matches!(part.as_str(), "self" | "super")) {
            if part == "super" {
                base.pop();
            }
        }
        base.extend(parts.cloned());
        base
    }

    /// `name` stands for `path` in this file.
    fn import(&mut self, name: &Ident, path: &[String]) {
        let path = self.absolute(path.to_vec());
        // `use self::x` and the like would lead in circles.
        if path.first() != Some(&name.to_string()) || path.len() == 1 {
            self.names.insert(name.to_string(), path);
        }
    }

    fn tree(&mut self, tree: &UseTree, before: &[String]) {
        let longer = |ident: &Ident| {
            let mut path = before.to_vec();
            // `use a::{self}` is `use a`.
            if ident != "self" || before.is_empty() {
                path.push(plain(ident));
            }
            path
        };
        match tree {
            UseTree::Path(part) => self.tree(&part.tree, &longer(&part.ident)),
            UseTree::Name(name) => {
                let path = longer(&name.ident);
                let last = path.last().map(|last| Ident::new(last, name.ident.span()));
                self.add(name.ident.span(), path.clone());
                if let Some(last) = last.filter(|_| path.len() > 1) {
                    self.import(&last, &path);
                }
            }
            UseTree::Rename(name) => {
                let path = longer(&name.ident);
                self.add(name.ident.span(), path.clone());
                self.import(&name.rename, &path);
            }
            UseTree::Glob(glob) => {
                let mut path = before.to_vec();
                path.push("*".to_owned());
                self.add(glob.star_token.span, path);
            }
            UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.tree(tree, before));
            }
        }
    }

    /// Looks for paths among tokens that nobody has parsed, and in their strings where `strings`.
    fn tokens(&mut self, tokens: TokenStream, strings: bool) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut path: Vec<String> = Vec::new();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let mut step = 1;
            match token {
                TokenTree::Ident(ident) => {
                    path.push(plain(ident));
                    if is_double_colon(&tokens, at + 1) && !is_ident(&tokens, at + 3) {
                        // `a::{b, c}` and `a::*`, as in a `use` that a macro writes.
                        self.after(&tokens, at + 3, &path);
                    }
                    if is_double_colon(&tokens, at + 1) && is_ident(&tokens, at + 3) {
                        step = 3;
                    } else {
                        self.add(ident.span(), std::mem::take(&mut path));
                    }
                }
                TokenTree::Group(group) => self.tokens(group.stream(), strings),
                TokenTree::Literal(literal) if strings => self.string(literal),
                _ => {}
            }
            at += step;
        }
    }

    /// What stands behind `path::` in a macro, where it is no name.
    fn after(&mut self, tokens: &[TokenTree], at: usize, path: &[String]) {
        match tokens.get(at) {
            Some(TokenTree::Group(group)) => {
                let text = format!("{}::{{{}}}", path.join("::"), group.stream());
                if let Ok(tree) = syn::parse_str::<UseTree>(&text) {
                    self.tree(&tree, &[]);
                }
            }
            Some(TokenTree::Punct(star)) if star.as_char() == '*' => {
                let mut path = path.to_vec();
                path.push("*".to_owned());
                self.add(star.span(), path);
            }
            _ => {}
        }
    }

    /// A path in a string, as in `#[serde(with = "…")]`.
    fn string(&mut self, literal: &proc_macro2::Literal) {
        let text = literal.to_string();
        if let Ok(path) = syn::parse_str::<syn::Path>(text.trim_matches('"')) {
            self.add(literal.span(), segments(&path));
        }
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_test(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !is_test(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.module.push(plain(&item.ident));
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&item.tree, &[]);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        let name = plain(&item.ident);
        // `extern crate self as x` is another name for `crate`.
        let name = if name == "self" { "crate".to_owned() } else { name };
        self.add(item.ident.span(), vec![name.clone()]);
        if let Some((_, rename)) = &item.rename {
            self.names.insert(rename.to_string(), vec![name]);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if let Some(last) = path.segments.last() {
            self.add(last.ident.span(), segments(path));
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.visit_path(&item.path);
        self.tokens(item.tokens.clone(), false);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        self.visit_path(attribute.path());
        match &attribute.meta {
            syn::Meta::List(list) => self.tokens(list.tokens.clone(), true),
            syn::Meta::NameValue(pair) if !attribute.path().is_ident("doc") => {
                self.visit_expr(&pair.value);
            }
            _ => {}
        }
    }
}

fn segments(path: &syn::Path) -> Vec<String> {
    path.segments.iter().map(|segment| plain(&segment.ident)).collect()
}

/// The name without `r#`.
fn plain(ident: &Ident) -> String {
    ident.to_string().trim_start_matches("r#").to_owned()
}

fn is_ident(tokens: &[TokenTree], at: usize) -> bool {
    matches!(tokens.get(at), Some(TokenTree::Ident(_)))
}

fn is_double_colon(tokens: &[TokenTree], at: usize) -> bool {
    let is_colon = |at: usize, spacing: Option<Spacing>| {
        matches!(tokens.get(at), Some(TokenTree::Punct(colon)) if colon.as_char() == ':'
            && spacing.is_none_or(|spacing| colon.spacing() == spacing))
    };
    is_colon(at, Some(Spacing::Joint)) && is_colon(at + 1, None)
}

/// Whether it is there for tests only.
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let is_cfg = attribute.path().is_ident("cfg");
        is_cfg && attribute.parse_args::<Ident>().is_ok_and(|argument| argument == "test")
    })
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::ForeignMod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::TraitAlias(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
