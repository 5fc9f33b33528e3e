//! Requests to answers: the table of routes, rights, JSON bodies, pages.
//!
//! Handlers are thin: they read what was sent, call the domain, and render a view.

mod account;
mod attachment;
mod audit;
mod auth;
mod avatar;
mod backup;
mod call;
mod channel;
mod chat;
mod crm;
mod invitation;
mod lead;
mod message;
mod openapi;
mod operator;
mod page;
mod place;
mod profile;
mod push;
mod route;
mod schedule;
mod settings;
mod setup;
mod site;
mod site_check;
mod socket;
mod template;
mod visitor;
mod widget;

use std::sync::Arc;

use rouille::Response;

pub use call::{Api, Call};
pub use place::Places;
pub use route::{ROUTES, Who};

use crate::edge::{Answer, Handler, Incoming, Stream};
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

    fn is_streamed(&self, method: &str, path: &str) -> bool {
        route::is_streamed(method, path)
    }

    fn answer(&self, incoming: Incoming) -> Answer {
        self.by_route(&incoming, None)
    }

    fn receive(&self, incoming: Incoming, body: &mut Stream<'_>) -> Response {
        match self.by_route(&incoming, Some(body)) {
            Answer::Response(response) => response,
            Answer::Upgrade(_) => {
                self.refuse(&Error::internal("an upload became a socket"), None, &incoming.request_id)
            }
        }
    }

    fn refuse(&self, error: &Error, accept_language: Option<&str>, request_id: &str) -> Response {
        call::as_it_says(call::problem(error, auth::wanted_language(accept_language, Language::En), request_id))
    }
}

impl Door {
    fn by_route(&self, incoming: &Incoming, body: Option<&mut Stream<'_>>) -> Answer {
        let request = &incoming.request;
        let language = auth::wanted_language(request.header("accept-language"), Language::En);
        let answer = match route::answer(&self.api, incoming, body) {
            Ok(answer) => answer,
            Err((error, known)) => {
                Answer::Response(call::problem(&error, known.unwrap_or(language), &incoming.request_id))
            }
        };
        let path = request.raw_url().split('?').next().unwrap_or("/");
        match answer {
            Answer::Response(response) => {
                let cross_origin = route::is_cross_origin(request.method(), path);
                let response = call::as_it_says(response);
                Answer::Response(match cross_origin {
                    true => response.with_unique_header("Access-Control-Allow-Origin", "*"),
                    false => response,
                })
            }
            answer => answer,
        }
    }
}

/// What a handler gives back.
type Handled = Result<Answer>;
