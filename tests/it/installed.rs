//! What makes the operator app one that can be installed: its worker, its manifest, and the help.

use serde_json::json;

use crate::support::Beseda;

#[test]
fn the_worker_is_of_this_version_and_may_serve_all_of_the_app() {
    let beseda = Beseda::start();
    let answer = beseda.anonymous().get("/sw.js");
    assert_eq!(answer.header("content-type"), Some("text/javascript; charset=utf-8"));
    assert_eq!(answer.header("service-worker-allowed"), Some("/"));
    assert_eq!(answer.header("cache-control"), Some("no-cache"));
    let version = beseda.owner().get("/api/session").expect(200)["version"].as_str().unwrap().to_owned();
    let script = answer.expect(200);
    let script = script.as_str().unwrap();
    assert!(script.contains(&format!("/a/{version}")) && !script.contains("{{"));
    let page = beseda.owner().get("/");
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("worker-src 'self'") && policy.contains("manifest-src 'self'"), "{policy}");
    assert!(policy.contains("trusted-types beseda-sw") && !policy.contains("unsafe"), "{policy}");
}

#[test]
fn the_installed_app_is_named_after_the_shop_and_speaks_its_language() {
    let beseda = Beseda::start();
    let answer = beseda.anonymous().get("/manifest.webmanifest");
    assert_eq!(answer.header("content-type"), Some("application/manifest+json"));
    let manifest = answer.expect(200);
    let of = |name: &str| manifest[name].clone();
    assert_eq!((of("name"), of("short_name"), of("lang")), ("Северный чай".into(), "Северный чай".into(), "ru".into()));
    assert_eq!((of("display"), of("scope")), (json!("standalone"), json!("/")));
    for icon in manifest["icons"].as_array().unwrap() {
        let file = beseda.anonymous().get(icon["src"].as_str().unwrap());
        assert_eq!((file.status, file.header("content-type")), (200, icon["type"].as_str()), "{icon}");
    }
    let english = beseda.anonymous().get("/manifest.webmanifest?lang=en").expect(200);
    assert_eq!((&english["lang"], &english["name"]), (&json!("en"), &json!("Северный чай")));
    beseda.edit("UPDATE project SET name = '\"}<b>\\', language = 'en'");
    let manifest = beseda.anonymous().get("/manifest.webmanifest").expect(200);
    assert_eq!((&manifest["name"], &manifest["lang"]), (&json!("\"}<b>\\"), &json!("en")));
}

#[test]
fn the_help_is_for_everybody_in_their_own_language() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    maria.patch("/api/me", &json!({ "language": "en" })).expect(200);
    let lang = |answer: crate::support::Answer| {
        let page = answer.expect(200);
        let page = page.as_str().unwrap();
        page.split("lang=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned()
    };
    assert_eq!(lang(beseda.anonymous().get("/help")), "ru", "the browser's");
    assert_eq!(lang(maria.get("/help")), "en", "the operator's own");
    assert_eq!(lang(maria.get("/help?lang=ru")), "ru", "the one asked for");
}
