use std::collections::BTreeSet;

use super::languages::names;
use super::*;

/// The pieces with a class, each as `c`omment, `k`ey, `s`tring or `n`umber.
fn coloured(language: &str, code: &str) -> String {
    let tokens = Budget::default().tokens(language, code);
    assert_eq!(tokens.iter().map(|token| token.text).collect::<String>(), code, "{language}");
    let letter = |class: Class| match class {
        Class::Comment => 'c',
        Class::Key => 'k',
        Class::String => 's',
        Class::Number => 'n',
    };
    let shown =
        tokens.iter().filter_map(|token| Some(format!("{}:{}", letter(token.class?), token.text)));
    shown.collect::<Vec<_>>().join(" ")
}

#[test]
fn languages_are_coloured_as_people_read_them() {
    for (language, code, expected) in [
        (
            "go",
            "func (t *Tide) At(i int) string { return \"a\\\"b\" } // ebb",
            "k:func k:int k:string k:return s:\"a\\\"b\" c:// ebb",
        ),
        (
            "rust",
            "let a: &'static str = \"x\\ny\"; let c = 'x'; 0..10",
            "k:let k:static k:str s:\"x\\ny\" k:let s:'x' n:0 n:10",
        ),
        (
            "python",
            "def f(x):  # \"no\"\n  '''two\nlines'''",
            "k:def c:# \"no\" s:'''two\nlines'''",
        ),
        ("js", "const a = `x${b}`; obj.delete(1_000)", "k:const s:`x${b}` n:1_000"),
        ("java", "/* a\n b */ class Tide {}", "c:/* a\n b */ k:class"),
        ("sql", "SELECT a FROM t -- all\nWHERE b = 'c'", "k:SELECT k:FROM c:-- all k:WHERE s:'c'"),
        ("c", "#include <a.h>\nchar c = '\\n';", "k:include k:char s:'\\n'"),
        ("css", "a { color: #fff; margin: 1.5rem } /* b */", "k:color k:margin n:1.5rem c:/* b */"),
    ] {
        assert_eq!(coloured(language, code), expected, "{language}");
    }
}

#[test]
fn data_have_keys_and_values() {
    for (language, code, expected) in [
        (
            "yaml",
            "kind: FogPolicy # b\nspec:\n  max: 32\n  on: true",
            "k:kind c:# b k:spec k:max n:32 k:on n:true",
        ),
        (
            "yaml",
            "- name: north-1\n- 30s\nretry: { budget: 10%, jitter: 30s }",
            "k:name n:30s k:retry k:budget n:10% k:jitter n:30s",
        ),
        (
            "yaml",
            "url: https://a.example:80/x#y\nimage: a:1.2\n\"a b\": 'c'\nit's: fine",
            "k:url k:image k:\"a b\" s:'c' k:it's",
        ),
        (
            "json",
            "{\"a\": [1, -2.5e3, true], \"b\": \"c: d\"}",
            "k:\"a\" n:1 n:2.5e3 n:true k:\"b\" s:\"c: d\"",
        ),
        (
            "toml",
            "[package]\nname = \"a\" # b\nlto = true",
            "k:[package] k:name s:\"a\" c:# b k:lto n:true",
        ),
        ("env", "PORT=8080\nURL=\"x\"", "k:PORT n:8080 k:URL s:\"x\""),
        ("hcl", "resource \"a\" \"b\" {\n  count = 2\n}", "k:resource s:\"a\" s:\"b\" k:count n:2"),
        ("html", "<!-- a --><a href=\"b\">\"c\"</a>", "c:<!-- a --> k:<a s:\"b\" k:</a"),
        ("diff", "--- a\n+++ b\n@@ 1 @@\n-x\n+y\n z", "k:--- a k:+++ b c:@@ 1 @@ n:-x s:+y"),
    ] {
        assert_eq!(coloured(language, code), expected, "{language}");
    }
}

#[test]
fn commands_have_words_where_commands_begin() {
    for (language, code, expected) in [
        ("bash", "# a\nif true; then echo if; fi", "c:# a k:if k:then k:fi"),
        ("console", "$ kubectl get pods | grep 'a b'\nnone", "c:$ s:'a b'"),
        ("sh", "echo $# a#b ${x} \"$y\"", "s:\"$y\""),
        ("dockerfile", "FROM a AS b\nRUN from # not\n# c", "k:FROM k:AS k:RUN c:# c"),
    ] {
        assert_eq!(coloured(language, code), expected, "{language}");
    }
}

#[test]
fn what_is_not_known_stays_plain_and_nothing_is_lost() {
    assert_eq!(coloured("klingon", "if x"), "");
    assert_eq!(coloured("", "if x"), "");
    let odd = [
        "",
        "\n",
        "\"",
        "'",
        "\\",
        "`",
        "/*",
        "\"\\",
        "'\\",
        "#",
        "é\u{301}",
        "講'講\"講",
        "\r\n\"a\r\n",
        "<",
        "-",
        "0.",
        "1..2",
        "---\n",
        "$ ",
        "[",
        "{a: [b, {",
        "\u{0}",
    ];
    for language in names() {
        for code in odd {
            // That the pieces are the text is checked there.
            coloured(language, code);
            coloured(language, &code.repeat(3));
        }
    }
}

#[test]
fn each_name_means_one_language() {
    let mut seen = BTreeSet::new();
    for name in names() {
        assert!(seen.insert(name), "{name}");
        assert_eq!(name, name.to_lowercase());
    }
}

/// Text between tags is gone over once, and not once for each of its characters.
#[test]
fn text_without_marks_is_one_piece() {
    let text = "tides and piers ".repeat(1000);
    let language = language("html").unwrap();
    let (length, class) = Scanner::new(language, &text).piece(&text, 't');
    assert_eq!((length, class), (text.len(), None));
}

#[test]
fn hostile_code_is_kept_whole() {
    const LONGEST: usize = 20_000;
    for piece in [
        "\"", "'", "\\\"", "`", "/*", "a:", "{a: ", "1..", "\"\\\"", "<\"", "#", "- ", "\"a\" ",
        "' ", "x", "<!--", "\"\"\"", "[", "'a",
    ] {
        let code = piece.repeat(LONGEST / piece.len());
        for language in ["yaml", "json", "go", "html", "bash"] {
            coloured(language, &code);
        }
    }
}

#[test]
fn a_note_has_so_many_colours_and_no_more() {
    let mut budget = Budget { tokens: 3 };
    let code = "1 2 3 4 5";
    let tokens = budget.tokens("go", code);
    assert_eq!(tokens.iter().filter(|token| token.class.is_some()).count(), 3);
    assert_eq!(tokens.iter().map(|token| token.text).collect::<String>(), code);
    assert_eq!(budget.tokens("go", code), [Token { text: code, class: None }]);
    assert!(budget.tokens("go", "").is_empty());
}
