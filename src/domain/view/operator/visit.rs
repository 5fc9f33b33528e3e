//! Where a visitor came from, what it uses, what it looks at.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::mask::Mask;
use crate::model;
use crate::model::visit::{self, MARKS};

/// A page of the shop.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Page {
    url: String,
    title: String,
    at: i64,
}

impl Page {
    /// As an operator who may see its chat sees it.
    pub fn new(page: &model::visitor::Page, mask: &Mask) -> Self {
        Page { url: mask.text(&page.url), title: mask.text(&page.title), at: page.at }
    }
}

/// Where a visit came from.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Source {
    marks: BTreeMap<&'static str, String>,
    referrer: Option<String>,
    first_url: String,
    first_title: String,
}

impl Source {
    /// As an operator who may see its chat sees it.
    pub fn new(source: &visit::Source, mask: &Mask) -> Self {
        let marks =
            MARKS.iter().zip(&source.marks).filter_map(|(name, value)| Some((*name, mask.text(value.as_ref()?))));
        Source {
            marks: marks.collect(),
            referrer: source.referrer.as_deref().map(|url| mask.text(url)),
            first_url: mask.text(&source.first_url),
            first_title: mask.text(&source.first_title),
        }
    }
}

/// What the visitor uses.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Device {
    browser: Option<String>,
    system: Option<String>,
    device: Option<String>,
    language: Option<String>,
    time_zone: Option<String>,
}

impl Device {
    /// As every operator may see it.
    pub fn new(device: &visit::Device) -> Self {
        Device {
            browser: device.browser.clone(),
            system: device.system.clone(),
            device: device.device.clone(),
            language: device.language.clone(),
            time_zone: device.time_zone.clone(),
        }
    }
}
