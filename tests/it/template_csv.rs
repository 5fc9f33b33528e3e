//! Templates out to a spreadsheet and in from one: nothing is lost on the way, nothing is written before it is right.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use beseda::model::limits;
use serde_json::{Value, json};

use crate::support::{Beseda, Operator};

fn add(who: &Operator, title: &str, text: &str) {
    who.post("/api/templates", &json!({ "title": title, "text": text })).expect(201);
}

fn all(who: &Operator) -> Vec<(String, String)> {
    let body = who.get("/api/templates").expect(200);
    let word = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    body["templates"].as_array().unwrap().iter().map(|one| (word(one, "title"), word(one, "text"))).collect()
}

fn table(who: &Operator) -> String {
    let answer = who.get("/api/templates/export");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"beseda-templates.csv\""));
    String::from_utf8(answer.bytes).unwrap()
}

fn counts(import: &Value) -> [i64; 3] {
    ["added", "changed", "unchanged"].map(|name| import[name].as_i64().unwrap())
}

/// Row, code and field of each fault.
fn faults(import: &Value) -> Vec<(i64, String, String)> {
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let faults = import["faults"].as_array().unwrap().iter();
    faults
        .map(|fault| {
            (fault["row"].as_i64().unwrap(), word(&fault["problem"]["code"]), word(&fault["problem"]["field"]))
        })
        .collect()
}

#[test]
fn a_table_goes_out_and_comes_in_again_exactly() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    for (title, text) in [
        ("Доставка", "Здравствуйте, {имя клиента}!\nПривезём; завтра, \"утром\".\n\n— {имя оператора}"),
        ("=SUM(A1)", "=cmd|' /C calc'!A0"),
        ("'=SUM(A1)", "-1"),
        ("+7 912 000-00-00", "@имя"),
        ("'в кавычках'", "'"),
        ("🍵", "ё"),
        ("-", "+7 (912) 000-00-00"),
    ] {
        add(&owner, title, text);
    }
    let known = all(&owner);
    let russian = table(&owner);
    assert!(russian.starts_with("\u{feff}\"название\";\"текст\"\r\n\"Доставка\";\""), "{russian}");
    assert!(
        russian.contains("\r\n\"'=SUM(A1)\";\"'=cmd|") && russian.contains("\r\n\"''=SUM(A1)\";\"'-1\"\r\n"),
        "{russian}"
    );
    assert!(russian.contains("\r\n\"+7 912 000-00-00\";\"'@имя\"\r\n"), "{russian}");
    owner.patch("/api/me", &json!({ "language": "en" })).expect(200);
    let english = table(&owner);
    assert!(english.starts_with("\u{feff}\"title\",\"text\"\r\n"), "{english}");

    for text in [&russian, &english] {
        let again = owner.post_csv("/api/templates/import", text).expect(200);
        assert_eq!(counts(&again), [0, 0, 7]);
        let other = Beseda::start();
        let olga = other.owner();
        assert_eq!(counts(&olga.post_csv("/api/templates/import?dry=true", text).expect(200)), [7, 0, 0]);
        assert_eq!(all(&olga), [], "a dry run writes nothing");
        assert_eq!(counts(&olga.post_csv("/api/templates/import?dry=false", text).expect(200)), [7, 0, 0]);
        assert_eq!(all(&olga), known, "in the same order");
    }
}

#[test]
fn known_titles_get_the_new_text_and_colleagues_are_told() {
    let beseda = Beseda::start();
    let (owner, maria) = (beseda.owner(), beseda.operator("Мария").online());
    add(&owner, "Доставка", "Завтра");
    add(&owner, "Возврат", "14 дней");
    maria.rest();
    let text =
        "Название;Текст\r\n Доставка ;Послезавтра\r\nВозврат;14 дней\r\n\r\nОплата;\"Картой\r\nили наличными\"\r\n";
    assert_eq!(counts(&owner.post_csv("/api/templates/import", text).expect(200)), [1, 1, 1]);
    maria.sees("templates", |frame| frame["type"] == "templates");
    let expected = [("Доставка", "Послезавтра"), ("Возврат", "14 дней"), ("Оплата", "Картой\nили наличными")];
    assert_eq!(all(&maria), expected.map(|(title, text)| (title.to_owned(), text.to_owned())));
    let page = owner.get("/api/audit").expect(200);
    let kinds: Vec<&Value> = page["entries"].as_array().unwrap()[..2].iter().map(|entry| &entry["kind"]).collect();
    assert_eq!(kinds, ["template_added", "template_changed"]);
}

#[test]
fn bad_rows_are_told_with_their_numbers_and_then_nothing_is_written() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let long = "ж".repeat(2_001);
    let text = format!(
        "title;text\nДоставка;Завтра\nОдна ячейка\n;Без названия\n\"Две\nстроки\";Текст\nДлинный;{long}\nДоставка;Ещё раз\nТри;раз;два\n;\nЕщё;Хороший\n"
    );
    let dry = owner.post_csv("/api/templates/import?dry=true", &text).expect(200);
    let fault = |row: i64, code: &str, field: &str| (row, code.to_owned(), field.to_owned());
    assert_eq!(
        faults(&dry),
        [
            fault(3, "csv_columns", "-"),
            fault(4, "text_empty", "title"),
            fault(5, "text_control", "title"),
            fault(6, "text_too_long", "text"),
            fault(7, "csv_title_twice", "title"),
            fault(8, "csv_columns", "-"),
            fault(9, "fields_invalid", "-"),
        ]
    );
    assert_eq!(counts(&dry), [2, 0, 0]);
    assert_eq!(dry["faults"][4]["problem"]["params"]["row"], 2);
    let problem = owner.post_csv("/api/templates/import", &text).refused("import_has_faults");
    assert_eq!((&problem["params"]["count"], &problem["title"]), (&json!(7), &json!("В таблице есть ошибки: 7 строк")));
    assert_eq!(all(&owner), []);

    owner.post_csv("/api/templates/import?dry=true", "").refused("csv_empty");
    owner.post_csv("/api/templates/import", "\u{feff}title;text\r\n").refused("csv_empty");
    let latin = [0xc4_u8, 0xee, 0xf1, b';', 0xe4];
    assert_eq!(
        owner.send("POST", "/api/templates/import", Some(&latin), &[("content-type", "text/csv")]).code(),
        "csv_not_utf8"
    );
    owner.post_csv("/api/templates/import?dry=yes", "А;Б").refused("query_invalid");
    let wrong: String = (0..150).map(|n| format!("Одна ячейка {n}\n")).collect();
    let dry = owner.post_csv("/api/templates/import?dry=true", &wrong).expect(200);
    assert_eq!(dry["faults"].as_array().unwrap().len(), 100);
    assert_eq!(owner.post_csv("/api/templates/import", &wrong).refused("import_has_faults")["params"]["count"], 150);
    let many: String = (0..501).map(|n| format!("Шаблон {n};Текст\n")).collect();
    assert_eq!(owner.post_csv("/api/templates/import", &many).refused("templates_too_many")["params"]["limit"], 500);
    let longest: String = (0..500).map(|n| format!("{n} {};{}\n", "🍵".repeat(75), "🍵".repeat(2_000))).collect();
    assert_eq!(counts(&owner.post_csv("/api/templates/import", &longest).expect(200)), [500, 0, 0]);
}

/// What is sent costs memory for what is kept of it, and only some are worked on at a time.
#[test]
fn many_huge_tables_at_once_take_little_memory() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let commas = ",".repeat(limits::TEMPLATES_CSV_BYTES - 1);
    let ask = || owner.post_csv("/api/templates/import?dry=true", &commas);
    assert_eq!(faults(&ask().expect(200)), [(1, "csv_columns".to_owned(), "-".to_owned())]);
    let before = beseda.resident_kb();
    let peak = AtomicU64::new(0);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                peak.fetch_max(beseda.resident_kb(), Ordering::Relaxed);
            }
        });
        let asked: Vec<_> = (0..6).map(|_| scope.spawn(ask)).collect();
        for answer in asked.into_iter().map(|one| one.join().unwrap()) {
            assert!(answer.status == 200 || answer.code() == "busy", "{}", answer.code());
        }
        done.store(true, Ordering::Relaxed);
    });
    let more = peak.into_inner().saturating_sub(before);
    assert!(more < 120 * 1024, "{more} KiB");
}

#[test]
fn everybodys_are_taken_in_by_the_owner_and_ones_own_by_everybody() {
    let beseda = Beseda::start();
    let (owner, andrey, maria) = (beseda.owner(), beseda.administrator("Андрей"), beseda.operator("Мария"));
    add(&owner, "Доставка", "Завтра");
    for who in [&andrey, &maria] {
        who.post_csv("/api/templates/import?dry=true", "А;Б").refused("owner_only");
        assert!(table(who).contains("\"Доставка\";\"Завтра\""));
    }
    assert_eq!(
        counts(&maria.post_csv("/api/templates/import?private=true", "Доставка;По-своему").expect(200)),
        [1, 0, 0]
    );
    let own = maria.get("/api/templates/export?private=true").expect(200);
    assert_eq!(own, "\u{feff}\"название\";\"текст\"\r\n\"Доставка\";\"По-своему\"\r\n");
    assert_eq!(all(&owner), [("Доставка".to_owned(), "Завтра".to_owned())]);
    assert_eq!(owner.get("/api/templates/export?private=true").expect(200), "\u{feff}\"название\";\"текст\"\r\n");
}

#[test]
fn a_table_without_end_holds_up_nobody() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let begun = std::time::Instant::now();
    let bytes = "a\n".repeat(2_500_000);
    let path = "/api/templates/import?private=true&dry=true";
    let refused = maria.post_csv(path, &bytes).refused("templates_too_many");
    assert_eq!(refused["params"]["limit"], 100);
    let wide = maria.post_csv(path, &",".repeat(5_000_000)).expect(200);
    assert_eq!(faults(&wide), [(1, "csv_columns".to_owned(), "-".to_owned())]);
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
}
