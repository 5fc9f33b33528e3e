//! Copying the file while people chat, and going back to the copy.

use rusqlite::Connection;
use serde_json::json;

use crate::support::Beseda;

#[test]
fn a_backup_is_one_whole_file_and_is_made_while_people_write() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария"), beseda.visitor("Пётр"));
    let chat = petr.says("Есть зелёный чай?");
    let (file, copy) =
        (beseda.file().to_string_lossy().into_owned(), beseda.path("copy.db").to_string_lossy().into_owned());
    let written = std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            for n in 0..50 {
                maria.answers(chat, &format!("Ответ {n}"));
            }
        });
        let output = beseda.command(&["backup", "--data", &file, &copy], "");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(String::from_utf8_lossy(&output.stdout).contains(&copy));
        writing.join()
    });
    written.unwrap();
    let connection = Connection::open(&copy).unwrap();
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let verdict: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
    assert_eq!(number("SELECT count(*) FROM messages"), number("SELECT message_count FROM chats"), "one moment");
    assert_eq!(number("SELECT count(*) FROM operators"), 2);
    drop(connection);
    assert_eq!(beseda.number("SELECT count(*) FROM messages"), 51);

    // Going back to it.
    beseda.stop();
    std::fs::copy(&copy, &file).unwrap();
    for rest in ["-wal", "-shm"] {
        drop(std::fs::remove_file(format!("{file}{rest}")));
    }
    beseda.restart();
    assert_eq!(maria.row(chat)["client_message_count"], 1);
    maria.answers(chat, "Мы снова здесь");
}

#[test]
fn the_owner_downloads_a_backup_while_people_write() {
    let beseda = Beseda::start();
    let (owner, maria, petr) = (beseda.owner(), beseda.operator("Мария"), beseda.visitor("Пётр"));
    let chat = petr.says("Есть зелёный чай?");
    maria.answers(chat, "Есть, три сорта");
    let made = std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            for n in 0..50 {
                maria.answers(chat, &format!("Ответ {n}"));
            }
        });
        let made = owner.post("/api/backups", &json!({})).expect(201);
        writing.join().unwrap();
        made
    });
    let path = made["path"].as_str().unwrap().to_owned();
    let answer = owner.get(&path);
    assert_eq!((answer.status, answer.bytes.len() as u64), (200, made["size"].as_u64().unwrap()));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let name = made["name"].as_str().unwrap();
    assert_eq!(answer.header("content-disposition"), Some(format!("attachment; filename=\"{name}\"").as_str()));
    assert!(name.starts_with("beseda-backup-20") && name.ends_with(".db"), "{name}");
    let copy = beseda.path("copy.db");
    std::fs::write(&copy, &answer.bytes).unwrap();
    let connection = Connection::open(&copy).unwrap();
    let verdict: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert!(number("SELECT count(*) FROM messages") >= 2, "what was acknowledged before is in it");
    assert_eq!(number("SELECT count(*) FROM messages"), number("SELECT message_count FROM chats"), "one moment");
    assert_eq!(number("SELECT count(*) FROM audit WHERE kind = 'backup_made'"), 1);

    // It can be fetched again, by the owner only, until it is old or there is another.
    assert_eq!(owner.get(&path).status, 200);
    maria.get(&path).refused("owner_only");
    let folder = beseda.file().parent().unwrap().to_owned();
    let names = || std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>();
    assert!(!names().iter().any(|name| name.to_string_lossy().contains("backup")), "{:?}", names());
    let next = owner.post("/api/backups", &json!({})).expect(201);
    owner.get(&path).refused("backup_gone");
    beseda.advance("10m");
    owner.get(next["path"].as_str().unwrap()).refused("backup_gone");
}

#[test]
fn one_backup_is_made_at_a_time() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let refused = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..200 {
                    let answer = owner.post("/api/backups", &json!({}));
                    if answer.status == 409 {
                        answer.refused("backup_busy");
                        refused.store(true, std::sync::atomic::Ordering::Release);
                    }
                    if refused.load(std::sync::atomic::Ordering::Acquire) {
                        return;
                    }
                }
            });
        }
    });
    assert!(refused.into_inner(), "800 tries, four at a time, never met");
    owner.post("/api/backups", &json!({})).expect(201);
}

#[test]
fn a_backup_overwrites_nothing_and_says_what_is_wrong() {
    let beseda = Beseda::start();
    let file = beseda.file().to_string_lossy().into_owned();
    let taken = beseda.path("taken.db").to_string_lossy().into_owned();
    std::fs::write(&taken, "мой файл").unwrap();
    let nowhere = beseda.path("no-such-folder/copy.db").to_string_lossy().into_owned();
    let missing = beseda.path("missing.db").to_string_lossy().into_owned();
    let fresh = beseda.path("fresh.db").to_string_lossy().into_owned();
    for (from, to, word) in
        [(&file, &taken, "exists already"), (&missing, &fresh, "there is no"), (&file, &nowhere, "")]
    {
        let output = beseda.command(&["backup", "--data", from, to], "");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(word) && said.starts_with("beseda: "), "{said}");
    }
    assert_eq!(std::fs::read_to_string(&taken).unwrap(), "мой файл");
    let left: Vec<_> =
        std::fs::read_dir(beseda.file().parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().ends_with(".part")), "{left:?}");
}

#[test]
fn a_file_of_something_else_is_left_alone() {
    let beseda = Beseda::start();
    let other = beseda.path("other.db");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE mine (id INTEGER PRIMARY KEY)").unwrap();
    let text = beseda.path("text.db");
    std::fs::write(&text, "не база ".repeat(100)).unwrap();
    for file in [&other, &text] {
        let before = std::fs::read(file).unwrap();
        let output = beseda.command(&["--data", &file.to_string_lossy(), "--listen", "127.0.0.1:0"], "");
        assert!(!output.status.success());
        assert!(
            String::from_utf8_lossy(&output.stderr).contains("cannot open"),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(std::fs::read(file).unwrap(), before, "not a byte of it changed");
    }
    let newer = beseda.path("newer.db");
    std::fs::copy(beseda.file(), &newer).unwrap();
    let connection = Connection::open(&newer).unwrap();
    connection.pragma_update(None, "user_version", 9_999).unwrap();
    drop(connection);
    let output = beseda.command(&["--data", &newer.to_string_lossy(), "--listen", "127.0.0.1:0"], "");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("newer"), "{said}");
}

#[test]
fn what_a_killed_program_left_of_a_backup_goes_with_the_next_start() {
    let beseda = Beseda::start();
    let file = beseda.file();
    let folder = file.parent().unwrap().to_owned();
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    let left = folder.join(format!(".{name}-backup-0.part"));
    let foreign = folder.join(".other.db-backup-0.part");
    beseda.kill();
    for path in [&left, &foreign] {
        std::fs::write(path, "half a copy").unwrap();
    }
    beseda.restart();
    assert_eq!((left.exists(), foreign.exists()), (false, true), "what is another file's stays");
}
