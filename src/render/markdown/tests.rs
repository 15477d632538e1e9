//! Each construct that notes are written in, as it comes out.

use super::*;

pub(super) fn render(name: &str, markdown: &str) -> Fragment {
    super::render(name, markdown, Rendering::default(), &BTreeSet::new())
}

/// HTML of a note without headings, without the section around it.
pub(super) fn lead(markdown: &str) -> String {
    let html = render("ferris", markdown).html;
    let html = html.strip_prefix("<section class=\"note-lead\">\n").unwrap_or(&html);
    html.strip_suffix("\n</section>\n").unwrap_or(html).to_owned()
}

pub(super) fn codes(markdown: &str) -> Vec<String> {
    render("ferris", markdown).diagnostics.into_iter().map(|found| found.code).collect()
}

#[track_caller]
pub(super) fn has(markdown: &str, parts: &[&str]) {
    let html = render("ferris", markdown).html;
    for part in parts {
        assert!(html.contains(part), "{part:?} is missing in:\n{html}");
    }
}

#[test]
fn nothing_gives_nothing() {
    assert_eq!(lead(""), "");
    assert_eq!(lead(" \n\n"), "");
}

#[test]
fn emphasis_holds_beside_cjk_punctuation() {
    for (markdown, html) in [
        ("**中文（括號）**後面", "<strong>中文（括號）</strong>後面"),
        ("這是**「重點」**喔", "這是<strong>「重點」</strong>喔"),
        ("~~中文（刪）~~後", "<del>中文（刪）</del>後"),
        ("==重點（標）==後", "<mark>重點（標）</mark>後"),
        ("++新增（加）++後", "<ins>新增（加）</ins>後"),
    ] {
        assert_eq!(lead(markdown), format!("<p>{html}</p>"));
    }
}

#[test]
fn line_breaks_are_kept() {
    assert_eq!(lead("一\n二"), "<p>一<br>\n二</p>");
}

#[test]
fn tildes_and_carets_are_guarded() {
    assert_eq!(lead("H~2~O 19^th^ 2^10^"), "<p>H<sub>2</sub>O 19<sup>th</sup> 2<sup>10</sup></p>");
    for plain in [
        "10~20 分鐘，30~40 分鐘",
        "10~20分鐘，30~40分鐘",
        "約 3~5 人 2~3 天",
        "~這一整段都不是下標，只是語氣~",
        "a ^ b ^ c",
    ] {
        assert_eq!(lead(plain), format!("<p>{plain}</p>"));
    }
}

#[test]
fn containers_have_a_type_in_words_and_a_title() {
    assert_eq!(
        lead(":::success 太好了\n內容\n:::"),
        "<div class=\"alert alert-success\" role=\"note\">\n<p class=\"alert-title\">\
         <span class=\"alert-type\">Success</span> 太好了</p>\n<p>內容</p>\n</div>"
    );
    has("::: info\n內容\n:::\n後面", &["alert alert-info", "</div>\n<p>後面</p>"]);
    has("* 一\n\n  :::danger\n  內容\n  :::\n* 二", &["<li>", "alert-danger"]);
    assert_eq!(
        lead(":::spoiler {state=\"open\"} 答案\n四十二\n:::"),
        "<details class=\"spoiler\" open=\"\"><summary>答案</summary>\n<p>四十二</p>\n</details>"
    );
    has(":::spoiler\na\n:::", &["<summary>Spoiler</summary>"]);
    has("::::info\n:::warning\na\n:::\nb\n::::", &["alert-info", "alert-warning", "<p>b</p>"]);
}

#[test]
fn fences_that_make_no_container_are_harmless() {
    assert_eq!(lead("前面\n\n:::\n\n後面"), "<p>前面</p>\n<p>後面</p>");
    assert_eq!(lead(":::theorem\na\n:::"), "<p>:::theorem</p>\n<p>a</p>");
    assert_eq!(codes(":::theorem\na\n:::"), ["TN2005"]);
    assert_eq!(codes(":::info\na\n"), ["TN2004"]);
    assert_eq!(codes(":::info\na\n:::\n"), Vec::<String>::new());
    assert_eq!(codes("> :::info\n> a\n> :::\n"), Vec::<String>::new());
}

#[test]
fn github_alerts_are_boxes_too() {
    has(
        "> [!WARNING]\n> 小心",
        &["alert alert-warning", "role=\"note\"", ">Warning</span>", "小心"],
    );
    has("> [!NOTE]\n> a", &["alert-info"]);
}

#[test]
fn tables_keep_their_alignment() {
    has(
        "比較\n| | 甲 |\n| --- | :---: |\n| 乙 | ==丙== |",
        &["<p>比較</p>", "<td></td>", "<th align=\"center\">甲</th>", "<mark>丙</mark>"],
    );
}

#[test]
fn tasks_are_disabled_checkboxes() {
    let html = lead("- [x] 做了\n- [ ] 還沒");
    assert_eq!(html.matches("type=\"checkbox\"").count(), 2, "{html}");
    assert_eq!(html.matches("disabled").count(), 2, "{html}");
    assert_eq!(html.matches("checked").count(), 1, "{html}");
    has("- [x] a", &["contains-task-list", "task-list-item"]);
}

#[test]
fn footnotes_have_ids_of_their_own_note() {
    let html = lead("甲[^1] 乙[^註] 甲[^1]\n\n[^註]: 二\n[^1]: 一");
    for part in [
        "href=\"#note-fn-ferris-1\"",
        "id=\"note-fn-ferris-1\"",
        "id=\"note-fnref-ferris-1-2\"",
        "id=\"note-fn-ferris-2\"",
        "<section class=\"footnotes\">",
    ] {
        assert!(html.contains(part), "{part} is missing in:\n{html}");
    }
    assert!(html.find("一").unwrap() < html.find("二").unwrap(), "{html}");
    has("甲^[就地寫]", &["footnotes", "就地寫"]);
}

#[test]
fn a_footnote_that_nobody_refers_to_stays() {
    let fragment = render("ferris", "甲\n\n[^忘]: 沒有人提到");
    assert!(fragment.html.contains("[^忘]: 沒有人提到"), "{}", fragment.html);
    assert_eq!(fragment.diagnostics[0].code, "TN2006");
    assert_eq!(fragment.diagnostics[0].line, Some(3));
}

#[test]
fn bare_urls_are_links_up_to_cjk_punctuation() {
    has(
        "見https://a.example/b，**很好**。",
        &[
            "見<a href=\"https://a.example/b\" rel=\"noopener noreferrer nofollow ugc\">https://a.example/b</a>，<strong>很好</strong>。",
        ],
    );
    assert_eq!(lead("README.md 和 main.rs"), "<p>README.md 和 main.rs</p>");
    has("www.a.example", &["href=\"http://www.a.example\""]);
    let html = lead("[https://a.example](https://b.example) `https://c.example`");
    assert_eq!(html.matches("<a ").count(), 1, "{html}");
}

#[test]
fn emoji_have_names() {
    assert_eq!(lead(":tada: 10:30:45"), "<p>🎉 10:30:45</p>");
}

#[test]
fn headings_start_at_two_and_open_sections() {
    let fragment =
        render("ferris", "開場\n\n### 我的 *筆記*\n\n一\n\n#### 細節\n\n### 共筆\n\n---\n");
    assert_eq!(
        fragment.html,
        "<section class=\"note-lead\">\n<p>開場</p>\n</section>\n\
         <section class=\"note-section\" aria-labelledby=\"note-我的-筆記\">\n\
         <h2 id=\"note-我的-筆記\">我的 <em>筆記</em></h2>\n<p>一</p>\n\
         <h3 id=\"note-細節\">細節</h3>\n</section>\n\
         <section class=\"note-section\" aria-labelledby=\"note-共筆\">\n\
         <h2 id=\"note-共筆\">共筆</h2>\n<hr>\n</section>\n"
    );
    let outline: Vec<_> =
        fragment.sections.iter().map(|s| (s.title.as_str(), s.level, s.empty)).collect();
    assert_eq!(outline, [("我的 筆記", 2, false), ("細節", 3, true), ("共筆", 2, true)]);
}

#[test]
fn anchors_are_unique_and_keep_han() {
    let fragment = render("ferris", "# 問題！\n# 問題\n# 🥇\n# Q&A: `x`\n# location\n");
    let anchors: Vec<_> = fragment.sections.iter().map(|s| s.anchor.as_str()).collect();
    assert_eq!(anchors, ["note-問題", "note-問題-1", "note-section", "note-qa-x", "note-location"]);
    for anchor in anchors {
        assert!(fragment.html.contains(&format!("<h2 id=\"{anchor}\">")), "{}", fragment.html);
    }
}

#[test]
fn a_heading_inside_something_makes_no_section() {
    let fragment = render("ferris", "## 一\n> # 引用\n\n## 二\n###### 深\n");
    let titles: Vec<_> = fragment.sections.iter().map(|s| s.title.as_str()).collect();
    assert_eq!(titles, ["一", "二", "深"]);
    assert!(fragment.html.contains("<h3 id=\"note-引用\">"), "{}", fragment.html);
    assert!(fragment.html.contains("<h3 id=\"note-深\">"), "{}", fragment.html);
    assert!(!fragment.sections[0].empty);
}

#[test]
fn levels_that_an_author_leaves_out_leave_no_gap() {
    for (markdown, levels) in [
        ("# a\n### b\n### c\n###### d\n## e\n# f", vec![2, 3, 3, 4, 3, 2]),
        ("#### a\n##### b\n## c\n### d", vec![3, 4, 2, 3]),
        ("###### a\n###### b", vec![2, 2]),
    ] {
        let found: Vec<_> = render("ferris", markdown).sections.iter().map(|s| s.level).collect();
        assert_eq!(found, levels, "{markdown}");
    }
}

#[test]
fn dashes_under_text_are_a_rule() {
    let fragment = render("ferris", "### 共筆\nref#2: https://a.example\n---\n後面\n");
    assert_eq!(fragment.sections.len(), 1);
    assert!(
        fragment.html.contains("https://a.example</a></p>\n<hr>\n<p>後面</p>"),
        "{}",
        fragment.html
    );
    assert_eq!(fragment.diagnostics[0].code, "TN2003");
    assert_eq!(fragment.diagnostics[0].line, Some(2));
    assert_eq!(lead("一\n-"), "<p>一<br>\n-</p>");
    has("標題\n===", &["<h2 id=\"note-標題\">標題</h2>"]);
}

#[test]
fn a_number_after_a_bracket_is_no_quote() {
    assert_eq!(lead("+ >90% of clusters"), "<ul>\n<li>&gt;90% of clusters</li>\n</ul>");
    has("* >=3 個節點", &["<li>&gt;=3 個節點</li>"]);
    has("+ > https://a.example", &["<blockquote>"]);
    has("> 3 天", &["<blockquote>"]);
}

#[test]
fn code_blocks_have_one_class() {
    for info in ["rust=10", "rust=", "rust!", "rust {title=\"x\"}", "Rust", "rust=+"] {
        has(
            &format!("```{info}\nlet a = 1 < 2;\n```"),
            &[
                "<code class=\"language-rust\">",
                "<span class=\"code-key\">let</span> a = <span class=\"code-number\">1</span> &lt; ",
            ],
        );
    }
    has("```\na\n```", &["<pre><code>a"]);
    has("```c++\na\n```", &["language-c++"]);
}

#[test]
fn a_table_of_contents_links_to_the_headings() {
    let html = render("ferris", "[TOC]\n\n# 一\n## 二\n### 三\n#### 四\n# 五\n").html;
    assert!(
        html.contains(
            "<nav class=\"toc\"><ul><li><a href=\"#note-一\" rel=\"noopener noreferrer nofollow ugc\">一</a><ul>"
        ),
        "{html}"
    );
    assert_eq!(html.matches("<li>").count(), 4, "{html}");
    assert_eq!(html.matches("<ul>").count(), html.matches("</ul>").count());
    let html = render("ferris", "[TOC maxLevel=1]\n\n# 一\n## 二\n").html;
    assert_eq!(html.matches("<li>").count(), 1, "{html}");
    assert!(!render("ferris", "# 一\n\n[TOC]\n").sections[0].title.is_empty());
}

#[test]
fn the_tags_line_is_hidden() {
    let fragment = render("ferris", "## 一\n\n###### tags: `a` `b`\n\n二");
    assert_eq!(fragment.sections.len(), 1);
    assert!(!fragment.html.contains("tags"), "{}", fragment.html);
}

#[test]
fn images_are_lazy_and_tell_nobody() {
    let html = lead("![圖](https://a.example/b.png \"標題\")");
    for part in
        ["loading=\"lazy\"", "referrerpolicy=\"no-referrer\"", "alt=\"圖\"", "title=\"標題\""]
    {
        assert!(html.contains(part), "{part} is missing in {html}");
    }
    has(
        "![圖](https://a.example/b_c.png =200x)",
        &["src=\"https://a.example/b_c.png\"", "width=\"200\""],
    );
    has("![](a.png =200x100)", &["width=\"200\"", "height=\"100\""]);
    assert_eq!(lead("![a](b =1x\"onerror)"), "<p>![a](b =1x\"onerror)</p>");
}

#[test]
fn html_keeps_widths_and_captions() {
    let html = lead(
        "<img style=\"width:80%;\" src=\"https://a.example/b.png\">\n<p align=\"center\"><sub><sup>\n  會場\n</sup></sub></p>\n",
    );
    assert!(html.contains("width=\"80%\""), "{html}");
    assert!(!html.contains("style"), "{html}");
    assert!(html.contains("<figcaption>會場</figcaption></figure>"), "{html}");
    has(
        "<details open><summary>更多</summary>\n\n**內容**\n\n</details>",
        &["<details open=\"\">", "<strong>內容</strong>"],
    );
}

#[test]
fn what_only_looks_like_html_is_shown() {
    assert_eq!(lead("Vec<T> 和 List<String>"), "<p>Vec&lt;T&gt; 和 List&lt;String&gt;</p>");
    assert_eq!(lead("Vec<Object> <your-name>"), "<p>Vec&lt;Object&gt; &lt;your-name&gt;</p>");
    assert_eq!(lead("<T>\n"), "&lt;T&gt;");
    assert_eq!(lead("甲<!-- 看不見 -->乙"), "<p>甲乙</p>");
    assert_eq!(lead("<!-- more -->\n\n乙"), "<p>乙</p>");
    has("甲\n\n<!-- 沒有結尾\n\n乙", &["沒有結尾", "乙"]);
}

#[test]
fn an_element_left_open_ends_with_its_section() {
    let html = render("ferris", "## 一\n\n<details><summary>甲</summary>\n\n## 二\n\n乙\n").html;
    assert!(html.contains("</details>\n</section>\n<section class=\"note-section\""), "{html}");
}

#[test]
fn embeds_are_links() {
    for embed in ["{%youtube dQw4w9WgXcQ %}", "{{< youtube dQw4w9WgXcQ >}}"] {
        let html = lead(embed);
        assert!(
            html.contains(
                "<span class=\"embed\"><a href=\"https://www.youtube.com/watch?v=dQw4w9WgXcQ\""
            ),
            "{html}"
        );
        assert!(!html.contains("<iframe"));
    }
    assert_eq!(lead("{%youtube \"onload=x %}"), "<p>{%youtube \"onload=x %}</p>");
}

#[test]
fn plain_text_and_excerpt_leave_out_what_is_not_prose() {
    let fragment = render(
        "ferris",
        "## 標題\n\n第一段 **粗** `碼`\n第二行\n\n```\ncode\n```\n\n[TOC]\n\n:tada:",
    );
    assert_eq!(fragment.excerpt, "第一段 粗 碼 第二行 🎉");
    assert!(fragment.text.contains("標題") && !fragment.text.contains("code"));
}

#[test]
fn hostile_sizes_are_shown_as_plain_text() {
    for (markdown, code) in [
        ("字".repeat(limits::MAX_MARKDOWN / 3 + 1), "TN2010"),
        (format!("{}底", "> ".repeat(60)), "TN2011"),
        (format!("{}底{}", "**".repeat(600), "**".repeat(600)), "TN2011"),
        ("![](a =1x)".repeat(48_000), "TN2016"),
    ] {
        let fragment = render("ferris", &markdown);
        assert_eq!(fragment.diagnostics.last().map(|d| d.code.as_str()), Some(code));
        assert!(
            fragment.html.starts_with("<section class=\"note-lead\">\n<pre class=\"note-plain\">")
        );
        assert_eq!(fragment.html.contains('底'), markdown.contains('底'));
        assert_eq!(fragment.html.contains('字'), markdown.contains('字'));
    }
}

#[test]
fn too_much_of_one_kind_is_shown_as_text() {
    let cases = [
        (":::info 甲\n".repeat(500), "TN2013", ":::info 甲"),
        ("[^1]".repeat(3000), "TN2014", "[^1]"),
        ("<div>".repeat(6000) + "甲", "TN2015", "&lt;div&gt;"),
        (
            (0..2000).map(|n| format!("<b id={n}>")).collect::<String>() + &"\n\n甲".repeat(2000),
            "TN2015",
            "&lt;b id=",
        ),
    ];
    for (markdown, code, shown) in cases {
        let fragment = render("ferris", &markdown);
        assert!(fragment.diagnostics.iter().any(|found| found.code == code), "{code}");
        assert!(fragment.html.contains(shown), "{code}");
        assert!(fragment.html.contains('甲') || shown == "[^1]", "{code}");
    }
}

#[test]
fn rows_of_marks_end() {
    for (unit, times) in [
        ("[", 10_000),
        ("![", 10_000),
        ("](", 10_000),
        ("{%", 10_000),
        ("{{<", 10_000),
        ("<a ", 10_000),
        ("*a ", 10_000),
        ("_a*b", 10_000),
        ("`", 10_000),
        ("~a", 10_000),
        ("^a", 10_000),
        ("<!--", 10_000),
        ("https://", 10_000),
        ("https://a(", 10_000),
        ("<", 10_000),
        ("\\", 10_000),
        ("&#x", 10_000),
        ("[a]: b\n[a]", 10_000),
        ("- a ", 10_000),
        ("# a\n", 10_000),
        ("==a", 10_000),
        ("![a](b =", 10_000),
        ("http://a.b)", 10_000),
        ("a\n---\n", 10_000),
    ] {
        let markdown = unit.repeat(times);
        let fragment = render("ferris", &markdown);
        assert!(!fragment.html.is_empty(), "{unit}");
    }
}

#[test]
fn same_input_same_bytes() {
    let note = SAMPLE;
    let first = render("ferris", note);
    for _ in 0..3 {
        let again = render("ferris", note);
        assert_eq!(first.html, again.html);
        assert_eq!(first.sections, again.sections);
        assert_eq!(first.diagnostics, again.diagnostics);
    }
}

#[test]
fn what_is_rendered_passes_the_viewer_as_it_is() {
    let html = render("ferris", SAMPLE).html;
    assert_eq!(crate::render::sanitize_published(&html), html);
}

#[test]
fn what_is_shown_as_plain_text_passes_the_viewer_as_it_is() {
    for text in ["\n\r\n\"a\" & b < c > d\u{a0}\0", "\r\ra\rb"] {
        let html = plain::fragment(text).html;
        assert_eq!(crate::render::sanitize_published(&html), html, "{text:?}");
    }
}

#[test]
fn plain_text_has_no_element_that_takes_the_viewer_long() {
    let html = plain::fragment(&"&".repeat(50_000)).html;
    let most = html.split("<pre").map(|part| part.matches("&amp;").count()).max();
    assert_eq!(most, Some(limits::MAX_REFERENCES));
    assert_eq!(html.matches("&amp;").count(), 50_000);
    assert_eq!(crate::render::sanitize_published(&html), html);
}

#[test]
fn html_that_changes_when_it_is_read_again_is_settled() {
    let html = "<h2>a <table></h2><ul><li>b</li></ul><h3>c</h3>";
    let once = sanitize::clean(html);
    assert_ne!(sanitize::clean(&once), once, "no longer a case");
    let html = render("ferris", "# a <table>\n\n- b\n\n## c\n").html;
    assert_eq!(crate::render::sanitize_published(&html), html);
}

#[test]
fn an_element_without_an_end_hides_nothing() {
    has("a <script> b\n\n## Tides\n\nc", &["a &lt;script&gt; b", "id=\"note-tides\"", "c"]);
    has("a <textarea> b\n\nc", &["&lt;textarea&gt; b", "c"]);
    assert_eq!(lead("a <script>x()</script> b"), "<p>a  b</p>");
    let many = "a <script> b\n\n".repeat(2000);
    assert_eq!(lead(&many).matches("&lt;script&gt;").count(), 2000);
}

#[test]
fn lines_may_end_in_a_carriage_return() {
    let found = render("ferris", "a\r\rb\r---\r\r:::info\rc").diagnostics;
    let places: Vec<_> = found.iter().map(|d| (d.code.as_str(), d.line)).collect();
    assert_eq!(places, [("TN2003", Some(3)), ("TN2004", Some(6))]);
    assert!(lead("a\r\rb\r---\rc").contains("<hr>"));
}

/// A bit of everything, the way people mix it.
const SAMPLE: &str = "\
開場 **重點（一）**說明，見https://docs.example/路徑，下午 2~3 點。[^a]

## 個人筆記

* [x] 看過 `spec`
* >90% 的 ==請求== ++成功++
* ![架構圖](https://img.example/a.png =300x)

:::warning 注意
<img src=x width=20 height=30 onerror=alert(1)> <input type=text checked name=x>
:::

## 共筆

| 欄 | 值 |
|:--|--:|
| `a` | Vec<T> |

{%youtube dQw4w9WgXcQ %}

[^a]: 註解
";

#[test]
fn code_has_colours_that_pass_the_sanitizer() {
    has(
        "```yaml\nkind: \"<b>\" # a\n```",
        &[
            "<span class=\"code-key\">kind</span>: ",
            "<span class=\"code-string\">\"&lt;b&gt;\"</span> ",
            "<span class=\"code-comment\"># a</span>",
        ],
    );
    has(
        "```go=7\n/* a\nb */\n```",
        &[
            "data-line=\"7\"><span class=\"code-comment\">/* a</span></span>\n",
            "data-line=\"8\"><span class=\"code-comment\">b */</span></span>\n",
        ],
    );
    has("```mermaid\ngraph TD; a --> b\n```", &["language-mermaid\">graph TD; a --&gt; b"]);
    has("```nobody-knows\nif 1\n```", &["if 1"]);
}
