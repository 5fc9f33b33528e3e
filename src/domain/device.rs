//! What the browser's name says: browser, system, sort of device, or that it is a crawler.

use super::text;
use crate::model::visit::Device;

/// Characters kept of each part.
const PART_CHARS: usize = 60;

/// Words of crawlers and checkers that woothee's lists lack. Lower case.
const CRAWLER_WORDS: [&str; 16] = [
    "bot/",
    "bot;",
    "bot ",
    "robot",
    "crawler",
    "spider",
    "slurp",
    "lighthouse",
    "pagespeed",
    "preview",
    "facebookexternalhit",
    "yandexmetrika",
    "yandexdirect",
    "uptime",
    "monitor",
    "archiver",
];

/// Browsers that name themselves behind the engine they are built on, with the word by which they are found.
const OWN_NAMES: [(&str, &str); 6] = [
    ("YaBrowser/", "Yandex Browser"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Instagram ", "Instagram"),
    ("FBAV/", "Facebook"),
    ("VKAndroidApp/", "VK"),
    ("MiuiBrowser/", "Mi Browser"),
];

/// Whether a browser's name is that of a known crawler; one without a name is taken for one.
pub fn is_crawler(user_agent: &str) -> bool {
    let name = user_agent.to_ascii_lowercase();
    name.trim().is_empty()
        || CRAWLER_WORDS.iter().any(|word| name.contains(word))
        || name.ends_with("bot")
        || woothee::parser::Parser::new().parse(user_agent).is_some_and(|result| result.category == "crawler")
}

/// Reads a browser's name; what is not known stays away.
pub fn of(user_agent: &str, language: &str, time_zone: &str) -> Device {
    let parser = woothee::parser::Parser::new();
    let parsed = parser.parse(user_agent);
    let known = |part: &str| {
        let part = text::cut(part, PART_CHARS);
        (!part.is_empty() && part != "UNKNOWN").then_some(part)
    };
    let browser = own_name(user_agent).or_else(|| {
        let parsed = parsed.as_ref()?;
        known(&with_version(parsed.name, parsed.version))
    });
    Device {
        browser,
        system: parsed.as_ref().and_then(|parsed| known(&with_version(parsed.os, &parsed.os_version))),
        device: parsed.as_ref().and_then(|parsed| known(parsed.category)),
        language: known(language),
        time_zone: known(time_zone),
    }
}

fn own_name(user_agent: &str) -> Option<String> {
    OWN_NAMES.iter().find_map(|(word, name)| {
        let (_, rest) = user_agent.split_once(word)?;
        let version: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').take(12).collect();
        Some(with_version(name, &version))
    })
}

/// Name and the first part of the version: "Chrome 156".
fn with_version(name: &str, version: &str) -> String {
    match version.split('.').next() {
        Some(major) if !major.is_empty() && major != "UNKNOWN" && major.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{name} {major}")
        }
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36";
    const HEADLESS: &str =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/146.0.0.0 Safari/537.36";

    #[test]
    fn crawlers_are_known_and_people_are_not() {
        for crawler in [
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
            "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
            "facebookexternalhit/1.1",
            "TelegramBot (like TwitterBot)",
            "",
        ] {
            assert!(is_crawler(crawler), "{crawler}");
        }
        for person in [
            CHROME,
            HEADLESS,
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
        ] {
            assert!(!is_crawler(person), "{person}");
        }
    }

    #[test]
    fn a_device_is_named_with_its_main_version() {
        let device = of(CHROME, "ru-RU", "Europe/Moscow");
        assert_eq!(device.browser.as_deref(), Some("Chrome 146"));
        assert!(device.system.as_deref().is_some_and(|system| system.starts_with("Windows")), "{device:?}");
        assert_eq!(device.device.as_deref(), Some("pc"));
        let yandex = of(&format!("{CHROME} YaBrowser/25.10.1.2"), "", "");
        assert_eq!(yandex.browser.as_deref(), Some("Yandex Browser 25"));
        assert_eq!((yandex.language, yandex.time_zone), (None, None));
        assert_eq!(of("Whatever", "", "").browser, None);
    }
}
