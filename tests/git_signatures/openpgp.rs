//! Signatures of OpenPGP. Keys and signatures are those of the real gpg.

use talknotes::git::{Reference, Signed, Signers};

use super::support::gpg::Gpg;
use super::{Scene, refused, tag};

/// A time before now at which keys are made that expired since.
const LONG_AGO: &str = "20200101T000000";

/// Who signed HEAD, where the one key is trusted.
fn head(scene: &Scene, public: &str) -> Result<String, talknotes::git::GitError> {
    scene.verify(&Reference::Head, Signed::Commit, &[("anna.asc", public)])
}

#[test]
fn commits_that_gpg_signed_with_a_trusted_key_of_any_kind_are_taken() {
    let gpg = Gpg::new();
    for (hash, algorithm) in
        [("sha1", "ed25519"), ("sha256", "ed25519"), ("sha1", "rsa2048"), ("sha1", "nistp256")]
    {
        let scene = Scene::with_hash(hash);
        let key = gpg.key(&format!("anna-{hash}-{algorithm}"), algorithm, "sign", "never");
        let other = gpg.key(&format!("bo-{hash}-{algorithm}"), "ed25519", "sign", "1y");
        scene.repository.commit_with(&gpg.signs_with(&key, &[]), &[("a.md", "one\n")], "One");
        // Two blocks of armor in one file.
        let both = format!("{}\n{}", gpg.public(&other), gpg.public(&key));
        let signer = head(&scene, &both).unwrap();
        assert_eq!(signer, format!("anna.asc ({})", gpg.fingerprint(&key)), "{hash} {algorithm}");
    }
}

/// gpg makes the parts sign where there are some, and people show the key.
#[test]
fn a_part_that_is_for_signing_signs_for_its_key() {
    let (scene, gpg) = (Scene::new(), Gpg::new());
    let key = gpg.key("anna", "ed25519", "cert", "never");
    gpg.signing_subkey(&key, "ed25519");
    let fingerprints = gpg.fingerprints(&key);
    let [primary, part] = fingerprints.as_slice() else { panic!("{fingerprints:?}") };
    scene.repository.commit_with(&gpg.signs_with(&key, &[]), &[("a.md", "one\n")], "One");
    let signer = head(&scene, &gpg.public(&key)).unwrap();
    assert!(signer.contains(primary.as_str()) && !signer.contains(part.as_str()), "{signer}");

    gpg.revoke_subkey(&key);
    refused(head(&scene, &gpg.public(&key)), "revoked the part");
}

#[test]
fn tags_that_gpg_signed_are_checked() {
    let (scene, gpg) = (Scene::new(), Gpg::new());
    let key = gpg.key("anna", "ed25519", "sign", "never");
    let public = gpg.public(&key);
    let trusted = [("anna.asc", public.as_str())];
    let signs = gpg.signs_with(&key, &[]);
    scene.repository.commit(&[("a.md", "one\n")], "One");
    scene.repository.tag_with(&signs, "v1");
    assert!(scene.verify(&tag("v1"), Signed::Tag, &trusted).is_ok());
    refused(scene.verify(&tag("v1"), Signed::Both, &trusted), "commit");
    scene.repository.commit_with(&signs, &[("a.md", "two\n")], "Two");
    scene.repository.tag_with(&signs, "v2");
    let both = scene.verify(&tag("v2"), Signed::Both, &trusted).unwrap();
    assert_eq!(both.matches("anna.asc").count(), 1, "{both}");
}

#[test]
fn a_signature_of_a_stranger_or_of_something_else_is_refused() {
    let (scene, gpg) = (Scene::new(), Gpg::new());
    let key = gpg.key("anna", "ed25519", "sign", "never");
    let stranger = gpg.key("stranger", "ed25519", "sign", "never");
    let public = gpg.public(&key);
    scene.repository.commit_with(&gpg.signs_with(&stranger, &[]), &[("a.md", "one\n")], "One");
    refused(
        head(&scene, &public),
        &format!("{}, which is not trusted", gpg.fingerprint(&stranger)),
    );

    scene.repository.commit_with(&gpg.signs_with(&key, &[]), &[("a.md", "two\n")], "Harmless");
    head(&scene, &public).unwrap();
    let commit = scene.repository.run(&["cat-file", "commit", "HEAD"]);
    let forge = |text: String| {
        let arguments = ["hash-object", "-t", "commit", "-w", "--stdin"];
        let forged = scene.repository.run_with_input(&arguments, format!("{text}\n").as_bytes());
        scene.repository.run(&["reset", "-q", "--hard", &forged]);
        scene.repository.run(&["push", "-q", "--force", "origin", "HEAD"]);
        head(&scene, &public)
    };
    refused(forge(commit.replace("Harmless", "Harmful")), "does not match");
    refused(forge(commit.replace("-----END PGP", "-----END THE")), "cannot be read");
    forge(commit).unwrap();
}

#[test]
fn an_expired_key_is_refused_until_its_owner_extends_it() {
    let (scene, gpg) = (Scene::new(), Gpg::new());
    let key = gpg.key_made_at(Some(LONG_AGO), "anna", "ed25519", "sign", "2d");
    let expired = gpg.public(&key);
    let faked = format!("--faked-system-time={LONG_AGO}");
    scene.repository.commit_with(&gpg.signs_with(&key, &[&faked]), &[("a.md", "one\n")], "One");
    refused(head(&scene, &expired), "expired on 2020-01-03");
    gpg.extend(&key, "10y");
    head(&scene, &gpg.public(&key)).unwrap();
    refused(head(&scene, &expired), "expired on 2020-01-03");
}

#[test]
fn a_revoked_key_is_refused() {
    let (scene, gpg) = (Scene::new(), Gpg::new());
    let key = gpg.key("anna", "ed25519", "sign", "never");
    scene.repository.commit_with(&gpg.signs_with(&key, &[]), &[("a.md", "one\n")], "One");
    head(&scene, &gpg.public(&key)).unwrap();
    gpg.revoke(&key);
    refused(head(&scene, &gpg.public(&key)), "which its owner revoked");
}

#[test]
fn signatures_that_are_weak_expired_or_too_old_for_their_key_are_refused() {
    let (scene, gpg) = (Scene::new(), Gpg::new());
    let key = gpg.key("anna", "rsa2048", "sign", "never");
    let public = gpg.public(&key);
    let sign = |options: &[&str]| {
        scene.repository.commit_with(&gpg.signs_with(&key, options), &[], "Signed");
        head(&scene, &public)
    };
    refused(sign(&["--digest-algo=SHA1", "--allow-weak-digest-algos"]), "hash that is broken");
    let long_ago = format!("--faked-system-time={LONG_AGO}");
    refused(sign(&[&long_ago, "--ignore-time-conflict", "--ignore-valid-from"]), "younger than");
    refused(sign(&["--faked-system-time=20990101T000000"]), "from the future");
    sign(&[]).unwrap();

    let weak = gpg.key("weak", "rsa1024", "sign", "never");
    scene.repository.commit_with(&gpg.signs_with(&weak, &[]), &[], "Signed");
    refused(head(&scene, &gpg.public(&weak)), "too weak");
}

#[test]
fn what_is_no_public_key_is_refused_and_not_repeated() {
    let gpg = Gpg::new();
    let key = gpg.key("anna", "ed25519", "sign", "never");
    let public = gpg.public(&key);
    let cut = public.get(..public.len() / 2).unwrap();
    for text in ["", "hunter2", "ssh-ed25519 AAAA", cut, &gpg.secret(&key)] {
        let error = Signers::default().add_openpgp("anna.asc", text).unwrap_err();
        assert!(error.to_string().contains("anna.asc"), "{error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}
