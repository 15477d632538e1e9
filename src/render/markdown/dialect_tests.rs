//! What HackMD and Hugo write beyond the standards, as it comes out.

use super::tests::{codes, has, lead, render};
use super::*;

fn joined(markdown: &str) -> String {
    let rendering = Rendering { line_breaks: Some(LineBreaks::Soft), ..Rendering::default() };
    super::render("ferris", markdown, rendering, &BTreeSet::new()).html
}

#[test]
fn containers_of_one_length_stand_in_each_other() {
    let html = lead(":::info\na\n:::warning\nb\n:::\nc\n:::\nd");
    assert!(html.contains("<p>b</p>\n</div>\n<p>c</p>\n</div>\n<p>d</p>"), "{html}");
    assert_eq!(codes(":::info\n:::spoiler\na\n:::\n:::"), Vec::<String>::new());
}

#[test]
fn titles_of_containers_may_have_colons() {
    has(":::info Q: 為什麼？\na\n:::", &[">Info</span> Q: 為什麼？</p>"]);
    has(":::warning：小心\na\n:::", &[">Warning</span> 小心</p>"]);
    has(":::success: 好 <b>\na\n:::", &[">Success</span> 好 &lt;b&gt;</p>"]);
    has(":::note\na\n:::", &["alert alert-info", ">Note</span>"]);
}

#[test]
fn hugo_shortcodes_are_what_they_stand_for() {
    has(
        "{{< notice tip \"小心\" >}}\n內容\n{{< /notice >}}",
        &["alert-success", "小心</p>\n<p>內容</p>"],
    );
    has(
        "{{% details \"更多\" %}}\n**內容**\n{{% /details %}}",
        &["<summary>更多</summary>", "<strong>"],
    );
    has("{{< highlight go >}}\n{{< x >}}\n{{< /highlight >}}", &["language-go", "{{&lt; x &gt;}}"]);
    has(
        "{{< figure src=\"/a_b_c.png\" caption=\"說明 *一*\" width=\"200\" >}}",
        &[
            "<figure><img ",
            "src=\"/a_b_c.png\"",
            "width=\"200\"",
            "<figcaption>說明 *一*</figcaption>",
        ],
    );
    assert!(!lead("{{< figure src=\"a.png\" >}}").contains("<p>"));
    has("{{< youtube id=\"dQw4w9WgXcQ\" start=30 >}}", &["watch?v=dQw4w9WgXcQ"]);
}

#[test]
fn braces_that_mean_nothing_here_are_text() {
    for text in ["{{ page.title }}", "{% raw %} {{ x }} {% endraw %}", "{on|off}", "${HOME}"] {
        assert_eq!(lead(text), format!("<p>{text}</p>"));
    }
    has("{{< param \"x\" >}} {{< ref \"a.md\" >}}", &["{{&lt; param \"x\" &gt;}}", "ref"]);
}

#[test]
fn frames_are_links_and_nothing_is_fetched() {
    let html = lead(
        "<iframe src=\"https://www.youtube.com/embed/dQw4w9WgXcQ\" width=560></iframe>\n\n\
         字 <iframe src=\"//slides.example/deck?x=1\"></iframe> 字",
    );
    assert!(html.contains("href=\"https://www.youtube.com/watch?v=dQw4w9WgXcQ\""), "{html}");
    assert!(html.contains("href=\"https://slides.example/deck?x=1\""), "{html}");
    assert!(!html.contains("iframe"), "{html}");
    assert_eq!(codes("<iframe srcdoc=x></iframe>"), ["TN2007"]);
}

#[test]
fn code_has_numbers_and_marked_lines() {
    let html = lead("```rust=101 {2}\na\nb\n```\n\n```=+\nc\n```");
    for part in [
        "<pre data-language=\"rust\"><code class=\"language-rust\">",
        "<span class=\"code-line\" data-line=\"101\">a</span>",
        "<span class=\"code-line code-line-marked\" data-line=\"102\">b</span>",
        "<span class=\"code-line\" data-line=\"103\">c</span>",
    ] {
        assert!(html.contains(part), "{part} is missing in {html}");
    }
    has("```js!\na\n```", &["<pre class=\"code-wrap\" data-language=\"js\">"]);
    has("```go {title=\"main.go\"}\na\n```", &["<figcaption>main.go</figcaption>"]);
}

#[test]
fn diagrams_are_shown_as_the_text_they_are_drawn_from() {
    has(
        "```mermaid\ngraph LR; a-->b\n```",
        &["<figcaption>Mermaid diagram</figcaption>", "language-mermaid", "a--&gt;b"],
    );
    for language in ["flow", "sequence", "graphviz", "plantuml", "vega"] {
        has(&format!("```{language}\na\n```"), &["<figcaption>", "a\n</code>"]);
    }
    assert!(!lead("```gherkin\na\n```").contains("figcaption"));
}

#[test]
fn formulas_are_shown_as_they_are_written() {
    assert_eq!(lead("$a_b_c$ 元"), "<p><code class=\"math\">$a_b_c$</code> 元</p>");
    has("$$\n\\sum_{i}\n$$", &["<code class=\"math math-display\">$$\n\\sum_{i}\n$$</code>"]);
    for plain in ["$5 到 $10", "$HOME/x 和 $PATH", "花了 $100，賺了 $200"] {
        assert_eq!(lead(plain), format!("<p>{plain}</p>"));
    }
}

#[test]
fn readings_remarks_and_abbreviations_are_elements() {
    has("{漢字|かんじ}", &["<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>"]);
    has(
        "> 好 [name=Jeff] [time=2031-05-01] [color=red]",
        &["remark-author\">Jeff</small>", "remark-time\">2031-05-01</small>", "tone-red"],
    );
    assert_eq!(
        lead("K8S 不是 xK8S\n\n*[K8S]: Kubernetes"),
        "<p><abbr title=\"Kubernetes\">K8S</abbr> 不是 xK8S</p>"
    );
    let excerpt = render("ferris", "K8S 與 {漢字|かんじ}\n\n*[K8S]: Kubernetes").excerpt;
    assert_eq!(excerpt, "K8S 與 漢字");
}

#[test]
fn definitions_follow_their_terms() {
    assert_eq!(
        lead("蘋果\n: 水果\n: 公司"),
        "<dl>\n<dt>蘋果</dt>\n<dd>水果</dd>\n<dd>公司</dd>\n</dl>"
    );
}

#[test]
fn marks_that_belong_to_a_word_are_text() {
    for plain in ["C++11 與 C++14", "i++ 和 j++", "a==b 而 c==d", "10~~20 與 30~~40"] {
        assert_eq!(lead(plain), format!("<p>{plain}</p>"));
    }
    assert_eq!(lead("++加++ ==標=="), "<p><ins>加</ins> <mark>標</mark></p>");
}

#[test]
fn urls_keep_what_looks_like_emphasis() {
    for url in [
        "https://a.example/_x_/b",
        "https://a.example/a~b~c",
        "https://a.example/a?x==y==",
        "https://a.example/:tada:/x",
        "https://a.example/__init__.py",
    ] {
        let html = lead(&format!("見{url}，完"));
        assert!(html.contains(&format!("href=\"{url}\"")), "{html}");
        assert!(html.ends_with("</a>，完</p>"), "{html}");
    }
    has("https://a.example **粗**", &["<strong>粗</strong>"]);
}

#[test]
fn mistyped_and_empty_links_are_repaired_and_told() {
    has("[a](hhttps://a.example/b)", &["href=\"https://a.example/b\""]);
    assert_eq!(codes("[a](hhttps://a.example/b)"), ["TN2022"]);
    assert_eq!(lead("[文字]() ![圖]()"), "<p>文字 圖</p>");
    assert_eq!(codes("[文字]()"), ["TN2023"]);
}

#[test]
fn lists_that_lost_their_indentation_are_nested_visibly() {
    let note = "* 甲\n+ 乙\n- 丙\n* 丁\n+ 戊";
    let html = lead(note);
    assert_eq!(html.matches("<ul class=\"inferred\" title=").count(), 3, "{html}");
    assert!(html.contains("<li>丁\n<ul class=\"inferred\""), "{html}");
    assert_eq!(codes(note), ["TN2021"]);
    let as_written = Rendering { nesting: Some(Nesting::AsWritten), ..Rendering::default() };
    let fragment = super::render("ferris", note, as_written, &BTreeSet::new());
    assert!(!fragment.html.contains("inferred") && fragment.diagnostics.is_empty());
    for kept in ["- 甲\n+ 乙", "* 甲\n\n+ 乙", "* 甲\n  * 子\n+ 乙\n* 丙", "* 甲\n1. 乙\n* 丙"]
    {
        assert!(!lead(kept).contains("inferred"), "{kept}");
    }
}

#[test]
fn headings_have_the_anchors_that_hackmd_gave_them() {
    let html = render("ferris", "## Personal\n## Personal\n## 問題：一、二\n## 一 {#own}\n").html;
    for part in [
        "<h2 id=\"note-personal\"><span id=\"note-Personal\"></span>Personal</h2>",
        "<h2 id=\"note-personal-1\"><span id=\"note-Personal1\"></span>Personal</h2>",
        "<span id=\"note-問題：一、二\"></span>",
        "<h2 id=\"note-own\"><span id=\"note-一\"></span>一</h2>",
    ] {
        assert!(html.contains(part), "{part} is missing in {html}");
    }
    let html = render("ferris", "# a {#b}\n# b\n# B\n").html;
    assert_eq!(html.matches(" id=\"note-b\"").count(), 1, "{html}");
}

#[test]
fn lines_are_joined_where_a_note_says_so() {
    let html = joined("一行\n二行 word\nword 三行。\n「四行」\n한국\n어");
    assert!(html.contains("<p>一行二行 word\nword 三行。「四行」\n한국\n어</p>"), "{html}");
}

#[test]
fn captions_and_images_make_figures() {
    has(
        "![會場](a.png)\n\n<p align=\"center\"><sub><sup>會場</sup></sub></p>\n\n後",
        &["<figure><img ", "<figcaption>會場</figcaption></figure>", "<p>後</p>"],
    );
}

#[test]
fn shortcodes_that_are_written_about_are_shown_and_do_nothing() {
    let note = "# 用 {{</* figure */>}}\n\n**見** {{</* youtube dQw4w9WgXcQ */>}} 與 {{%/* b */%}}";
    let fragment = render("ferris", note);
    assert!(!fragment.html.contains("youtube.com") && !fragment.html.contains("<em>"));
    assert!(fragment.html.contains("{{&lt; youtube dQw4w9WgXcQ &gt;}} 與 {{% b %}}"));
    assert_eq!(fragment.sections[0].title, "用 {{< figure >}}");
    assert_eq!(fragment.excerpt, "見 {{< youtube dQw4w9WgXcQ >}} 與 {{% b %}}");
    // What hides the marks cannot bring together what is dangerous.
    let html = render("ferris", "<img src=a on\u{fdd0}\u{fdd1}error=x()> {{< a >}}").html;
    assert!(!html.contains("error=x") || html.contains("&lt;img"), "{html}");
    let html = lead("[a](java\u{fdd0}\u{fdd1}script:x) {{< a >}}");
    assert!(!html.contains("href"), "{html}");
    let code = "```\n:::info\n{{</* /highlight */>}}\n```";
    assert!(lead(code).contains(":::info\n{{&lt; /highlight &gt;}}"));
}

#[test]
fn a_table_of_contents_has_as_many_levels_as_asked_for() {
    let note = |toc: &str| format!("{toc}\n# a\n## b\n### c\n#### d");
    let links = |toc: &str, toc_max_level| {
        let rendering = Rendering { toc_max_level, ..Rendering::default() };
        let html = super::render("ferris", &note(toc), rendering, &BTreeSet::new()).html;
        html.matches("<a href=").count()
    };
    assert_eq!([links("[TOC]", None), links("[toc]", Some(2)), links("[TOC]", Some(4))], [3, 2, 4]);
    assert_eq!(links("[TOC maxLevel=1]", Some(4)), 1, "what it says itself wins");
    assert_eq!(links("[TOC]", Some(-1)), 3);
}

#[test]
fn characters_that_nobody_sees_are_marked() {
    assert_eq!(
        lead("a\u{202e}b `c\u{2066}`"),
        "<p>a<span class=\"hidden-character\">U+202E</span>b \
         <code>c<span class=\"hidden-character\">U+2066</span></code></p>"
    );
    let found = render("ferris", "甲\n\nab\u{202e}c").diagnostics;
    assert_eq!(found[0].code, "TN2020");
    assert_eq!((found[0].line, found[0].column), (Some(3), Some(3)));
    assert!(!render("ferris", "# a\u{202e}b\n\nc\u{202e}d").excerpt.contains('\u{202e}'));
    assert_eq!(render("ferris", "# a\u{202e}b").sections[0].title, "ab");
}

#[test]
fn rows_of_marks_of_the_dialect_end() {
    for unit in [
        "{漢|",
        "[name=",
        "*[a]: b\n",
        "$a",
        "$$",
        "{{< a \"",
        "{{</* a",
        "{{</* a */>}}",
        "[a]({{< ref b",
        "[a]({{< ref b >}})",
        "{%pdf _a_ ",
        ":::info a\n:::\n",
        "* a\n+ b\n",
        "a\n: b\n",
        "https://a.example/_a_",
        "++a++",
        "\u{202e}",
        "[x]()",
        "{{< notice >}}\n{{< /notice >}}\n",
        "<iframe src=https://a.example/>",
        "## a {#b}\n",
        "<img src=a><p align=\"center\">b</p>",
    ] {
        let fragment = render("ferris", &unit.repeat(3000));
        assert!(!fragment.html.is_empty(), "{unit}");
    }
}

#[test]
fn an_id_stands_once_although_a_hidden_character_sets_two_apart() {
    let html = render("ferris", "# Log\n\n## 1.0.0 \u{202e}031-02-22\n\nfirst").html;
    assert_eq!(html.matches("id=\"note-100-031-02-22\"").count(), 1, "{html}");
}
