//! How a site's widget looks and behaves: one document a channel, the same in the file, in answers and in the code.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{OperatorId, words};

words! {
    /// The widget's colours.
    LookTheme {
        /// Light ones.
        Light = "light",
        /// Dark ones.
        Dark = "dark",
        /// As the visitor's system has them.
        System = "system",
    }
}

words! {
    /// The lower corner that the widget keeps to.
    Side {
        /// The right one.
        Right = "right",
        /// The left one.
        Left = "left",
    }
}

words! {
    /// The form of the button.
    Launcher {
        /// With words.
        Pill = "pill",
        /// Only the icon.
        Circle = "circle",
    }
}

words! {
    /// What the button shows.
    LauncherIcon {
        /// A speech bubble.
        Speech = "speech",
        /// A question mark.
        Question = "question",
        /// A phone.
        Phone = "phone",
        /// A heart.
        Heart = "heart",
    }
}

words! {
    /// The language of the widget.
    LookLanguage {
        /// The page's, or the browser's.
        Auto = "auto",
        /// Russian.
        Ru = "ru",
        /// English.
        En = "en",
    }
}

words! {
    /// To whom a greeting is said.
    Visitors {
        /// To all.
        All = "all",
        /// To those who are here for the first time.
        New = "new",
        /// To those who were here before.
        Returning = "returning",
    }
}

words! {
    /// How a visitor agrees that its data is used.
    ConsentKind {
        /// Nothing is asked.
        None = "none",
        /// A line that says so.
        Line = "line",
        /// A box that the visitor ticks before the first message.
        Box = "box",
    }
}

/// The whole of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// `#RRGGBB`.
    pub accent: String,
    /// Its colours.
    pub theme: LookTheme,
    /// Its corner.
    pub side: Side,
    /// Pixels from the side, at most [`super::limits::LOOK_OFFSET_PX`].
    pub offset_x: i64,
    /// Pixels from below, at most [`super::limits::LOOK_OFFSET_PX`].
    pub offset_y: i64,
    /// The button's form.
    pub launcher: Launcher,
    /// The button's icon.
    pub icon: LauncherIcon,
    /// Whether the button shows who is online.
    pub faces: bool,
    /// Its language.
    pub language: LookLanguage,
    /// Whether phones do not show it.
    pub hide_on_phones: bool,
    /// Parts of addresses on which it does not show; at most [`super::limits::HIDDEN_PAGES`].
    pub hidden_pages: Vec<String>,
    /// Whether it sounds, unless the visitor says otherwise.
    pub sound: bool,
    /// Whether an operator's message opens it.
    pub open_on_message: bool,
    /// The owner's words instead of the standard ones.
    pub texts: LookTexts,
    /// What it says of itself; at most [`super::limits::GREETINGS`].
    pub greetings: Vec<Greeting>,
    /// How visitors agree.
    pub consent: Consent,
}

/// The owner's words; what is absent or empty is said in the standard ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LookTexts {
    /// On the button.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub launcher: Option<Both>,
    /// Above the dialogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Both>,
    /// Somebody is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub online: Option<Both>,
    /// Nobody is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offline: Option<Both>,
    /// In the empty field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<Both>,
    /// Above the form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form_title: Option<Both>,
    /// Where a dialogue ended for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<Both>,
    /// What the visitor agrees to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent: Option<Both>,
}

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Both {
    /// In Russian.
    pub ru: String,
    /// In English.
    pub en: String,
}

/// What the widget says of itself after a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Greeting {
    /// 1 to [`super::limits::GREETING_CHARS`] characters.
    pub text: String,
    /// Only on pages whose address contains this; empty: on all.
    pub address_contains: String,
    /// After so many seconds on the page, at most [`super::limits::GREETING_S`].
    pub seconds: i64,
    /// To whom.
    pub visitors: Visitors,
    /// Whose face it has; `None`: nobody's.
    pub operator_id: Option<OperatorId>,
}

/// How visitors agree that their data is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// How.
    pub kind: ConsentKind,
    /// The privacy policy; may be empty, unless there is a line.
    pub policy_url: String,
    /// The document that is agreed to; may be empty, unless there is a box.
    pub document_url: String,
}

impl Look {
    /// Pixels from side and below that go without saying.
    pub const OFFSET_PX: i64 = 20;

    /// The standard one, in a colour.
    pub fn standard(accent: &str) -> Look {
        Look {
            accent: accent.to_owned(),
            theme: LookTheme::Light,
            side: Side::Right,
            offset_x: Look::OFFSET_PX,
            offset_y: Look::OFFSET_PX,
            launcher: Launcher::Pill,
            icon: LauncherIcon::Speech,
            faces: true,
            language: LookLanguage::Auto,
            hide_on_phones: false,
            hidden_pages: Vec::new(),
            sound: true,
            open_on_message: false,
            texts: LookTexts::default(),
            greetings: Vec::new(),
            consent: Consent { kind: ConsentKind::None, policy_url: String::new(), document_url: String::new() },
        }
    }
}
