//! Tables with rows that are too long, tables in values, and mind maps.

use super::tests::{codes, has, lead, render};
use super::*;

/// Code, line and column of what is said.
fn said(markdown: &str) -> Vec<(String, Option<i32>, Option<i32>)> {
    let found = render("ferris", markdown).diagnostics;
    found.into_iter().map(|one| (one.code, one.line, one.column)).collect()
}

#[test]
fn a_row_that_is_longer_than_its_head_loses_nothing() {
    let note = "| 甲 | 乙 |\n|:--|---|\n| 一 | 二 | **三** | `四` |\n| 五 |\n";
    let html = lead(note);
    for part in [
        "<th align=\"left\">甲</th>",
        "<th>乙</th>\n<td></td>\n<td></td>",
        "<td><strong>三</strong></td>\n<td><code>四</code></td>",
    ] {
        assert!(html.contains(part), "{part} is missing in {html}");
    }
    assert_eq!(html.matches("<td").count(), 10, "{html}");
    assert_eq!(said(note), [("TN2024".to_owned(), Some(3), Some(11))]);
}

#[test]
fn long_rows_are_found_wherever_tables_stand() {
    for note in [
        "甲\n\n乙 | 丙\n--- | ---\n一 | 二 | 三",
        "> | a | b |  \n> | - | - |\n> | 1 | 2 | 三 |",
        "* x\n\n  | a | b |\n  | - | - |\n  | 1 | 2 | 三",
        "前面\n| a |\n|---|\n| 1 | 三 |\n\n| b |\n|---|\n| 2 |",
        ":::info\na | b\\\n-|-\n1|2|三\n:::",
        "| a |\r\n|---|\r\n| 1 | 三 |\r\n",
    ] {
        has(note, &["<td></td>", "三</td>"]);
        assert_eq!(codes(note), ["TN2024"], "{note}");
    }
    for whole in ["| a \\| b |\n|---|\n| 1 \\| 2 |", "| a |\n|---|\n| 1 |   ", "a | b\n\nc | d | e"]
    {
        assert_eq!(codes(whole), Vec::<String>::new(), "{whole}");
    }
}

#[test]
fn a_table_that_would_become_too_large_is_shown_as_it_is_written() {
    let row = format!("| {} 終 |", "x | ".repeat(100));
    for note in [
        format!("| a |\n|---|\n{row}\n"),
        format!("| a |\n|---|\n{}", "| 1 | 2 | 3 | 終 |\n".repeat(7000)),
    ] {
        let html = lead(&note);
        assert!(html.contains("終 |") && html.contains("<pre>"), "{}", start(&html, 300));
        assert!(!html.contains("<table>"));
        assert_eq!(codes(&note), ["TN2024"]);
    }
}

#[test]
fn values_are_a_table() {
    assert_eq!(
        lead("```csvpreview {header=\"true\"}\n名,值\n甲,\"1,5\"\n乙\n```"),
        "<table>\n<thead>\n<tr>\n<th>名</th>\n<th>值</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>甲</td>\n\
         <td>1,5</td>\n</tr>\n<tr>\n<td>乙</td>\n<td></td>\n</tr>\n</tbody>\n</table>"
    );
    let html = lead("```csvpreview\na;b\n\"<b onclick=x>\n2\";https://a.example\n```");
    for part in ["<td>a</td>", "&lt;b onclick=x&gt;<br>\n2</td>", "href=\"https://a.example\""] {
        assert!(html.contains(part), "{part} is missing in {html}");
    }
    assert!(!html.contains("<th"), "{html}");
    has(
        "* a\n\n  ```csvpreview {delimiter=\";\" title=\"Tides\"}\n  1,5;2\n  ```",
        &["<figcaption>Tides</figcaption>", "<td>1,5</td>"],
    );
    assert_eq!(codes("```csvpreview\na,b\n```"), Vec::<String>::new());
    let long = format!("前\n\n```csvpreview\n{}```", "終,1\n".repeat(6000));
    has(&long, &["Table (CSV)", "終,1\n終,1"]);
    assert_eq!(said(&long), [("TN2025".to_owned(), Some(3), Some(1))]);
    assert!(render("ferris", "```csvpreview\n甲,乙\n```").text.contains('甲'));
}

const MAP: &str = "```markmap\n---\nmarkmap:\n  colorFreezeLevel: 2\n---\n# 港\n## 潮 **汐**\n一句話\n\n\
                   - 高\n  - 低\n<!-- markmap: fold -->\n### 深\n1. 一\n2. 二\n## 船\n```";

#[test]
fn a_mind_map_is_a_nested_list() {
    let html = lead(MAP);
    assert_eq!(
        html.replace('\n', ""),
        "<figure class=\"code-figure\"><figcaption>Mind map</figcaption><ul><li>港<ul><li>潮 \
         <strong>汐</strong><ul><li>一句話</li><li>高<ul><li>低</li></ul></li><li>深<ol><li>一</li>\
         <li>二</li></ol></li></ul></li><li>船</li></ul></li></ul></figure>"
    );
    let fragment = render("ferris", MAP);
    assert!(fragment.sections.is_empty(), "its headings are none of the note");
    assert!(fragment.diagnostics.is_empty(), "{:?}", fragment.diagnostics);
    assert_eq!(fragment.excerpt, "港 潮 汐 一句話 高 低 深 一 二 船");
    let settings = "```markmap\n---\nmarkmap:\n  zoom: false\n---\n```";
    has(settings, &["<pre>", "zoom: false"]);
    assert_eq!(codes(settings), Vec::<String>::new(), "settings alone are no fault");
    has("```markmap\n- a\n- [x] b\n  > c\n```", &["<blockquote>", "checkbox", "<li>a</li>"]);
    assert!(!lead("```markmap\n- a\n  - b\n    - c\n```").contains("inferred"));
}

#[test]
fn what_is_wrong_in_a_mind_map_is_told_at_its_place() {
    let note = "> ```markmap\n> # 甲 [空]()\n> - <iframe srcdoc=x></iframe>\n> ```\n";
    let told = said(note);
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(told[0], ("TN2023".to_owned(), Some(2), Some(7)));
    has("```markmap\n# 甲\n| a |\n|---|\n| 1 | 終 |\n```", &["<li>甲", "<td>終</td>"]);
    let table = said("> ```markmap\n> # 甲\n> | a |\n> |---|\n> | 1 | 終 |\n> ```\n");
    assert_eq!(table, [("TN2024".to_owned(), Some(5), Some(9))]);
    assert_eq!(told[1].0, "TN2007");
    assert_eq!(told[1].1, Some(3));
}

#[test]
fn mind_maps_have_limits() {
    let deep: String = (0..80).map(|level| format!("{}- 底\n", "  ".repeat(level))).collect();
    let note = format!("```markmap\n{deep}```");
    has(&note, &["- 底", "<pre>"]);
    assert_eq!(codes(&note), ["TN2025"]);
    let many = "```markmap\n- 底\n```\n\n".repeat(105);
    assert_eq!(codes(&many), ["TN2025"; 5]);
    // A map is read once: one in it stays code.
    has("~~~markmap\n- a\n\n  ```markmap\n  - b\n  ```\n~~~", &["<li>", "- b\n</code>"]);
    let inner: String = (0..30).map(|level| format!("{}- 底\n", "  ".repeat(level))).collect();
    let quoted = |text: &str| {
        text.lines().map(|line| format!("{}{line}\n", "> ".repeat(45))).collect::<String>()
    };
    let outer = quoted(&format!("```markmap\n{inner}```"));
    has(&outer, &["<blockquote>", "底"]);
}

/// Twice the text makes twice the page: nothing is copied into something that grows with it.
#[test]
fn pages_grow_no_faster_than_notes() {
    for unit in [
        "| a |\n|---|\n| 1 | 2 |\n\n",
        "| 1 | 2 | 3 |\n",
        "|",
        "\\|",
        "```csvpreview\na,b\n```\n\n",
        "a,\n",
        "\"a\n",
        ",",
        "```markmap\n# a\n- b\n```\n\n",
        "# a\n",
        "- a\n",
        "###### a\n# b\n",
        "{漢字|か|ん}",
        "{漢|",
    ] {
        for before in ["", "| a |\n|---|\n", "```csvpreview\n", "```markmap\n"] {
            let size = |bytes: usize| {
                let note = format!("{before}{}", unit.repeat(bytes / unit.len()));
                let fragment = render("ferris", &note);
                assert!(!fragment.html.is_empty(), "{before}{unit}");
                (fragment.html.len(), fragment.diagnostics.len())
            };
            let (small, large) = (size(5_000), size(10_000));
            // A table is given 32 columns at most, and every row has them.
            assert!(large.0 <= small.0 * 5 / 2 + 2000, "{before}{unit}: {small:?} {large:?}");
            assert!(large.1 <= 10_000 / unit.len() + 10, "{before}{unit}: {large:?}");
        }
    }
}

#[test]
fn a_mebibyte_of_anything_is_text() {
    for unit in ["| 1 | 2 |\n|---|\n", "```csvpreview\na\n```\n", "```markmap\n# a\n```\n"] {
        let note = unit.repeat(1024 * 1024 / unit.len());
        assert_eq!(codes(&note), ["TN2010"]);
    }
}
