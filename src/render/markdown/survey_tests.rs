//! One case for each row of the survey of what people write in HackMD and Hugo, in its order.

use super::tests::{codes, has, lead, render};

/// What stands in the note, and what the page has to have for it.
const HACKMD: &[(&str, &[&str])] = &[
    ("一\n二", &["一<br>\n二"]),
    ("# 問題：一 B\n# 問題：一 B", &["id=\"note-問題：一-B\"", "id=\"note-問題：一-B1\""]),
    ("標題\n===", &["<h2 id=\"note-標題\">標題</h2>"]),
    ("* a\n+ b", &["<ul>"]),
    ("* a\n    * b\n        1. c", &["<li>a\n<ul>", "<li>b\n<ol>"]),
    ("3) a\n4) b", &["<ol start=\"3\">"]),
    ("* 0. a\n* 2.\n* 1.b\n+", &["<ol start=\"0\">", "<ol start=\"2\">", "1.b", "<li></li>"]),
    ("| a \\| b |\n|:-:|\n| `c` |", &["<th align=\"center\">a | b</th>", "<td align=\"center\">"]),
    ("> a\n> > b", &["<blockquote>\n<p>a</p>\n<blockquote>"]),
    ("+ > https://a.example", &["<li>\n<blockquote>"]),
    ("```go\na\n```", &["<code class=\"language-go\">"]),
    ("```go=\na\n```", &["data-line=\"1\""]),
    ("```go=101\na\n```\n```go=+\nb\n```", &["data-line=\"101\"", "data-line=\"102\""]),
    ("```go!\na\n```", &["class=\"code-wrap\""]),
    ("```go {wrap}\na\n```", &["class=\"code-wrap\""]),
    ("```go {title=\"m.go\"}\na\n```", &["<figcaption>m.go</figcaption>"]),
    (":::success\na\n:::", &["class=\"alert alert-success\" role=\"note\"", ">Success</span>"]),
    (":::info 提示\na\n:::", &["alert-info", "</span> 提示</p>"]),
    ("::: warning\na\n:::", &["alert-warning"]),
    ("* a\n\n  :::danger\n  b\n  :::", &["<li>", "alert-danger"]),
    (
        ":::spoiler a\n:::info\nb\n:::\nc\n:::\nd",
        &["<summary>a</summary>", "<p>c</p>\n</details>\n<p>d</p>"],
    ),
    (":::spoiler {state=\"open\"} a\nb\n:::", &["<details class=\"spoiler\" open=\"\">"]),
    ("- [ ] a\n- [x] b\n- [X] c", &["type=\"checkbox\"", "checked=\"\"", "disabled=\"\""]),
    ("==m== ++i++ ~~s~~", &["<mark>m</mark> <ins>i</ins> <del>s</del>"]),
    ("H~2~O 19^th^", &["<sub>2</sub>", "<sup>th</sup>"]),
    ("{漢字|かんじ}", &["<ruby>漢字<rp>(</rp><rt>かんじ</rt>"]),
    ("{漢字|かん|じ}", &["<ruby>漢<rp>(</rp><rt>かん</rt>", "字<rp>(</rp><rt>じ</rt>"]),
    ("a[^1] b^[c]\n\n[^1]: d", &["<section class=\"footnotes\">", ">d ", ">c "]),
    ("K8S\n\n*[K8S]: Kubernetes", &["<abbr title=\"Kubernetes\">K8S</abbr>"]),
    ("甲\n: 乙", &["<dt>甲</dt>\n<dd>乙</dd>"]),
    ("[TOC]\n# a\n## b\n### c\n#### d", &["<nav class=\"toc\">", "#note-c"]),
    ("[TOC maxLevel=1]\n# a", &["<nav class=\"toc\">"]),
    ("a\n###### tags: `b`", &["<p>a</p>\n</section>"]),
    (
        "參考https://a.example/路徑，後",
        &["參考<a href=\"https://a.example/%E8%B7%AF%E5%BE%91\"", "</a>，後"],
    ),
    ("README.md k8s.io", &["<p>README.md k8s.io</p>"]),
    ("![](a =200x100)", &["width=\"200\"", "height=\"100\""]),
    ("![](a =200x)", &["width=\"200\""]),
    ("![](a =x100)", &["height=\"100\""]),
    ("![](a =50%x)", &["width=\"50%\""]),
    ("![](a \"t\" =20x)", &["title=\"t\"", "width=\"20\""]),
    (
        "> a [name=Jeff] [time=Mon] [color=red]",
        &["remark-author\">Jeff", "remark-time\">Mon", "tone-red"],
    ),
    ("> a [color=#907bf7]", &["tone-purple"]),
    ("* a [name=Jeff]", &["remark-author\">Jeff"]),
    (":tada:", &["🎉"]),
    ("{%youtube dQw4w9WgXcQ %}", &["class=\"embed\"", "watch?v=dQw4w9WgXcQ"]),
    ("{%vimeo 12345 %}", &["https://vimeo.com/12345"]),
    ("{%gist a/1b %}", &["https://gist.github.com/a/1b"]),
    ("{%slideshare a/b %}", &["https://www.slideshare.net/a/b"]),
    ("{%speakerdeck a/b %}", &["https://speakerdeck.com/a/b"]),
    ("{%pdf https://a.example/b.pdf %}", &["class=\"embed\"", "https://a.example/b.pdf"]),
    ("{%hackmd abc %}", &["https://hackmd.io/abc"]),
    ("{%hackmd https://hackmd.io/@a/b %}", &["class=\"embed\"", "https://hackmd.io/@a/b"]),
    ("```mermaid\na\n```", &["Mermaid diagram"]),
    ("```csvpreview {header=\"true\"}\na,b\nc,d\n```", &["<th>a</th>", "<td>d</td>"]),
    ("```markmap\n# a\n- b\n```", &["<li>a\n<ul>\n<li>b</li>"]),
    ("$x^2$ $5 到 $10", &["<code class=\"math\">$x^2$</code> $5 到 $10"]),
    ("--watch ... (c)", &["--watch ... (c)"]),
    ("a<br>b", &["a<br>b"]),
    ("<img style=\"width:80%\" src=a>", &["width=\"80%\""]),
    ("<details><summary>a</summary>\n\nb\n</details>", &["<details><summary>a</summary>"]),
    ("<kbd>a</kbd> <u>b</u>", &["<kbd>a</kbd> <u>b</u>"]),
    ("<font color=red>a</font> <span style=\"color:red\">b</span>", &["a <span>b</span>"]),
    ("<iframe src=\"https://a.example/b\"></iframe>", &["href=\"https://a.example/b\""]),
    ("a\n\n---\n\nb\n\n----\n\nc", &["<hr>\n<p>b</p>\n<hr>"]),
    ("- 09:30 ~ 10:00 [a](/b) (R1)", &["~ 10:00 <a href=\"/b\"", "(R1)"]),
];

const HUGO: &[(&str, &[&str])] = &[
    ("a\n\n<!--more-->\n\nb", &["<p>a</p>\n\n<p>b</p>"]),
    ("## T {#id}", &["id=\"note-id\""]),
    ("> [!NOTE]\n> a", &["alert-info"]),
    ("甲\n: 乙", &["<dl>"]),
    ("{{< youtube dQw4w9WgXcQ >}}", &["watch?v=dQw4w9WgXcQ"]),
    ("{{< youtube id=dQw4w9WgXcQ start=30 >}}", &["watch?v=dQw4w9WgXcQ"]),
    ("{{< vimeo 12345 >}}", &["https://vimeo.com/12345"]),
    ("{{< x user=\"a\" id=\"1\" >}}", &["https://x.com/a/status/1"]),
    ("{{< instagram AbC1 >}}", &["https://www.instagram.com/p/AbC1/"]),
    ("{{< gist a 1b >}}", &["https://gist.github.com/a/1b"]),
    ("{{< figure src=\"a.png\" caption=\"b\" >}}", &["<figcaption>b</figcaption>"]),
    ("{{< highlight go >}}\na\n{{< /highlight >}}", &["language-go"]),
    ("{{< details \"a\" >}}\nb\n{{< /details >}}", &["<summary>a</summary>"]),
    ("{{% notice tip %}}\n**a**\n{{% /notice %}}", &["alert-success", "<strong>a</strong>"]),
    ("{{< qr >}} {{< ref \"a.md\" >}} {{< param x >}}", &["{{&lt; qr &gt;}}", "ref", "param"]),
    ("{{</* youtube a */>}}", &["<p>{{&lt; youtube a &gt;}}</p>"]),
    ("{{%/* notice */%}} {{</*a*/>}}", &["<p>{{% notice %}} {{&lt;a&gt;}}</p>"]),
    ("```md\n{{</* x */>}}\n```\n\n`{{</* y */>}}`", &["{{&lt; x &gt;}}", "<code>{{&lt; y &gt;}}"]),
    ("[a]({{< ref \"b.md\" >}}) [c]({{% relref path=d %}})", &["href=\"b.md\"", "href=\"d\""]),
    (
        "{{< highlight go \"linenos=table,hl_lines=1 3-4,linenostart=5\" >}}\na\nb\n{{< /highlight >}}",
        &["code-line-marked\" data-line=\"5\">a", "code-line\" data-line=\"6\">b"],
    ),
    (
        "{{< details summary=\"a\" open=true >}}\nb\n{{< /details >}}",
        &["<details class=\"spoiler\" open"],
    ),
    (
        "{{< figure src=\"a\" title=\"T\" caption=\"<c>\" attr=\"by A\" attrlink=\"https://a.example\" >}}",
        &[
            "<figcaption><strong>T</strong><br>&lt;c&gt;<br><a href=\"https://a.example/\"",
            ">by A</a>",
        ],
    ),
    ("{{% notice style=\"warning\" %}}\na\n{{% /notice %}}", &["alert-warning"]),
    ("## T {#id .wide data-a=b}", &["id=\"note-id\"", "</span>T</h2>"]),
    ("> [!NOTE]+ Title\n> a", &[">Note</span> Title</p>"]),
    ("> [!NOTE]-\n> a", &[">Note</span></p>"]),
    (
        "```go {linenos=inline hl_lines=[1,\"2-3\"]}\na\nb\n```",
        &["code-line-marked", "data-line=\"2\""],
    ),
    ("[a][b]\n\n<!-- link -->\n\n[b]: https://c.example", &["href=\"https://c.example\""]),
    ("a **中文（括號）**b", &["<strong>"]),
    ("![a](b.png)\n\n<p align=\"center\"><sub>c</sub></p>", &["<figcaption>c</figcaption>"]),
];

#[test]
fn every_row_of_the_survey_comes_out() {
    for (markdown, parts) in HACKMD.iter().chain(HUGO) {
        has(markdown, parts);
        let html = render("ferris", markdown).html;
        assert_eq!(crate::render::sanitize_published(&html), html, "{markdown}");
    }
}

#[test]
fn traps_of_the_survey_lose_nothing() {
    assert_eq!(lead("+ >90% of a"), "<ul>\n<li>&gt;90% of a</li>\n</ul>");
    assert_eq!(codes("a: https://b.example\n---"), ["TN2003"]);
    assert_eq!(lead("ref#1: C# a"), "<p>ref#1: C# a</p>");
    assert_eq!(lead("Vec<T> <your-name>"), "<p>Vec&lt;T&gt; &lt;your-name&gt;</p>");
    assert_eq!(lead("[a](https://b.example/中)").matches("%E4%B8%AD").count(), 1);
    assert!(render("ferris", "### Personal\n---\n### 共筆\n---").html.contains("共筆"));
}
