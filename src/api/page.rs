//! Pages and the files they are made of.

use rouille::Response;

use super::{Call, Handled, auth};
use crate::assets::media_type;
use crate::domain::{channel, setup};
use crate::edge::Answer;
use crate::error::{Code, Error, Result};
use crate::model::limits;
use crate::model::project::{Language, Project};
use crate::store;

/// What our pages may load and do. No inline scripts or styles; text never becomes markup. The one named policy is for the
/// address of the service worker, which is a script too (`assets/operator/worker.js`).
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; connect-src 'self'; \
     frame-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types beseda-sw";

/// A year, for what never changes under its address.
pub(super) const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// Whether the server answers and its file can be read.
pub fn health(call: &Call) -> Handled {
    call.api.domain.store.read(|reader| Ok(store::event::last(reader)?))?;
    Ok(Answer::Response(Response::text("ok\n").with_unique_header("Cache-Control", "no-store")))
}

/// A file of the pages. One of another version, asked for by a page that was loaded before an upgrade, is served as it is now.
pub fn asset(call: &Call) -> Handled {
    let path = call.path.get("file").map(String::as_str).unwrap_or_default();
    let assets = &call.api.assets;
    // Pages have placeholders and are served under their own addresses only.
    let plain = assets.get(path).filter(|_| !path.ends_with(".html")).ok_or(Code::NoSuchPath)?;
    let current = call.path.get("version").is_some_and(|version| version == assets.version());
    let cache = if current && !cfg!(debug_assertions) { IMMUTABLE } else { "no-cache" };
    let media_type = media_type(path);
    let zipped = (plain.len() > limits::GZIP_BYTES_MIN && !media_type.starts_with("image/p") && call.takes_gzip())
        .then(|| assets.gzipped(path))
        .flatten();
    let response = match zipped {
        Some(bytes) => {
            Response::from_data(media_type, bytes.to_vec()).with_additional_header("Content-Encoding", "gzip")
        }
        None => Response::from_data(media_type, plain.into_owned()),
    };
    Ok(Answer::Response(shared(response, cache)))
}

/// The sign in the tab, for those who look at the root.
pub fn favicon(call: &Call) -> Handled {
    let bytes = call.api.assets.get("shared/favicon.svg").ok_or(Code::NoSuchPath)?;
    Ok(Answer::Response(shared(Response::from_data("image/svg+xml", bytes.into_owned()), "public, max-age=86400")))
}

/// The operator app; who is not logged in goes to the log-in page, or to the set-up page before there is an owner.
pub fn app(call: &Call) -> Handled {
    for_operators(call, "operator/index.html")
}

/// The admin app.
pub fn admin(call: &Call) -> Handled {
    for_operators(call, "admin/index.html")
}

/// A plain page with a site's widget, for the settings to show in a frame what it looks like.
pub fn preview(call: &Call) -> Handled {
    auth::recognise(call.api, call.request)?.viewer().need_administrator()?;
    let key = call.path.get("key").map(String::as_str).unwrap_or_default();
    let channel = call.api.domain.store.read(|reader| channel::by_key(reader, key))?;
    let policy = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'");
    filled(call, "admin/preview/index.html", call.language, &channel.key, policy)
}

/// The log-in page.
pub fn login(call: &Call) -> Handled {
    if !setup::is_done(&call.api.domain)? {
        return Ok(redirect("/setup".into()));
    }
    page(call, "login/index.html", call.language)
}

/// The set-up page.
pub fn setup(call: &Call) -> Handled {
    page_by_link(call, "setup/index.html")
}

/// The page where a colleague sets an own password.
pub fn invite(call: &Call) -> Handled {
    page_by_link(call, "invite/index.html")
}

/// A page of the demo shop, in the project's language or the one asked for by `lang`.
pub fn demo(call: &Call) -> Handled {
    if !call.api.demo {
        return Err(Code::NoSuchPath.into());
    }
    let language = match asked_language(call) {
        Some(language) => language,
        None => project(call)?.language,
    };
    let name = call.path.get("page").map_or("index", String::as_str);
    let sound = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !sound {
        return Err(Code::NoSuchPath.into());
    }
    page(call, &format!("demo/{}/{name}.html", language.as_str()), language)
}

/// The help, for whoever asks: in the language asked for by `lang`, the operator's own, or the browser's.
pub fn help(call: &Call) -> Handled {
    let own = || auth::recognise(call.api, call.request).ok().map(|who| who.operator.preferences.language);
    let language = asked_language(call).or_else(own).unwrap_or(call.language);
    page(call, &format!("help/{}.html", language.as_str()), language)
}

/// The service worker of the operator app. It names this version's assets, so each version is another worker.
pub fn worker(call: &Call) -> Handled {
    let script = call.api.assets.text("operator/sw.js").ok_or(Code::NoSuchPath)?;
    let script = script.replace("{{assets}}", &call.api.assets.base());
    let response = call
        .compressed("text/javascript; charset=utf-8", script.into_bytes())
        .with_unique_header("Cache-Control", "no-cache")
        .with_additional_header("Content-Security-Policy", POLICY)
        .with_additional_header("Service-Worker-Allowed", "/");
    Ok(Answer::Response(response))
}

/// What the installed app is called and looks like: named after the shop, for somebody may have the apps of two; in the
/// language asked for by `lang`, or the project's.
pub fn manifest(call: &Call) -> Handled {
    let project = project(call)?;
    let language = asked_language(call).unwrap_or(project.language);
    let path = format!("operator/manifest.{}.webmanifest", language.as_str());
    let manifest = call.api.assets.text(&path).ok_or(Code::NoSuchPath)?;
    let manifest = manifest.replace("{{assets}}", &call.api.assets.base());
    let mut manifest: serde_json::Value = serde_json::from_str(&manifest).map_err(Error::internal)?;
    for name in ["name", "short_name"] {
        if let Some(value) = manifest.get_mut(name) {
            *value = project.name.as_str().into();
        }
    }
    let response = call
        .compressed(media_type(&path), manifest.to_string().into_bytes())
        .with_unique_header("Cache-Control", "no-cache");
    Ok(Answer::Response(response))
}

/// Every component in every state.
#[cfg(debug_assertions)]
pub fn gallery(call: &Call) -> Handled {
    page(call, "gallery/index.html", call.language)
}

/// The parameter `lang`. Links to these pages carry marks of others too, so unknown parameters are their own business.
fn asked_language(call: &Call) -> Option<Language> {
    let query = call.request.raw_query_string();
    query.split('&').find_map(|pair| pair.strip_prefix("lang=")).and_then(Language::parse)
}

fn for_operators(call: &Call, path: &str) -> Handled {
    match auth::recognise(call.api, call.request) {
        Ok(who) => {
            // The service worker also fetches the page to keep it, and shows it to nobody.
            if call.request.header("sec-fetch-dest") != Some("empty") {
                call.api.domain.presence.operator_loads(who.operator.id);
            }
            page(call, path, who.operator.preferences.language)
        }
        Err(error) if !matches!(error.code, Code::LoginNeeded | Code::AccountDeleted) => Err(error),
        Err(_) if !setup::is_done(&call.api.domain)? => Ok(redirect("/setup".into())),
        Err(_) => Ok(redirect(login_and_back(call.request.raw_url()))),
    }
}

/// The log-in page, which leads back to `path` afterwards.
fn login_and_back(path: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_');
    if path != "/" && path.chars().all(plain) { format!("/login?next={path}") } else { "/login".into() }
}

fn redirect(to: String) -> Answer {
    Answer::Response(Response::redirect_302(to).with_unique_header("Cache-Control", "no-store"))
}

fn page(call: &Call, path: &str, language: Language) -> Handled {
    let channels = call.api.domain.store.read(|reader| Ok(store::channel::all(reader)?))?;
    let key = channels.first().map_or("", |channel| channel.key.as_str());
    filled(call, path, language, key, POLICY.to_owned())
}

/// A page whose address holds a secret: nobody is told where its requests come from, as proxies log it.
fn page_by_link(call: &Call, path: &str) -> Handled {
    Ok(match page(call, path, call.language)? {
        Answer::Response(response) => Answer::Response(response.with_unique_header("Referrer-Policy", "no-referrer")),
        other => other,
    })
}

/// A page with its gaps filled; `key` is the widget's that stands on it.
fn filled(call: &Call, path: &str, language: Language, key: &str, policy: String) -> Handled {
    let html = call.api.assets.text(path).ok_or(Code::NoSuchPath)?;
    let project = project(call)?;
    let html = html
        .replace("{{assets}}", &call.api.assets.base())
        .replace("{{lang}}", language.as_str())
        .replace("{{key}}", key)
        .replace("{{project}}", &escaped(&project.name));
    let response = call
        .compressed("text/html; charset=utf-8", html.into_bytes())
        .with_unique_header("Cache-Control", "no-cache")
        .with_additional_header("Content-Security-Policy", policy)
        .with_additional_header("Cross-Origin-Opener-Policy", "same-origin")
        .with_additional_header("Referrer-Policy", "strict-origin-when-cross-origin");
    Ok(Answer::Response(response))
}

fn project(call: &Call) -> Result<Project> {
    let project = call.api.domain.store.read(|reader| Ok(store::project::get(reader)?))?;
    project.ok_or_else(|| Error::internal("a file without a project"))
}

/// What other sites may load too: the widget's modules come from here into the shop's page.
pub(super) fn shared(response: Response, cache: &'static str) -> Response {
    response
        .with_unique_header("Cache-Control", cache)
        .with_additional_header("Access-Control-Allow-Origin", "*")
        .with_additional_header("Cross-Origin-Resource-Policy", "cross-origin")
        .with_additional_header("Vary", "Accept-Encoding")
}

/// Text inside HTML, also inside a quoted attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
