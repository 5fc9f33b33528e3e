//! Bytes that travel: the widget, the operator's first screen; and the binary itself.

use std::collections::BTreeSet;
use std::path::Path;

use super::server::{self, EVEN, Server};
use super::{Bench, Fallible, Row};

/// All compressed as the server sends them.
pub fn measure(bench: &Bench) -> Fallible<Vec<Row>> {
    let server = Server::shop(EVEN, &bench.folder)?;
    let login = server.http("GET", "/login", "", "")?;
    let page = String::from_utf8_lossy(&login.body).into_owned();
    let base = page.split("/a/").nth(1).and_then(|rest| rest.split('/').next()).ok_or("no assets")?;
    let base = format!("/a/{base}");
    let size = |path: &str| -> Fallible<usize> {
        let answer = server.http("GET", path, "Accept-Encoding: gzip\r\n", "")?;
        answer.expect(200).map_err(|error| format!("{path}: {error}"))?;
        Ok(answer.body.len())
    };
    let all =
        |paths: &BTreeSet<String>| paths.iter().map(|path| size(&format!("{base}/{path}"))).sum::<Fallible<usize>>();

    let window = modules(&bench.root.join("assets"), "widget/window.js")?;
    let first_screen = first_screen(&bench.root.join("assets/operator/index.html"))?;
    let binary = std::fs::metadata(server::binary())?.len();
    Ok(vec![
        Row::new(
            "widget until the button shows, gzip",
            format!("{} in 1 request", kb(size(&server.loader_path())?)),
            "6 KB in 1 request",
        ),
        Row::new("widget's window, gzip", format!("{} in {} requests", kb(all(&window)?), window.len()), "30 KB in 5"),
        Row::new(
            "operator app, first screen, gzip",
            format!("{} in {} requests", kb(all(&first_screen)?), first_screen.len()),
            "120 KB",
        ),
        Row::new("release binary", format!("{:.1} MB", binary as f64 / 1_048_576.0), "15 MB"),
    ])
}

fn kb(bytes: usize) -> String {
    format!("{:.1} KB", bytes as f64 / 1_024.0)
}

/// A module and all that it imports.
fn modules(assets: &Path, entry: &str) -> Fallible<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![entry.to_owned()];
    while let Some(path) = waiting.pop() {
        let text = std::fs::read_to_string(assets.join(&path)).map_err(|error| format!("{path}: {error}"))?;
        for line in text.lines().filter(|line| {
            line.starts_with("import ") || line.starts_with("} from ") || line.starts_with("export * from ")
        }) {
            let Some(from) = line.split(['\'', '"']).nth(1) else { continue };
            let mut parts: Vec<&str> = path.split('/').collect();
            parts.pop();
            for part in from.split('/') {
                match part {
                    "." => {}
                    ".." => drop(parts.pop()),
                    part => parts.push(part),
                }
            }
            waiting.push(parts.join("/"));
        }
        found.insert(path);
        waiting.retain(|path| !found.contains(path));
    }
    Ok(found)
}

/// Scripts and styles that the page names, all modules, the words of one language and the icons.
fn first_screen(page: &Path) -> Fallible<BTreeSet<String>> {
    let html = std::fs::read_to_string(page)?;
    let named = html.split("{{assets}}/").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned);
    // Pictures are fetched when the app is installed, not for its first screen.
    let mut paths: BTreeSet<String> = named.filter(|path| !path.ends_with(".png")).collect();
    let assets = page.parent().and_then(Path::parent).ok_or("no assets")?;
    paths.extend(modules(assets, "operator/main.js")?);
    paths.extend(["shared/text/ru.json".to_owned(), "shared/icons.svg".to_owned()]);
    Ok(paths)
}
