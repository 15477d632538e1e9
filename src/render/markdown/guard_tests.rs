//! Marks that mean nothing where they stand, elements around sections, and blocks in two directions.

use super::tests::{codes, has, lead, render};
use super::*;

#[track_caller]
fn unchanged(text: &str) {
    assert_eq!(lead(text), format!("<p>{text}</p>"));
}

#[test]
fn short_codes_stand_free_or_beside_cjk_and_each_other() {
    for (markdown, html) in [
        (":tada:", "🎉"),
        ("good :tada:, (:tada:)!", "good 🎉, (🎉)!"),
        ("很好:tada:呢", "很好🎉呢"),
        ("かな:tada:カナ 한글:tada:", "かな🎉カナ 한글🎉"),
        (":tada::tada:", "🎉🎉"),
        ("**a**:tada:", "<strong>a</strong>🎉"),
    ] {
        assert_eq!(lead(markdown), format!("<p>{html}</p>"));
    }
    for text in [
        "2001:db8:1234:100::1 fd00::a:b 2001:db8:1234:8ball::/64",
        "svc:x:1000:100::/srv:/bin/false",
        "2001:db8:de:it::1 data:m:ro 10:100:10",
        "a:tada::tada: x std::x::y :tada::tada:b",
        "é:x: :x:ж",
    ] {
        unchanged(text);
    }
    has("https://a.example/:x:/b:100:c", &[">https://a.example/:x:/b:100:c</a>"]);
    has("`:tada:` `a:100:b`", &["<code>:tada:</code>", "<code>a:100:b</code>"]);
    has("| a |\n|---|\n| 2001:db8:100:200::53 :tada: |", &["2001:db8:100:200::53 🎉"]);
}

#[test]
fn prices_variables_and_operators_are_text() {
    for text in [
        "$5 and $10, US$5 or US$6",
        "5$-6$ and a$b$c",
        "from $5/$6 to $HOME/$USER",
        "rated $$ to $$$",
        "a == b == c, a==b==c, (a)==(b)==(c)",
        "i++ and j++, i++;j++, (i)++; (j)++",
        "x ==a==b",
        "~/x and ~/y, ~/x:~/y",
        "HEAD^1..HEAD^2 and 10^6/10^3 and 2^8-2^4",
        "C# and F#, issue #12, #tag and #tags",
        "xhttps://a and a@www.b.example",
    ] {
        unchanged(text);
    }
    for (markdown, html) in [
        ("設$x^2$為", "設<code class=\"math\">$x^2$</code>為"),
        ("x^-1^ H~2~O a^(n+1)^", "x<sup>-1</sup> H<sub>2</sub>O a<sup>(n+1)</sup>"),
        ("==a==, ++b++.", "<mark>a</mark>, <ins>b</ins>."),
    ] {
        assert_eq!(lead(markdown), format!("<p>{html}</p>"));
    }
}

#[test]
fn code_binds_tighter_than_a_formula() {
    for (markdown, html) in [
        ("$5, then `a$b` now", "$5, then <code>a$b</code> now"),
        ("$5 or `$X`", "$5 or <code>$X</code>"),
        ("$5-`a`-$ x", "$5-<code>a</code>-$ x"),
        ("$x$ and `$y`", "<code class=\"math\">$x$</code> and <code>$y</code>"),
        ("$5-ish\nand `$HOME`", "$5-ish<br>\nand <code>$HOME</code>"),
    ] {
        assert_eq!(lead(markdown), format!("<p>{html}</p>"));
    }
    let many = "$a`$`".repeat(2000);
    assert!(render("ferris", &many).html.contains("<code>$</code>"));
}

#[test]
fn what_is_folded_stays_in_its_fold() {
    let note = render(
        "ferris",
        "a\n\n<details>\n<summary>Log</summary>\n\n### Before\n\n- one\n\n### After\n\n<details>\n\n#### Deep\n\nb\n\n</details>\n\n- two\n\n</details>\n\n### Changed\n\nc\n",
    );
    let (fold, rest) = note.html.rsplit_once("</details>").unwrap();
    assert_eq!(fold.matches("<details>").count(), 2, "{fold}");
    for inside in ["Before", "After", "Deep", "one", "two"] {
        assert!(fold.contains(inside), "{fold}");
    }
    assert!(!fold.contains("note-section") && rest.contains("<section class=\"note-section\""));
    let titles: Vec<&str> = note.sections.iter().map(|section| section.title.as_str()).collect();
    assert_eq!(titles, ["Changed"]);
    assert_eq!(crate::render::sanitize_published(&note.html), note.html);
}

#[test]
fn elements_around_headings_end_with_their_sections_unless_they_are_closed() {
    let sections = |markdown: &str| {
        let html = render("ferris", markdown).html;
        assert_eq!(crate::render::sanitize_published(&html), html);
        html.matches("<section class=\"note-section\"").count()
    };
    assert_eq!(sections("<div align=\"center\">\n\n## A\n\n</div>\n\n## B\n"), 1);
    assert_eq!(sections("<details>\n\n## A\n\n## B\n"), 2, "it is never closed");
    assert_eq!(sections("## A\n\n</details>\n\n## B\n"), 2);
    assert_eq!(sections("<details>\n\n## A\n\n<details>\n\n## B\n\n</details>\n\n## C"), 2);
    assert_eq!(sections("<details><div>\n\n## A\n\n</details>\n\n## B\n\n</div>"), 1);
    assert_eq!(sections("`<details>`\n\n## A\n\n<!-- </details> -->\n\n## B\n"), 2);
    assert_eq!(sections("<p>\n\n## A\n\n</p>\n\n## B\n"), 2);
    assert_eq!(sections(":::spoiler x\n## A\n:::\n## B"), 1);
    let all = render("ferris", "<div>\n\n## A\n\n</div>");
    assert_eq!(all.sections[0].level, 2);
    let many = "<details>\n\n</details>\n\n".repeat(30_000);
    let _ = render("ferris", &many);
    let _ = render("ferris", &"</div>\n\n".repeat(60_000));
}

#[test]
fn blocks_find_their_direction_where_a_note_has_two() {
    has(
        "a\n\nשלום\n\n- אב\n\n> ג\n\n| מ | b |\n|---|---|\n| ד | e |\n\n```\nx\n```\n\n### ה\n\nא\n: ב\n\n<details><summary>ו</summary></details>",
        &[
            "<p dir=\"auto\">a</p>",
            "<p dir=\"auto\">שלום</p>",
            "<li dir=\"auto\">אב",
            "<blockquote dir=\"auto\">",
            "<th dir=\"auto\">מ",
            "<td dir=\"auto\">e",
            "<pre dir=\"ltr\">",
            "<h2 dir=\"auto\" id=\"note-ה\">",
            "<dt dir=\"auto\">א",
            "<dd dir=\"auto\">",
            "<summary dir=\"auto\">ו",
        ],
    );
    has("<p dir=\"ltr\">שלום</p>", &["<p dir=\"ltr\">שלום</p>"]);
    assert!(!lead("one direction\n\n> 講者").contains("dir="));
    let rendering = Rendering { direction: Some(Direction::RTL), ..Rendering::default() };
    let html = super::render("ferris", "שלום a", rendering, &BTreeSet::new()).html;
    assert!(!html.contains("dir="), "its author says which: {html}");
}

#[test]
fn abbreviations_end_the_paragraph_above_them() {
    assert_eq!(
        lead("A TTL.\n*[TTL]: time to live\nb"),
        "<p>A <abbr title=\"time to live\">TTL</abbr>.<br>\nb</p>"
    );
    has("RTO[^1]\n\n[^1]: x\n*[RTO]: time", &["<abbr title=\"time\">RTO</abbr>", "<p>x "]);
    assert_eq!(codes("a\n*[A]: b"), Vec::<String>::new());
}
