//! Requests to answers: the table of routes, rights, JSON bodies, pages.
//!
//! Handlers are thin: they read what was sent, call the domain, and render a view.

mod account;
mod audit;
mod auth;
mod avatar;
mod call;
mod chat;
mod invitation;
mod message;
mod openapi;
mod operator;
mod page;
mod profile;
mod route;
mod schedule;
mod setup;
mod socket;
mod template;
mod widget;

use std::sync::Arc;

use rouille::Response;

pub use call::{Api, Call};
pub use route::{ROUTES, Who};

use crate::edge::{Answer, Handler, Incoming};
use crate::error::{Error, Result};
use crate::model::project::Language;

/// The edge's door to the API.
pub struct Door {
    api: Arc<Api>,
}

impl Door {
    /// A door to `api`.
    pub fn new(api: Arc<Api>) -> Door {
        Door { api }
    }
}

impl Handler for Door {
    fn body_limit(&self, method: &str, path: &str) -> Option<usize> {
        route::body_limit(method, path)
    }

    fn check_large_body(&self, cookies: Option<&str>) -> Result<()> {
        auth::recognise_by(&self.api, cookies).map(drop)
    }

    fn answer(&self, incoming: Incoming) -> Answer {
        let language = auth::wanted_language(incoming.request.header("accept-language"), Language::En);
        let request_id = incoming.request_id.clone();
        match route::answer(&self.api, &incoming) {
            Ok(answer) => answer,
            Err((error, known)) => Answer::Response(call::problem(&error, known.unwrap_or(language), &request_id)),
        }
    }

    fn refuse(&self, error: &Error, accept_language: Option<&str>, request_id: &str) -> Response {
        call::problem(error, auth::wanted_language(accept_language, Language::En), request_id)
    }
}

/// What a handler gives back.
type Handled = Result<Answer>;
