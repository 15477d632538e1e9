use super::*;
use crate::git::{Access, Credentials};

const INTERVAL: Duration = Duration::from_secs(300);

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_993_982_400 + 60 * minute).unwrap()
}

fn remote(url: &str, password: Option<&str>) -> Remote {
    let credentials = password.map(|password| Credentials::Basic {
        username: "pilot".to_owned(),
        password: password.to_owned(),
    });
    Remote::new(url, Access { credentials, ..Access::default() }).unwrap()
}

fn call(remote: &Remote, minute: i64) -> Call<'_> {
    Call { remote, interval: INTERVAL, requested_at: None, now: at(minute) }
}

fn fails(remotes: &Remotes, call: &Call<'_>, error: GitError) -> Duration {
    let failed = remotes.heard::<()>(call, Err(error.into())).unwrap_err();
    failed.retry_after(1).unwrap()
}

fn limited(status: u16, until: Option<Timestamp>) -> GitError {
    GitError::RateLimited { status, until }
}

fn minutes(number: u64) -> Duration {
    Duration::from_secs(60 * number)
}

#[test]
fn a_server_that_says_how_long_is_left_alone_so_long_whoever_asks() {
    let remotes = Remotes::default();
    let harbour = remote("https://git.example/harbour.git", None);
    let pause = fails(&remotes, &call(&harbour, 0), limited(429, Some(at(10))));
    assert!(pause >= minutes(10) && pause <= minutes(11), "{pause:?}");

    let wish = Call { requested_at: Some("now!"), ..call(&harbour, 5) };
    let error = remotes.admit(&wish).unwrap_err();
    assert_eq!(error.reason(), "RateLimited");
    assert_eq!(error.class(), Class::Transient, "it is not stalled");
    assert!(error.to_string().contains("until 12:10 UTC"), "{error}");
    assert!(error.retry_after(9).unwrap() >= minutes(5));
    assert!(remotes.admit(&call(&harbour, 10)).is_ok());
}

#[test]
fn a_limit_holds_for_the_host_and_for_nobody_else() {
    let remotes = Remotes::default();
    let harbour = remote("https://git.example/harbour.git", None);
    fails(&remotes, &call(&harbour, 0), limited(403, Some(at(10))));
    let admitted = |url: &str, password| remotes.admit(&call(&remote(url, password), 5)).is_ok();
    assert!(!admitted("https://git.example/lighthouse.git", None), "the same host");
    assert!(admitted("https://git.example:8443/lighthouse.git", None), "another server");
    assert!(admitted("https://code.example/harbour.git", None), "another host");
    assert!(admitted("https://git.example/lighthouse.git", Some("x")), "an account of its own");
}

#[test]
fn a_server_that_is_away_for_one_repository_is_asked_for_the_others() {
    let remotes = Remotes::default();
    let harbour = remote("https://git.example/harbour.git", None);
    fails(&remotes, &call(&harbour, 0), limited(503, Some(at(10))));
    assert!(remotes.admit(&call(&harbour, 5)).is_err());
    let lighthouse = remote("https://git.example/lighthouse.git", None);
    assert!(remotes.admit(&call(&lighthouse, 5)).is_ok());
}

#[test]
fn a_limit_without_a_time_makes_pauses_grow() {
    let remotes = Remotes::default();
    let harbour = remote("https://git.example/harbour.git", None);
    let mut pauses = Vec::new();
    for minute in [0, 5, 15, 35, 75, 135] {
        assert!(remotes.admit(&call(&harbour, minute)).is_ok(), "{minute}");
        pauses.push(fails(&remotes, &call(&harbour, minute), limited(429, None)).as_secs() / 60);
    }
    assert_eq!(pauses, [5, 10, 20, 40, 60, 60]);
    remotes.heard(&call(&harbour, 200), Ok(())).unwrap();
    assert_eq!(fails(&remotes, &call(&harbour, 205), limited(429, None)), INTERVAL);
}

#[test]
fn refused_credentials_are_shown_at_growing_pauses_until_they_change() {
    let remotes = Remotes::default();
    let url = "https://git.example/harbour.git";
    let wrong = remote(url, Some("wrong"));
    let mut asked = Vec::new();
    for minute in (0..=120).step_by(5) {
        match remotes.admit(&call(&wrong, minute)) {
            Ok(()) => {
                asked.push(minute);
                let refused = GitError::CredentialsRefused { status: 401 };
                assert_eq!(fails(&remotes, &call(&wrong, minute), refused), INTERVAL);
            }
            Err(error) => {
                assert_eq!(error.reason(), "AuthenticationFailed");
                assert!(error.retry_after(1).unwrap() <= INTERVAL, "the Secret is looked at");
            }
        }
    }
    assert_eq!(asked, [0, 5, 15, 35, 75]);
    let wish = Call { requested_at: Some("now!"), ..call(&wrong, 121) };
    assert!(remotes.admit(&wish).is_ok(), "a person asks for it");
    assert!(remotes.admit(&call(&remote(url, Some("right")), 121)).is_ok());
}

#[test]
fn what_a_person_has_to_mend_is_looked_at_each_interval_and_no_more() {
    let remotes = Remotes::default();
    let harbour = remote("https://git.example/harbour.git", None);
    for error in [
        GitError::CredentialsNeeded,
        GitError::NotFound("status 404".to_owned()),
        GitError::Empty,
        GitError::TooLarge("an answer of more than 1024 MiB".to_owned()),
        GitError::IssuerUnknown,
        GitError::Unsupported("it is kept in clay".to_owned()),
    ] {
        for minute in 0..4 {
            let pause = fails(&remotes, &call(&harbour, minute), error.clone());
            assert_eq!(pause, INTERVAL, "{error}");
        }
    }
}

#[test]
fn a_server_that_cannot_be_reached_is_tried_with_growing_pauses() {
    let remotes = Remotes::default();
    let harbour = remote("https://git.example/harbour.git", None);
    let away = GitError::Unreachable("nobody is there".to_owned());
    let failed = remotes.heard::<()>(&call(&harbour, 0), Err(away.into())).unwrap_err();
    assert!(failed.retry_after(1).unwrap() < minutes(1));
    assert!(failed.retry_after(9).unwrap() > minutes(3));
    assert!(remotes.admit(&call(&harbour, 0)).is_ok());
}
