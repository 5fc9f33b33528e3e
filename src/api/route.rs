//! The one table of routes. Rights, body limits, methods and the description for programs all come from it.

use std::collections::HashMap;
use std::sync::Arc;

use super::{
    Api, Call, Handled, account, attachment, audit, auth, avatar, backup, channel, chat, crm, invitation, lead,
    message, openapi, operator, page, profile, push, schedule, settings, setup, site_check, socket, template, visitor,
    widget,
};
use crate::edge::{Answer, Incoming, Stream};
use crate::error::{Code, Error};
use crate::model::limits;
use crate::model::project::Language;

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everybody.
    Anybody,
    /// Everybody who is logged in.
    Operator,
    /// Administrators and the owner.
    Administrator,
    /// The owner.
    Owner,
}

/// One route.
pub struct Route {
    /// The method; `HEAD` is answered as `GET` without a body.
    pub method: &'static str,
    /// The path; `{name}` stands for one part, `{name*}` for the rest.
    pub path: &'static str,
    /// Who may call it.
    pub who: Who,
    /// Bytes of the largest body that is read before the handler is called.
    pub body_bytes: usize,
    /// Pages of other sites may call it: it knows its callers by what no browser sends by itself.
    pub cross_origin: bool,
    /// What it does, for the description.
    pub summary: &'static str,
    way: Way,
}

/// How a route gets its body.
enum Way {
    /// Whole.
    Whole(fn(&Call) -> Handled),
    /// As it comes; how much of it is the handler's to say.
    Streamed(fn(&Call, &mut Stream<'_>) -> Handled),
}

impl Route {
    /// Whether the body is a file, read as it comes.
    pub fn is_streamed(&self) -> bool {
        matches!(self.way, Way::Streamed(_))
    }

    const fn for_any_site(mut self) -> Route {
        self.cross_origin = true;
        self
    }
}

const fn route(
    method: &'static str,
    path: &'static str,
    who: Who,
    handler: fn(&Call) -> Handled,
    summary: &'static str,
) -> Route {
    let body_bytes = match method.as_bytes() {
        b"GET" => 0,
        _ => limits::JSON_BYTES,
    };
    Route { method, path, who, body_bytes, cross_origin: false, summary, way: Way::Whole(handler) }
}

const fn upload(
    path: &'static str,
    who: Who,
    handler: fn(&Call, &mut Stream<'_>) -> Handled,
    summary: &'static str,
) -> Route {
    Route { method: "POST", path, who, body_bytes: 0, cross_origin: false, summary, way: Way::Streamed(handler) }
}

/// The same with another largest body.
const fn sized(route: Route, body_bytes: usize) -> Route {
    Route { body_bytes, ..route }
}

/// All routes.
#[rustfmt::skip]
pub static ROUTES: &[Route] = &[
    route("GET",   "/api/project",               Who::Anybody,       setup::project,        "The shop's name and language, and whether it is set up"),
    route("POST",  "/api/setup",                 Who::Anybody,       setup::finish,         "Sets the project up and logs the owner in"),
    route("POST",  "/api/setup/check",           Who::Anybody,       setup::check,          "Whether a set-up link is valid"),
    route("POST",  "/api/login",                 Who::Anybody,       account::log_in,       "Begins a session on this device"),
    route("POST",  "/api/logout",                Who::Operator,      account::log_out,      "Ends this session and its sockets"),
    route("GET",   "/api/session",               Who::Operator,      account::session,      "Who is logged in, with project, operators and channels"),
    route("PATCH", "/api/me",                    Who::Operator,      account::patch_me,     "Changes one's own settings"),
    route("GET",   "/api/operators",             Who::Administrator, operator::list,        "All operators"),
    route("POST",  "/api/operators",             Who::Owner,         operator::add,         "Adds an operator"),
    route("PATCH", "/api/operators/{id}",        Who::Administrator, operator::change,     "Changes an operator: the owner anything, administrators name and email of plain operators"),
    route("DELETE", "/api/operators/{id}",       Who::Owner,         operator::delete,      "Deletes an operator; chats become unassigned, history stays"),
    route("POST",  "/api/operators/{id}/invitation", Who::Owner,     operator::invite,      "Makes a link with which an operator sets an own password"),
    route("DELETE", "/api/operators/{id}/invitation", Who::Owner,    operator::withdraw,    "Takes that link back"),
    route("POST",  "/api/invitations/check",     Who::Anybody,       invitation::check,     "Whom an invitation is for"),
    route("POST",  "/api/invitations/accept",    Who::Anybody,       invitation::accept,    "Sets one's own password by an invitation and logs in"),
    sized(route("PUT", "/api/operators/{id}/avatar", Who::Operator, avatar::put, "Gives an operator a picture: the bytes of a PNG or JPEG file"), limits::AVATAR_BYTES),
    route("DELETE", "/api/operators/{id}/avatar", Who::Operator,     avatar::remove,        "Takes an operator's picture away"),
    route("PATCH", "/api/me/profile",            Who::Operator,      profile::change,       "Changes one's own name, email or password"),
    route("GET",   "/api/settings",              Who::Administrator, settings::get,         "Who sees contacts of clients, and which files are taken"),
    route("PATCH", "/api/settings",              Who::Owner,         settings::change,      "Changes that"),
    route("GET",   "/api/crm",                   Who::Administrator, crm::get,              "The CRM that takes leads, and their additional fields"),
    route("PUT",   "/api/crm",                   Who::Owner,         crm::save,             "Checks a CRM and makes it the project's own"),
    route("DELETE", "/api/crm",                  Who::Owner,         crm::remove,           "Removes the CRM"),
    route("POST",  "/api/crm/check",             Who::Owner,         crm::check,            "Looks whether address and secret work, and what they allow"),
    route("GET",   "/api/crm/places",            Who::Owner,         crm::places,           "Pipelines and stages of the CRM"),
    route("GET",   "/api/crm/fields",            Who::Owner,         crm::fields,           "Fields of the CRM, and those that leads fill"),
    route("PUT",   "/api/crm/fields",            Who::Owner,         crm::set_fields,       "Chooses which fields leads fill, and with what"),
    route("GET",   "/api/crm/users",             Who::Administrator, crm::users,            "The CRM's users, with the operators of the same email"),
    route("POST",  "/api/crm/secret",            Who::Owner,         crm::make_secret,      "Makes a secret for a signed webhook"),
    route("POST",  "/api/chats/{id}/leads",      Who::Operator,      lead::create,          "Hands the client to the CRM"),
    route("GET",   "/api/chats/{id}/crm",        Who::Operator,      lead::client,          "What is known of the client in the CRM by now"),
    route("POST",  "/api/chats/{id}/crm",        Who::Operator,      lead::look,            "The same, and has it looked up anew"),
    route("POST",  "/api/leads/{id}/retry",      Who::Operator,      lead::retry,           "Tries a refused lead again"),
    route("GET",   "/api/chats",                 Who::Operator,      chat::list,            "A page of a list of chats"),
    route("GET",   "/api/chats/{id}",            Who::Operator,      chat::detail,          "A chat with its newest messages and all that stands beside it"),
    route("GET",   "/api/chats/{id}/messages",   Who::Operator,      chat::messages,        "Older messages of a chat"),
    route("POST",  "/api/chats/{id}/messages",   Who::Operator,      chat::send,            "Sends a message"),
    route("POST",  "/api/chats/{id}/notes",      Who::Operator,      chat::note,            "Stores a note, for operators only"),
    upload(        "/api/chats/{id}/attachments", Who::Operator,     attachment::upload,    "Uploads a file, the body as it is, to send it in a message or note"),
    route("GET",   "/api/attachments/{id}",      Who::Operator,      attachment::download,  "A file, whole or one range of it"),
    route("GET",   "/api/attachments/{id}/thumbnail", Who::Operator, attachment::thumbnail, "The small copy of a picture"),
    route("POST",  "/api/chats/{id}/assign",     Who::Operator,      chat::assign,          "Gives a chat to an operator: an administrator any, others their own"),
    route("PATCH", "/api/messages/{id}",         Who::Operator,      message::edit,         "Replaces the text of one's own message"),
    route("DELETE", "/api/messages/{id}",        Who::Operator,      message::delete,       "Takes back one's own message"),
    route("GET",   "/api/messages/{id}/revisions", Who::Administrator, message::revisions,  "What a message said before it was edited or deleted"),
    route("GET",   "/api/templates",             Who::Operator,      template::list,        "Everybody's templates and one's own"),
    route("POST",  "/api/templates",             Who::Operator,      template::add,         "Adds a template: the owner for everybody, others for themselves"),
    route("PUT",   "/api/templates/order",       Who::Operator,      template::order,       "Puts everybody's templates, or one's own, into another order"),
    route("GET",   "/api/templates/export",      Who::Operator,      template::export,      "Templates as a CSV file"),
    sized(route("POST", "/api/templates/import", Who::Operator, template::import, "Takes templates in from a CSV file, or only says what that would do"), limits::TEMPLATES_CSV_BYTES),
    route("PATCH", "/api/templates/{id}",        Who::Operator,      template::change,      "Changes a template"),
    route("DELETE", "/api/templates/{id}",       Who::Operator,      template::remove,      "Removes a template"),
    route("GET",   "/api/audit",                 Who::Administrator, audit::list,           "Who changed what, newest first"),
    route("POST",  "/api/backups",               Who::Owner,         backup::make,          "Makes a copy of everything, to be downloaded"),
    route("GET",   "/api/backups/{token}",       Who::Owner,         backup::get,           "That copy, one SQLite file"),
    route("GET",   "/api/schedule",              Who::Administrator, schedule::get,         "The working hours, and what follows from them"),
    sized(route("PUT", "/api/schedule", Who::Owner, schedule::save, "Saves the working hours"), limits::SCHEDULE_BYTES),
    sized(route("POST", "/api/schedule/preview", Who::Administrator, schedule::preview, "What would follow from other working hours"), limits::SCHEDULE_BYTES),
    route("GET",   "/api/channels",              Who::Administrator, channel::list,         "The sites, with all that the owner decides of them"),
    route("POST",  "/api/channels",              Who::Owner,         channel::add,          "Adds a site"),
    route("PATCH", "/api/channels/{id}",         Who::Owner,         channel::change,       "Changes a site: its name, domains, look, and whether it is on"),
    route("DELETE", "/api/channels/{id}",        Who::Owner,         channel::remove,       "Removes a site in whose chats nothing was said"),
    route("POST",  "/api/channels/{id}/identity_secret", Who::Owner, channel::make_identity_secret, "Makes the secret with which a site's server proves who a visitor is"),
    route("POST",  "/api/channels/{id}/check",   Who::Administrator, site_check::check,     "Looks whether a site's line is on a page, and why its widget may not be seen there"),
    route("POST",  "/api/channels/{id}/preview", Who::Administrator, widget::preview,       "What a site's widget would be told of another look"),
    route("GET",   "/api/theme",                 Who::Administrator, channel::theme,        "The colours that are made of an accent"),
    route("GET",   "/api/search",                Who::Operator,      visitor::find,         "Finds clients by number, name, phone or email"),
    route("PATCH", "/api/visitors/{id}",         Who::Operator,      visitor::change,       "Changes a client's name, phone and email"),
    route("PUT",   "/api/visitors/{id}/attributes", Who::Operator,   visitor::set_attributes, "Replaces a client's attributes"),
    route("POST",  "/api/visitors/{id}/found/{found_id}/save", Who::Operator, visitor::save_found, "Takes over a contact that the client typed"),
    route("POST",  "/api/visitors/{id}/found/{found_id}/dismiss", Who::Operator, visitor::dismiss_found, "Offers it no longer"),
    route("POST",  "/api/chats/{id}/take",       Who::Operator,      chat::take,            "Takes an unassigned chat"),
    route("POST",  "/api/chats/{id}/close",      Who::Operator,      chat::close,           "Closes a chat"),
    route("POST",  "/api/chats/{id}/reopen",     Who::Operator,      chat::reopen,          "Opens a closed chat again"),
    route("POST",  "/api/chats/{id}/unassign",   Who::Operator,      chat::unassign,        "Returns a chat to the unassigned"),
    route("POST",  "/api/chats/{id}/mark_spam",  Who::Operator,      chat::mark_spam,       "Ends a chat as spam"),
    route("POST",  "/api/chats/{id}/lift_spam",  Who::Operator,      chat::lift_spam,       "Takes that back"),
    route("GET",   "/api/push",                  Who::Operator,      push::show,            "What browsers subscribe with, and one's own devices that get pushes"),
    route("POST",  "/api/push/devices",          Who::Operator,      push::register,        "Registers a browser for pushes"),
    route("DELETE", "/api/push/devices/{id}",    Who::Operator,      push::remove,          "Takes a device off"),
    route("POST",  "/api/push/devices/{id}/test", Who::Operator,     push::test,            "Sends a push to a device, for seeing that it comes"),
    route("POST",  "/api/push/receipts",         Who::Anybody,       push::received,        "A device says that a push came, or was opened"),
    route("GET",   "/api/openapi.json",          Who::Anybody,       openapi::describe,     "This description"),
    route("GET",   "/healthz",                   Who::Anybody,       page::health,          "Whether the server answers and its file can be read"),
    route("GET",   "/ws/operator",               Who::Operator,      socket::operator,      "The socket of an operator's page"),
    route("GET",   "/ws/visitor",                Who::Anybody,       socket::visitor,       "The socket of a widget"),
    upload(        "/w/{key}/attachments",       Who::Anybody,      attachment::upload_by_visitor, "Uploads a visitor's file, by its token").for_any_site(),
    route("OPTIONS", "/w/{key}/attachments",     Who::Anybody,       attachment::preflight, "Lets pages of shops upload").for_any_site(),
    route("GET",   "/w/file/{id}",               Who::Anybody,       attachment::download_by_visitor, "A visitor's file, by its ticket").for_any_site(),
    route("GET",   "/w/{file}",                  Who::Anybody,       widget::loader,        "The widget's loader, KEY.js, and what the owner decides of it alone, KEY.json").for_any_site(),
    route("GET",   "/avatars/{id}/{version}/{size}", Who::Anybody,   avatar::get,           "An operator's picture, for visitors too"),
    route("GET",   "/theme.css",                 Who::Anybody,       widget::theme,         "The owner's colour as custom properties"),
    route("GET",   "/a/{version}/{file*}",       Who::Anybody,       page::asset,           "A file of the pages"),
    route("GET",   "/favicon.ico",               Who::Anybody,       page::favicon,         "The sign in the browser's tab"),
    route("GET",   "/sw.js",                     Who::Anybody,       page::worker,          "The service worker of the operator app"),
    route("GET",   "/manifest.webmanifest",      Who::Anybody,       page::manifest,        "Name, icons and shortcuts of the installed app"),
    route("GET",   "/help",                      Who::Anybody,       page::help,            "The help"),
    route("GET",   "/",                          Who::Anybody,       page::app,             "The operator app"),
    route("GET",   "/app/{view*}",               Who::Anybody,       page::app,             "The operator app, on a view or chat"),
    route("GET",   "/login",                     Who::Anybody,       page::login,           "The log-in page"),
    route("GET",   "/setup",                     Who::Anybody,       page::setup,           "The set-up page"),
    route("GET",   "/invite",                    Who::Anybody,       page::invite,          "The page of an invitation"),
    route("GET",   "/admin",                     Who::Anybody,       page::admin,           "The admin app"),
    route("GET",   "/admin/preview/{key}",       Who::Anybody,       page::preview,         "A plain page with a site's widget, which plays what it would look like"),
    route("GET",   "/admin/{page*}",             Who::Anybody,       page::admin,           "The admin app, on one of its pages"),
    route("GET",   "/demo",                      Who::Anybody,       page::demo,            "The demo shop"),
    route("GET",   "/demo/{page}",               Who::Anybody,       page::demo,            "A page of the demo shop"),
    #[cfg(debug_assertions)]
    route("GET",   "/gallery",                   Who::Anybody,       page::gallery,         "Every component in every state"),
];

/// Bytes of the largest body that a path takes; `None`: there is no such route.
pub fn body_limit(method: &str, path: &str) -> Option<usize> {
    find(method, path).ok().map(|(route, _)| route.body_bytes)
}

/// Whether the handler reads the body itself.
pub fn is_streamed(method: &str, path: &str) -> bool {
    find(method, path).is_ok_and(|(route, _)| route.is_streamed())
}

/// Whether pages of other sites may read the answer.
pub fn is_cross_origin(method: &str, path: &str) -> bool {
    find(method, path).is_ok_and(|(route, _)| route.cross_origin)
}

/// Finds the route and lets it answer; a refusal comes with the language of who is logged in. `body` is there for routes that
/// read it themselves.
pub fn answer(
    api: &Arc<Api>,
    incoming: &Incoming,
    body: Option<&mut Stream<'_>>,
) -> Result<Answer, (Error, Option<Language>)> {
    let request = &incoming.request;
    let path = request.raw_url().split('?').next().unwrap_or("/");
    let (route, parts) = find(request.method(), path).map_err(|error| (error, None))?;
    let who =
        if route.who == Who::Anybody { None } else { Some(auth::recognise(api, request).map_err(|e| (e, None))?) };
    let known = who.as_ref().map(|who| who.operator.preferences.language);
    let language = known.unwrap_or_else(|| auth::wanted_language(request.header("accept-language"), Language::En));
    let call = Call::new(api, incoming, who, parts, language);
    let handled = allowed(route, &call).and_then(|()| match (&route.way, body) {
        (Way::Whole(handler), _) => handler(&call),
        (Way::Streamed(handler), Some(body)) => handler(&call, body),
        (Way::Streamed(_), None) => Err(Error::internal("a streamed route without its body")),
    });
    handled.map_err(|error| (error, Some(language)))
}

fn allowed(route: &Route, call: &Call) -> crate::error::Result<()> {
    if !route.cross_origin && (route.method != "GET" || route.path == "/ws/operator") {
        auth::check_origin(call.api, call.request)?;
    }
    match route.who {
        Who::Anybody => Ok(()),
        Who::Operator => call.who().map(drop),
        Who::Administrator => call.who()?.viewer().need_administrator(),
        Who::Owner => call.who()?.viewer().need_owner(),
    }
}

fn find(method: &str, path: &str) -> Result<(&'static Route, HashMap<&'static str, String>), Error> {
    let method = if method == "HEAD" { "GET" } else { method };
    let mut allowed = Vec::new();
    for route in ROUTES {
        if let Some(parts) = matched(route.path, path) {
            if route.method == method {
                return Ok((route, parts));
            }
            allowed.push(route.method);
        }
    }
    if allowed.is_empty() {
        return Err(Code::NoSuchPath.into());
    }
    Err(Error::new(Code::MethodNotAllowed).with("allowed", allowed.join(", ")))
}

fn matched(pattern: &'static str, path: &str) -> Option<HashMap<&'static str, String>> {
    let mut parts = HashMap::new();
    let mut left = path.strip_prefix('/')?;
    let mut wanted = pattern.strip_prefix('/')?;
    loop {
        let (want, want_rest) = split(wanted);
        if let Some(name) = want.strip_prefix('{').and_then(|name| name.strip_suffix("*}")) {
            parts.insert(name, left.to_owned());
            return Some(parts);
        }
        let (part, rest) = split(left);
        match want.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(_) if part.is_empty() => return None,
            Some(name) => drop(parts.insert(name, part.to_owned())),
            None if want == part => {}
            None => return None,
        }
        match (want_rest, rest) {
            (None, None) => return Some(parts),
            (Some(want_rest), Some(rest)) => (wanted, left) = (want_rest, rest),
            _ => return None,
        }
    }
}

fn split(path: &str) -> (&str, Option<&str>) {
    match path.split_once('/') {
        Some((part, rest)) => (part, Some(rest)),
        None => (path, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(method: &str, path: &str, expected: Result<&str, Code>) {
        let found = find(method, path).map(|(route, _)| route.path).map_err(|error| error.code);
        assert_eq!(found, expected, "{method} {path}");
    }

    #[test]
    fn paths_find_their_route() {
        check("GET", "/", Ok("/"));
        check("HEAD", "/healthz", Ok("/healthz"));
        check("GET", "/api/chats/7", Ok("/api/chats/{id}"));
        check("POST", "/api/chats/7/take", Ok("/api/chats/{id}/take"));
        check("GET", "/a/abc/shared/text/ru.json", Ok("/a/{version}/{file*}"));
        check("GET", "/app/mine/7", Ok("/app/{view*}"));
        check("GET", "/api/chats/", Err(Code::NoSuchPath));
        check("GET", "/api/chats/7/take", Err(Code::MethodNotAllowed));
        check("DELETE", "/api/operators", Err(Code::MethodNotAllowed));
        check("GET", "/nothing", Err(Code::NoSuchPath));
        check("GET", "//", Err(Code::NoSuchPath));
    }
}
