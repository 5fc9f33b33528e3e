//! Requests as a browser makes them.

use std::time::Duration;

use serde_json::Value;

use super::Beseda;

/// A browser, with a session or without.
pub struct Browser<'a> {
    pub beseda: &'a Beseda,
    agent: ureq::Agent,
    /// `name=value` of the session.
    pub cookie: Option<String>,
    /// What is sent as `Accept-Language`.
    pub language: &'static str,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    /// `null` when there is none, a string when it is no JSON.
    pub body: Value,
    /// The body as it came.
    pub bytes: Vec<u8>,
    pub headers: Vec<(String, String)>,
}

impl<'a> Browser<'a> {
    pub fn new(beseda: &'a Beseda) -> Browser<'a> {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(30)))
            .build();
        Browser { beseda, agent: config.into(), cookie: None, language: "ru" }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.call("GET", path, None, &[])
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.call("POST", path, Some(&body.to_string()), &[])
    }

    pub fn patch(&self, path: &str, body: &Value) -> Answer {
        self.call("PATCH", path, Some(&body.to_string()), &[])
    }

    pub fn put(&self, path: &str, body: &Value) -> Answer {
        self.call("PUT", path, Some(&body.to_string()), &[])
    }

    pub fn delete(&self, path: &str) -> Answer {
        self.call("DELETE", path, None, &[])
    }

    /// Sends a table.
    pub fn post_csv(&self, path: &str, text: &str) -> Answer {
        self.call("POST", path, Some(text), &[("content-type", "text/csv")])
    }

    /// Sends a file as it is.
    pub fn put_file(&self, path: &str, bytes: &[u8]) -> Answer {
        self.send("PUT", path, Some(bytes), &[("content-type", "application/octet-stream")])
    }

    /// A file as the body.
    pub fn upload(&self, path: &str, bytes: &[u8], headers: &[(&str, &str)]) -> Answer {
        let mut all = vec![("content-type", "application/octet-stream")];
        all.extend(headers);
        self.send("POST", path, Some(bytes), &all)
    }

    /// Any request; a body is sent as JSON unless `headers` say another type.
    pub fn call(&self, method: &str, path: &str, body: Option<&str>, headers: &[(&str, &str)]) -> Answer {
        self.send(method, path, body.map(str::as_bytes), headers)
    }

    /// The same with a body of bytes.
    pub fn send(&self, method: &str, path: &str, body: Option<&[u8]>, headers: &[(&str, &str)]) -> Answer {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.beseda.address()))
            .header("accept-language", self.language);
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        if body.is_some() && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = match body {
            Some(body) => self.agent.run(request.body(body).unwrap()),
            None if matches!(method, "GET" | "HEAD") => self.agent.run(request.body(()).unwrap()),
            None => self.agent.run(request.body(String::new()).unwrap()),
        };
        let mut answer = answer.unwrap_or_else(|error| panic!("{method} {path}: {error}\n{}", self.beseda.log()));
        let headers = answer.headers().iter();
        let headers = headers
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let bytes = answer.body_mut().with_config().limit(64 << 20).read_to_vec().unwrap();
        let body = match serde_json::from_slice(&bytes) {
            Ok(body) => body,
            Err(_) if bytes.is_empty() => Value::Null,
            Err(_) => Value::String(String::from_utf8_lossy(&bytes).into_owned()),
        };
        Answer { status: answer.status().as_u16(), body, headers, bytes }
    }
}

impl Answer {
    /// The body of an answer that must have this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// A refusal with this code; returns the problem.
    #[track_caller]
    pub fn refused(self, code: &str) -> Value {
        assert_eq!(self.body["code"], code, "status {}: {}", self.status, self.body);
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(self.body["status"], self.status);
        self.body
    }

    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or("")
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}
