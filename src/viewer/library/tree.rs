//! A rendered note as a tree: headings, the items of lists below them, and what else stands there as leaves.
//! Nothing is left out.

use super::text::{Element, elements};

/// Depth of the tree at most.
const DEEPEST: usize = 24;

/// A branch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shoot {
    /// What it says.
    pub text: String,
    /// Where it leads.
    pub href: Option<String>,
    /// What it is where it is no text: `code`, `table`, `quote`.
    pub kind: &'static str,
    /// Its own.
    pub children: Vec<Shoot>,
}

/// Something that is open, with the rank that ends it: headings by level, then the depth of lists.
struct Open {
    rank: usize,
    shoot: Shoot,
}

/// Reads sanitized HTML. `place` gives the address of an anchor.
pub fn tree(html: &str, place: impl Fn(&str) -> String) -> Vec<Shoot> {
    let mut grower = Grower {
        open: vec![Open { rank: 0, shoot: Shoot::default() }],
        items: 0,
        takes_text: false,
    };
    let mut href = None;
    for element in elements(html) {
        match element {
            Element::Text(text) => grower.text(&text),
            Element::Heading { level, anchor } => {
                href = anchor.map(|anchor| place(&anchor));
                grower.begin(usize::from(level), "", href.clone());
            }
            Element::HeadingEnd => grower.takes_text = false,
            Element::Item => {
                grower.items = grower.items.saturating_add(1);
                grower.begin(grower.items.saturating_add(6), "", href.clone());
            }
            Element::ItemEnd => {
                grower.close(grower.items.saturating_add(6));
                grower.items = grower.items.saturating_sub(1);
                grower.takes_text = false;
            }
            Element::Block(kind) => grower.block(kind, href.clone()),
        }
    }
    grower.close(1);
    grower.open.pop().map(|root| root.shoot.children).unwrap_or_default()
}

struct Grower {
    open: Vec<Open>,
    /// Depth in items of lists.
    items: usize,
    /// Whether text belongs to what was opened last; else it begins a block of its own.
    takes_text: bool,
}

impl Grower {
    fn begin(&mut self, rank: usize, kind: &'static str, href: Option<String>) {
        self.close(rank);
        self.takes_text = true;
        let shoot = Shoot { href, kind, ..Shoot::default() };
        self.open.push(Open { rank, shoot });
    }

    /// A paragraph, a table or code. The first of an item is what the item says.
    fn block(&mut self, kind: &'static str, href: Option<String>) {
        let is_first = self.items > 0
            && self.open.last().is_some_and(|open| {
                open.rank > 6 && open.shoot.text.trim().is_empty() && open.shoot.children.is_empty()
            });
        if is_first && kind.is_empty() {
            self.takes_text = true;
            return;
        }
        self.begin(DEEPEST.saturating_add(8), kind, href);
    }

    fn text(&mut self, text: &str) {
        if !self.takes_text {
            if text.trim().is_empty() {
                return;
            }
            self.block("", None);
        }
        if let Some(open) = self.open.last_mut() {
            open.shoot.text.push_str(text);
        }
    }

    /// Ends what is not above `rank`.
    fn close(&mut self, rank: usize) {
        while self.open.len() > 1
            && self.open.last().is_some_and(|open| open.rank >= rank || self.open.len() > DEEPEST)
        {
            let Some(done) = self.open.pop() else { return };
            let mut shoot = done.shoot;
            shoot.text = shoot.text.split_whitespace().collect::<Vec<_>>().join(" ");
            if let Some(above) = self.open.last_mut()
                && !(shoot.text.is_empty() && shoot.children.is_empty())
            {
                above.shoot.children.push(shoot);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(shoots: &[Shoot], depth: usize) -> String {
        shoots
            .iter()
            .map(|shoot| {
                let own = format!("{}{}{}\n", "  ".repeat(depth), shoot.kind, shoot.text);
                own + &shown(&shoot.children, depth + 1)
            })
            .collect()
    }

    #[test]
    fn headings_items_and_blocks_keep_their_order_and_depth() {
        let html = "<section class=\"note-lead\"><p>lead</p></section>\
            <section class=\"note-section\"><h2 id=\"note-a\">A</h2><p>one <b>two</b></p>\
            <ul><li>x<ul><li>y</li><li><p>z</p><p>more</p></li></ul></li><li>w</li></ul>\
            <h3 id=\"note-b\">B</h3><pre><code>let a;</code></pre><blockquote><p>q</p></blockquote>\
            </section><section class=\"note-section\"><h2 id=\"note-c\">C</h2>\
            <table><thead><tr><th>h</th></tr></thead><tbody><tr><td>d</td></tr></tbody></table>\
            </section>";
        let tree = tree(html, |anchor| format!("#{anchor}"));
        assert_eq!(
            shown(&tree, 0),
            "lead\nA\n  one two\n  x\n    y\n    z\n      more\n  w\n  B\n    codelet a;\n    quoteq\n\
             C\n  tableh d\n"
        );
        assert_eq!(tree[1].children[3].href.as_deref(), Some("#note-b"));
    }
}
