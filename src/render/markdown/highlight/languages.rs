//! What is known of each language. No logic.

/// How a language is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Words, strings and numbers.
    Words,
    /// The same, and what stands before a `:` or `=` is a key.
    Keys,
    /// YAML: keys, and values that are words or numbers as a whole.
    Yaml,
    /// Commands: words count where a command begins, and `$ ` is a prompt.
    Shell,
    /// Instructions at the beginnings of lines.
    Instructions,
    /// Elements with attributes.
    Markup,
    /// Lines that come and go.
    Diff,
}

/// A language.
#[derive(Debug)]
pub(super) struct Language {
    /// What authors call it.
    names: &'static str,
    pub style: Style,
    /// What begins a comment that ends with its line.
    pub comments: &'static [&'static str],
    /// What begins and ends a comment of several lines.
    pub blocks: &'static [(&'static str, &'static str)],
    /// What stands around strings of one line, in which `\` escapes.
    pub quotes: &'static str,
    /// What stands around strings of several lines; longer marks first.
    pub long_quotes: &'static [&'static str],
    /// Whether `'a'` is a character, and `'a` something else.
    pub has_characters: bool,
    /// Words of the language, between spaces.
    pub words: &'static str,
    /// Whether the size of letters does not matter.
    pub ignores_case: bool,
}

const C_BLOCKS: &[(&str, &str)] = &[("/*", "*/")];
const PLAIN: Language = Language {
    names: "",
    style: Style::Words,
    comments: &[],
    blocks: &[],
    quotes: "\"'",
    long_quotes: &[],
    has_characters: false,
    words: "",
    ignores_case: false,
};
const C_LIKE: Language = Language { comments: &["//"], blocks: C_BLOCKS, ..PLAIN };
const SCRIPT: Language = Language { comments: &["#"], ..PLAIN };

static LANGUAGES: [Language; 27] = [
    Language {
        names: "yaml yml helm compose docker-compose k8s kubernetes",
        style: Style::Yaml,
        ..SCRIPT
    },
    Language {
        names: "json json5 jsonc jsonl ndjson",
        style: Style::Keys,
        words: "true false null",
        ..C_LIKE
    },
    Language {
        names: "toml ini cfg conf properties env dotenv systemd editorconfig gitconfig",
        style: Style::Keys,
        comments: &["#", ";"],
        long_quotes: &["\"\"\"", "'''"],
        words: "true false yes no on off",
        ..PLAIN
    },
    Language {
        names: "hcl terraform tf tfvars nomad packer",
        style: Style::Keys,
        comments: &["#", "//"],
        blocks: C_BLOCKS,
        words: "resource data variable output module provider terraform locals moved import check for in if dynamic true false null",
        ..PLAIN
    },
    Language {
        names: "sh bash zsh shell console terminal shell-session sh-session shellsession fish",
        style: Style::Shell,
        words: "if then elif else fi for in do done while until case esac function select return export local readonly declare set unset source alias trap exit break continue",
        ..SCRIPT
    },
    Language {
        names: "dockerfile docker containerfile",
        style: Style::Instructions,
        words: "FROM AS RUN CMD LABEL EXPOSE ENV ADD COPY ENTRYPOINT VOLUME USER WORKDIR ARG ONBUILD STOPSIGNAL HEALTHCHECK SHELL MAINTAINER",
        ignores_case: true,
        ..SCRIPT
    },
    Language {
        names: "makefile make mk just justfile",
        style: Style::Shell,
        words: "include ifeq ifneq ifdef ifndef else endif define endef export override",
        ..SCRIPT
    },
    Language {
        names: "go golang",
        quotes: "\"",
        long_quotes: &["`"],
        has_characters: true,
        words: "break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var true false nil iota any error string bool byte rune int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 float32 float64",
        ..C_LIKE
    },
    Language {
        names: "rust rs",
        quotes: "",
        long_quotes: &["\""],
        has_characters: true,
        words: "as async await break const continue crate dyn else enum extern fn for if impl in let loop match mod move mut pub ref return self Self static struct super trait type union unsafe use where while yield true false bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 String Vec Option Result Box",
        ..C_LIKE
    },
    Language {
        names: "python py python3 starlark bzl ipython tilt",
        long_quotes: &["\"\"\"", "'''"],
        words: "and as assert async await break class continue def del elif else except finally for from global if import in is lambda match case nonlocal not or pass raise return try while with yield True False None self",
        ..SCRIPT
    },
    Language {
        names: "javascript js jsx mjs cjs typescript ts tsx node svelte vue",
        long_quotes: &["`"],
        words: "abstract as async await break case catch class const continue debugger declare default delete do else enum export extends finally for from function get if implements import in infer instanceof interface keyof let namespace new of private protected public readonly return satisfies set static super switch this throw try type typeof var void while with yield true false null undefined string number boolean any unknown never",
        ..C_LIKE
    },
    Language {
        names: "java groovy gradle jenkinsfile",
        long_quotes: &["\"\"\""],
        words: "abstract assert boolean break byte case catch char class const continue def default do double else enum extends final finally float for if implements import in instanceof int interface long native new non-sealed package permits private protected public record return sealed short static super switch synchronized this throw throws transient try var void volatile while yield true false null",
        ..C_LIKE
    },
    Language {
        names: "kotlin kt kts scala sc",
        long_quotes: &["\"\"\""],
        words: "abstract as break by case catch class companion continue data def do else enum extends final finally for forSome fun given if implicit import in init inline inner interface internal is lateinit lazy match new null object open operator out override package private protected public return sealed super suspend this throw trait try type val var when where while with yield true false",
        ..C_LIKE
    },
    Language {
        names: "c h cpp c++ cc cxx hpp objc arduino cuda",
        has_characters: true,
        quotes: "\"",
        words: "alignas alignof auto bool break case catch char class concept const constexpr continue default delete do double else enum explicit export extern false final float for friend goto if inline int long mutable namespace new noexcept nullptr operator override private protected public register requires return short signed sizeof static struct switch template this throw true try typedef typename union unsigned using virtual void volatile while NULL size_t include define ifdef ifndef endif pragma",
        ..C_LIKE
    },
    Language {
        names: "csharp cs c# dotnet",
        long_quotes: &["\"\"\""],
        words: "abstract as async await base bool break byte case catch char class const continue decimal default delegate do double else enum event explicit extern false finally fixed float for foreach get if implicit in init int interface internal is lock long nameof namespace new null object operator out override params private protected public readonly record ref return sealed set short sizeof static string struct switch this throw true try typeof uint ulong using var virtual void volatile when where while with yield",
        ..C_LIKE
    },
    Language {
        names: "swift dart zig",
        long_quotes: &["\"\"\""],
        words: "actor any as async await break case catch class comptime const continue default defer deinit do dynamic else enum export extension extern fallthrough final fn for func guard if import in init inout is lazy let library mixin mutating new nil null open operator orelse override private protocol pub public required return self some static struct super switch test this throw throws true try typealias typedef union unreachable usingnamespace var void weak where while with yield false",
        ..C_LIKE
    },
    Language {
        names: "ruby rb rake gemfile vagrantfile crystal elixir ex exs",
        words: "alias and begin break case class def defmodule defp defstruct do else elsif end ensure false fn for if import in module next nil not or raise redo require rescue retry return self super then true undef unless until use when while with yield",
        ..SCRIPT
    },
    Language {
        names: "php",
        comments: &["//", "#"],
        words: "abstract and array as break callable case catch class clone const continue declare default do echo else elseif enum extends final finally fn for foreach function global if implements include instanceof interface isset list match namespace new null or print private protected public readonly require return static switch throw trait try unset use var while yield true false",
        ..C_LIKE
    },
    Language {
        names: "powershell ps1 pwsh posh",
        blocks: &[("<#", "#>")],
        words: "begin break catch class continue data do dynamicparam else elseif end enum exit filter finally for foreach from function hidden if in param process return switch throw trap try until using while",
        ignores_case: true,
        ..SCRIPT
    },
    Language {
        names: "sql mysql postgresql postgres psql plsql sqlite tsql cql ksql promql logql",
        comments: &["--", "#"],
        blocks: C_BLOCKS,
        words: "add all alter analyze and any as asc begin between bool by case cast check column commit constraint create cross database default delete desc distinct drop else end exists explain false first foreign from full function grant group having if ignoring in index inner insert int integer into is join key last left like limit not null offset on or order outer over partition primary references right rollback row rows select set table text then timestamp trigger true truncate union unique update using values varchar view when where with without sum avg min max count rate increase histogram_quantile topk",
        ignores_case: true,
        ..PLAIN
    },
    Language {
        names: "proto protobuf proto3 thrift capnp graphql gql",
        comments: &["//", "#"],
        words: "syntax package import option message enum service rpc returns stream repeated optional required oneof map reserved extend extensions true false double float int32 int64 uint32 uint64 sint32 sint64 fixed32 fixed64 bool string bytes struct type query mutation subscription fragment on input scalar interface union schema implements directive",
        ..C_LIKE
    },
    Language {
        names: "lua nginx vcl haproxy",
        comments: &["--", "#"],
        words: "and break do else elseif end false for function goto if in local nil not or repeat return then true until while server location upstream listen proxy_pass root index error_log access_log events http include",
        ..PLAIN
    },
    Language {
        names: "haskell hs elm purescript",
        comments: &["--"],
        blocks: &[("{-", "-}")],
        has_characters: true,
        quotes: "\"",
        words: "case class data default deriving do else forall foreign if import in infix infixl infixr instance let module newtype of then type where qualified as hiding",
        ..PLAIN
    },
    Language {
        names: "rego cue jsonnet libsonnet dhall nix cel r julia jl perl pl",
        comments: &["#", "//"],
        words: "package import default not with as some every in if contains else true false null let local for function self super assert error inherit rec then my our use sub return while end begin struct using foreach unless",
        ..PLAIN
    },
    Language { names: "css scss sass less", style: Style::Keys, words: "important", ..C_LIKE },
    Language {
        names: "html xml svg xhtml htm xsl xslt plist rss pom jsp erb",
        style: Style::Markup,
        blocks: &[("<!--", "-->")],
        ..PLAIN
    },
    Language { names: "diff patch udiff", style: Style::Diff, ..PLAIN },
];

/// The language that authors call `name`, in lower case.
pub(super) fn language(name: &str) -> Option<&'static Language> {
    if name.is_empty() {
        return None;
    }
    LANGUAGES.iter().find(|language| has(language.names, name))
}

/// Whether `word` is one of `words`, which stand between spaces.
pub(super) fn has(words: &str, word: &str) -> bool {
    // Most words are none of them, and are found nowhere in the text.
    !word.is_empty() && words.contains(word) && words.split(' ').any(|known| known == word)
}

#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().flat_map(|language| language.names.split(' '))
}
