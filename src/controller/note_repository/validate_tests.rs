use super::*;
use crate::api::{GitReference, ReadingRule, SecretReference, SourceKind, Verification, Webhook};

fn valid(change: impl FnOnce(&mut NoteRepositorySpec)) -> Result<ValidRepository, Error> {
    let mut spec =
        NoteRepositorySpec { url: "https://git.example/n".to_owned(), ..Default::default() };
    change(&mut spec);
    repository(&NoteRepository::new("notes", spec), false)
}

#[test]
fn defaults_are_those_of_the_descriptions() {
    let valid = valid(|_| {}).unwrap();
    assert_eq!(valid.interval, Duration::from_secs(300));
    assert_eq!(valid.timeout, Duration::from_secs(60));
    assert_eq!(valid.max_delete_percent, 50);
    assert_eq!(valid.reference, Reference::Head);
}

#[test]
fn durations_are_read_as_flux_writes_them() {
    for (text, seconds) in [("90s", 90.0), ("1h30m", 5400.0), ("1.5m", 90.0)] {
        let valid = valid(|spec| spec.interval = Some(text.to_owned())).unwrap();
        assert!((valid.interval.as_secs_f64() - seconds).abs() < 0.001, "{text}");
    }
}

#[test]
fn all_faults_are_found_at_once() {
    let result = valid(|spec| {
        spec.interval = Some("1s".to_owned());
        spec.timeout = Some("1h".to_owned());
        spec.include = vec!["notes/{".to_owned()];
        spec.rules = vec![ReadingRule { paths: vec!["a[".to_owned()], ..ReadingRule::default() }];
    });
    let Err(Error::Invalid(faults)) = result else { panic!("is valid") };
    let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_ref()).collect();
    let expected = ["spec.interval", "spec.timeout", "spec.include", "spec.rules[0].paths[0]"];
    assert_eq!(fields, expected);
}

#[test]
fn the_most_exact_reference_wins_in_the_order_of_flux() {
    let commit = "0123456789012345678901234567890123456789".to_owned();
    let mut set = GitReference::default();
    let mut wins = |change: &dyn Fn(&mut GitReference), expected: Reference| {
        change(&mut set);
        let valid = valid(|spec| spec.reference = Some(set.clone()));
        assert_eq!(valid.unwrap().reference, expected);
    };
    let text = |text: &str| Some(text.to_owned());
    wins(&|set| set.branch = text("main"), Reference::Branch("main".to_owned()));
    wins(&|set| set.tag = text("v1"), Reference::Tag("v1".to_owned()));
    let range = Reference::Semver("1.x".parse().unwrap());
    wins(&|set| set.semver = text("1.x"), range);
    let pull = "refs/pull/1/head";
    wins(&|set| set.name = text(pull), Reference::Name(pull.to_owned()));
    wins(&|set| set.commit = Some(commit.clone()), Reference::Commit(commit.clone()));
}

#[test]
fn what_belongs_to_a_source_is_not_set_beside_it() {
    let source = || SourceReference { kind: SourceKind::OCIRepository, name: "notes".to_owned() };
    let alone = valid(|spec| {
        spec.url.clear();
        spec.source_ref = Some(source());
    });
    assert_eq!(alone.unwrap().interval, Duration::from_secs(30));
    let result = valid(|spec| {
        spec.source_ref = Some(source());
        spec.reference = Some(GitReference::default());
        let secret_ref = SecretReference { name: "keys".to_owned() };
        spec.secret_ref = Some(secret_ref.clone());
        spec.verify = Some(Verification { mode: VerificationMode::Head, secret_ref });
    });
    let Err(Error::Invalid(faults)) = result else { panic!("is valid") };
    let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_ref()).collect();
    assert_eq!(fields, ["spec.url", "spec.ref", "spec.secretRef", "spec.verify"]);
    assert!(faults[0].message.contains("OCIRepository notes"));
}

#[test]
fn a_range_that_is_none_is_a_fault() {
    let semver = Some("newest".to_owned());
    let reference = Some(GitReference { semver, ..GitReference::default() });
    let Err(Error::Invalid(faults)) = valid(|spec| spec.reference = reference) else {
        panic!("is valid")
    };
    assert_eq!(faults[0].field, "spec.ref.semver");
}

#[test]
fn only_a_tag_can_be_a_signed_one() {
    let secret_ref = SecretReference { name: "keys".to_owned() };
    let with = |mode, tag: Option<&str>| {
        let verify = Verification { mode, secret_ref: secret_ref.clone() };
        let tag = tag.map(str::to_owned);
        valid(|spec| {
            spec.verify = Some(verify);
            spec.reference = Some(GitReference { tag, ..GitReference::default() });
        })
    };
    let head = with(VerificationMode::Head, None).unwrap();
    assert_eq!(head.verification, Some((Signed::Commit, "keys".to_owned())));
    for mode in [VerificationMode::Tag, VerificationMode::TagAndHead] {
        let Err(Error::Invalid(faults)) = with(mode, None) else { panic!("is valid") };
        assert_eq!(faults[0].field, "spec.verify.mode");
        assert!(with(mode, Some("v1")).is_ok());
    }
}

#[test]
fn what_is_not_acted_upon_is_named() {
    let secret_ref = SecretReference { name: "keys".to_owned() };
    let named = valid(|spec| spec.webhook = Some(Webhook { secret_ref })).unwrap();
    assert_eq!(named.notices[0].path, "spec.webhook");
}
