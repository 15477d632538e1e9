//! Emphasis beside CJK text and punctuation: our own cases for the rules of "markdown-cjk-friendly"
//! (<https://github.com/tats-u/markdown-cjk-friendly>). No package that ships its cases is at hand.

/// Markdown in one paragraph, and what is in the paragraph.
pub const CASES: &[(&str, &str)] = &[
    // Closing after punctuation, before a character.
    ("**叢集（cluster）**很穩", "<strong>叢集（cluster）</strong>很穩"),
    ("**重點：**先備份", "<strong>重點：</strong>先備份"),
    ("**很重要。**要記得", "<strong>很重要。</strong>要記得"),
    ("**真的嗎？**是的", "<strong>真的嗎？</strong>是的"),
    ("**『引用』**之後", "<strong>『引用』</strong>之後"),
    ("**《書名》**之後", "<strong>《書名》</strong>之後"),
    ("*斜體。*後面", "<em>斜體。</em>後面"),
    ("***都有。***後面", "<em><strong>都有。</strong></em>後面"),
    ("**これは大事です。**でも", "<strong>これは大事です。</strong>でも"),
    ("**「カギ」**です", "<strong>「カギ」</strong>です"),
    ("**한국어(Korean)**는", "<strong>한국어(Korean)</strong>는"),
    ("**中文(半形)**後面", "<strong>中文(半形)</strong>後面"),
    ("**`kubectl`**指令", "<strong><code>kubectl</code></strong>指令"),
    // Opening after a character, before punctuation.
    ("這是**「重點」**", "這是<strong>「重點」</strong>"),
    ("參考**（一）**與**（二）**", "參考<strong>（一）</strong>與<strong>（二）</strong>"),
    ("前面*（註）*", "前面<em>（註）</em>"),
    ("請用**`kubectl`**指令", "請用<strong><code>kubectl</code></strong>指令"),
    ("これは**「例」**です", "これは<strong>「例」</strong>です"),
    // Beside words of an alphabet.
    ("用**Kubernetes**管理", "用<strong>Kubernetes</strong>管理"),
    ("用 **Kubernetes** 管理", "用 <strong>Kubernetes</strong> 管理"),
    ("v1.36**（最新）**版", "v1.36<strong>（最新）</strong>版"),
    // Strikethrough, marks and insertions follow the same rules.
    ("~~舊的（刪）~~新的", "<del>舊的（刪）</del>新的"),
    ("==亮點：==速度", "<mark>亮點：</mark>速度"),
    ("++新增。++然後", "<ins>新增。</ins>然後"),
    // Characters of two code points.
    ("**葛\u{e0100}**城", "<strong>葛\u{e0100}</strong>城"),
    ("**禰\u{fe00}。**後", "<strong>禰\u{fe00}。</strong>後"),
    ("**𠮷（古）**野", "<strong>𠮷（古）</strong>野"),
    // What is no emphasis elsewhere is none here.
    ("a*\"b\"*c 不變", "a*\"b\"*c 不變"),
    ("** 空白 **不是", "** 空白 **不是"),
    ("snake_case_名稱", "snake_case_名稱"),
    ("中文_底線_中文", "中文_底線_中文"),
    ("2*3*4 的積", "2<em>3</em>4 的積"),
];
