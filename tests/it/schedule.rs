//! Working hours: what may be saved, what follows from them, and that visitors hear of it in time.

use serde_json::{Value, json};

use crate::support::{Beseda, Operator, Visitor};

/// A day's intervals out of `09:00-13:00 14:00-18:00`.
fn hours(text: &str) -> Value {
    let interval = |part: &str| {
        let (start, end) = part.split_once('-').unwrap();
        json!({ "start": start, "end": end })
    };
    text.split_whitespace().map(interval).collect()
}

/// The same hours every day.
fn every_day(zone: &str, text: &str) -> Value {
    let week: Vec<Value> = (0..7).map(|_| hours(text)).collect();
    json!({ "time_zone": zone, "week": week, "special_days": [], "outside": "form", "nobody": "online" })
}

fn save(who: &Operator, schedule: &Value, seq: i64) -> Value {
    who.put("/api/schedule", &json!({ "schedule": schedule, "seq": seq })).expect(200)
}

/// What would follow from a schedule at a moment.
fn preview(who: &Operator, schedule: &Value, utc: &str) -> Value {
    let at = utc.parse::<jiff::Timestamp>().unwrap().as_millisecond();
    who.post("/api/schedule/preview", &json!({ "schedule": schedule, "at": at })).expect(200)
}

fn ms(utc: &str) -> i64 {
    utc.parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

#[test]
fn nobody_hears_of_hours_before_the_owner_saved_some() {
    let beseda = Beseda::start();
    let (owner, andrey, petr) = (beseda.owner(), beseda.administrator("Андрей"), beseda.visitor("Пётр"));
    assert_eq!(petr.ready["status"]["hours"], Value::Null);
    let offered = andrey.get("/api/schedule").expect(200);
    assert_eq!((&offered["seq"], &offered["saved_at"]), (&json!(0), &Value::Null));
    assert_eq!(offered["schedule"]["week"][4], hours("09:00-18:00"));
    assert_eq!(offered["schedule"]["week"][5], json!([]));
    let saved = save(&owner, &offered["schedule"], 0);
    assert_eq!((&saved["schedule"], &saved["saved_by_id"]), (&offered["schedule"], &owner.id.into()));
    assert_eq!(andrey.get("/api/schedule").expect(200)["seq"], saved["seq"]);
    let status = petr.sees("hours", |frame| frame["type"] == "status");
    assert_eq!(status["status"]["hours"]["outside"], "online");
    assert_eq!(owner.get("/api/session").expect(200)["checklist"]["hours_saved"], true);
}

#[test]
fn everything_comes_back_as_it_was_written_after_a_restart_too() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let mut schedule = every_day("Asia/Tehran", "14:00-18:00 09:00-13:00 22:00-06:00");
    schedule["week"][6] = json!([]);
    schedule["special_days"] = json!([
        { "date": "2027-01-01", "name": " Новый год ", "intervals": [] },
        { "date": "2026-12-31", "name": "", "intervals": hours("09:00-12:00") },
    ]);
    schedule["outside"] = "hidden".into();
    schedule["nobody"] = "form".into();
    let saved = save(&owner, &schedule, 0);
    schedule["special_days"] = json!([
        { "date": "2026-12-31", "name": "", "intervals": hours("09:00-12:00") },
        { "date": "2027-01-01", "name": "Новый год", "intervals": [] },
    ]);
    for day in 0..6 {
        schedule["week"][day] = hours("09:00-13:00 14:00-18:00 22:00-06:00");
    }
    assert_eq!(saved["schedule"], schedule, "in order");
    assert_eq!(saved["zone"], "Asia/Tehran");
    let again = save(&owner, &schedule, 0);
    assert_eq!(again["seq"], saved["seq"], "the same again is no change, whatever was seen");
    beseda.restart();
    assert_eq!(beseda.owner().get("/api/schedule").expect(200)["schedule"], schedule);
    assert_eq!(beseda.visitor("Пётр").ready["status"]["hours"]["outside"], "hidden");
}

#[test]
fn who_saves_over_what_somebody_else_saved_is_told() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let first = save(&owner, &every_day("UTC", "09:00-18:00"), 0);
    let other = json!({ "schedule": every_day("UTC", "10:00-18:00"), "seq": 0 });
    let problem = owner.put("/api/schedule", &other).refused("schedule_changed");
    assert_eq!(problem["params"], json!({ "name": "Ольга", "changed_at": first["saved_at"] }));
    let seq = first["seq"].as_i64().unwrap();
    assert!(save(&owner, &every_day("UTC", "10:00-18:00"), seq)["seq"].as_i64().unwrap() > seq);
    let unknown = json!({ "schedule": every_day("UTC", "11:00-18:00"), "seq": seq + 1_000 });
    owner.put("/api/schedule", &unknown).refused("schedule_changed");
}

#[test]
fn all_faults_are_said_at_once_with_their_places() {
    let beseda = Beseda::start();
    let (owner, andrey) = (beseda.owner(), beseda.administrator("Андрей"));
    let refused = |edit: &dyn Fn(&mut Value), expected: &[(&str, &str)]| {
        let mut schedule = every_day("Europe/Berlin", "09:00-18:00");
        edit(&mut schedule);
        for answer in [
            owner.put("/api/schedule", &json!({ "schedule": schedule, "seq": 0 })),
            andrey.post("/api/schedule/preview", &json!({ "schedule": schedule, "at": null })),
        ] {
            let problem = if expected.len() > 1 {
                answer.refused("fields_invalid")
            } else {
                json!({ "errors": [answer.refused(expected[0].1)] })
            };
            let faults: Vec<(&str, &str)> = problem["errors"]
                .as_array()
                .unwrap()
                .iter()
                .map(|fault| (fault["field"].as_str().unwrap(), fault["code"].as_str().unwrap()))
                .collect();
            assert_eq!(faults, expected);
        }
    };
    refused(&|schedule| schedule["time_zone"] = "Europe/Nowhere".into(), &[("time_zone", "time_zone_unknown")]);
    refused(&|schedule| schedule["week"][0] = hours("9:00-18:00"), &[("week[0][0].start", "time_invalid")]);
    refused(&|schedule| schedule["week"][6] = hours("09:00-24:00"), &[("week[6][0].end", "time_invalid")]);
    refused(&|schedule| schedule["week"][1] = hours("09:00-13:00 12:00-18:00"), &[("week[1][1]", "intervals_overlap")]);
    refused(&|schedule| schedule["week"][6] = hours("22:00-09:01"), &[("week[0][0]", "intervals_overlap")]);
    let seven = "00:00-01:00 02:00-03:00 04:00-05:00 06:00-07:00 08:00-09:00 10:00-11:00 12:00-13:00";
    refused(&|schedule| schedule["week"][2] = hours(seven), &[("week[2]", "intervals_too_many")]);
    let day = |date: &str, text: &str| json!({ "date": date, "name": "", "intervals": hours(text) });
    for date in ["2026-02-29", "2026-13-01", "26-01-01", "2026-1-1", "2026-01-01T00:00", "", "-002026-01-01"] {
        refused(
            &|schedule| schedule["special_days"] = json!([day(date, "")]),
            &[("special_days[0].date", "date_invalid")],
        );
    }
    refused(
        &|schedule| schedule["special_days"] = json!([day("2028-02-29", ""), day("2028-02-29", "")]),
        &[("special_days[1].date", "special_day_twice")],
    );
    refused(
        &|schedule| {
            schedule["special_days"] = json!([day("2026-12-31", "22:00-06:00 23:00-23:30")]);
            schedule["special_days"][0]["name"] = "ж".repeat(61).into();
            schedule["week"][3][0]["end"] = "вечер".into();
        },
        &[
            ("week[3][0].end", "time_invalid"),
            ("special_days[0].name", "text_too_long"),
            ("special_days[0].intervals[1]", "intervals_overlap"),
        ],
    );
    let year = |count: usize| -> Value {
        let first: jiff::civil::Date = "2027-01-01".parse().unwrap();
        let dates = first.series(jiff::Span::new().days(1)).take(count);
        let six = "00:00-01:00 02:00-03:00 04:00-05:00 06:00-07:00 08:00-09:00 10:00-11:00";
        dates
            .map(|date| json!({ "date": date.to_string(), "name": "🎄".repeat(60), "intervals": hours(six) }))
            .collect()
    };
    refused(&|schedule| schedule["special_days"] = year(367), &[("special_days", "special_days_too_many")]);
    let mut longest = every_day("Europe/Berlin", "");
    longest["special_days"] = year(366);
    assert_eq!(save(&owner, &longest, 0)["schedule"], longest);
    for wrong in [
        json!({ "week": [] }),
        json!({ "outside": "asleep" }),
        json!({ "nobody": "hidden" }),
        json!({ "time_zone": 1 }),
        json!({ "id": 1 }),
    ] {
        let mut schedule = every_day("UTC", "");
        schedule.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        owner.put("/api/schedule", &json!({ "schedule": schedule, "seq": 0 })).refused("json_mismatch");
    }
    for at in [0, 4_102_444_800_000_i64, i64::MAX, -1] {
        let body = json!({ "schedule": every_day("UTC", ""), "at": at });
        assert_eq!(owner.post("/api/schedule/preview", &body).refused("moment_invalid")["field"], "at");
    }
}

#[test]
fn the_sentence_says_until_when() {
    let beseda = Beseda::start();
    let mut owner = beseda.owner();
    let mut schedule = every_day("Europe/Moscow", "09:00-18:00");
    for day in [5, 6] {
        schedule["week"][day] = json!([]);
    }
    schedule["special_days"] = json!([{ "date": "2026-11-30", "name": "Переучёт", "intervals": [] }]);
    let night = every_day("Europe/Moscow", "22:00-06:00");
    let always = every_day("Europe/Moscow", "00:00-00:00");
    let mut nearly = always.clone();
    nearly["special_days"] = json!([{ "date": "2027-01-01", "name": "", "intervals": [] }]);
    let never = every_day("Europe/Moscow", "");
    let table = [
        (&schedule, "2026-11-24T12:00:00Z", "Сейчас открыто, до 18:00", "Open now, until 18:00"),
        (
            &schedule,
            "2026-11-24T05:00:00Z",
            "Сейчас закрыто, откроется сегодня в 9:00",
            "Closed now, opens today at 9:00",
        ),
        (
            &schedule,
            "2026-11-24T15:00:00Z",
            "Сейчас закрыто, откроется завтра в 9:00",
            "Closed now, opens tomorrow at 9:00",
        ),
        (
            &schedule,
            "2026-11-27T15:00:00Z",
            "Сейчас закрыто, откроется во вторник в 9:00",
            "Closed now, opens on Tuesday at 9:00",
        ),
        (&night, "2026-11-24T20:00:00Z", "Сейчас открыто, до 6:00", "Open now, until 6:00"),
        (&always, "2026-11-24T20:00:00Z", "Сейчас открыто, без перерыва", "Open now, 24/7"),
        (
            &nearly,
            "2026-11-24T20:00:00Z",
            "Сейчас открыто, закроется 01.01.2027 в 0:00",
            "Open now, closes 2027-01-01 at 0:00",
        ),
        (
            &never,
            "2026-11-24T20:00:00Z",
            "Сейчас закрыто. В ближайший год часов работы нет",
            "Closed now, with no working hours in the next year",
        ),
    ];
    for (schedule, at, russian, _) in &table {
        assert_eq!(preview(&owner, schedule, at)["now"]["words"], *russian, "{at}");
    }
    owner.patch("/api/me", &json!({ "language": "en" })).expect(200);
    owner = beseda.owner();
    for (schedule, at, _, english) in &table {
        assert_eq!(preview(&owner, schedule, at)["now"]["words"], *english, "{at}");
    }
}

#[test]
fn fourteen_days_stand_as_clocks_will_show_them() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    for (zone, at, date, shift, expected) in [
        (
            "Europe/Berlin",
            "2026-03-23T12:00:00Z",
            "2026-03-29",
            60,
            ("03:00", "05:00", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00Z"),
        ),
        (
            "Europe/Berlin",
            "2026-10-20T12:00:00Z",
            "2026-10-25",
            -60,
            ("02:30", "05:00", "2026-10-25T00:30:00Z", "2026-10-25T04:00:00Z"),
        ),
        (
            "America/New_York",
            "2026-03-01T12:00:00Z",
            "2026-03-08",
            60,
            ("03:00", "05:00", "2026-03-08T07:00:00Z", "2026-03-08T09:00:00Z"),
        ),
        (
            "America/New_York",
            "2026-10-25T12:00:00Z",
            "2026-11-01",
            -60,
            ("02:30", "05:00", "2026-11-01T07:30:00Z", "2026-11-01T10:00:00Z"),
        ),
        (
            "Australia/Sydney",
            "2026-03-30T12:00:00Z",
            "2026-04-05",
            -60,
            ("02:30", "05:00", "2026-04-04T15:30:00Z", "2026-04-04T19:00:00Z"),
        ),
        (
            "Australia/Sydney",
            "2026-09-30T12:00:00Z",
            "2026-10-04",
            60,
            ("03:00", "05:00", "2026-10-03T16:00:00Z", "2026-10-03T18:00:00Z"),
        ),
        (
            "Asia/Tehran",
            "2021-03-15T12:00:00Z",
            "2021-03-22",
            60,
            ("02:30", "05:00", "2021-03-21T22:00:00Z", "2021-03-22T00:30:00Z"),
        ),
        (
            "Asia/Tehran",
            "2021-09-15T12:00:00Z",
            "2021-09-21",
            -60,
            ("02:30", "05:00", "2021-09-20T22:00:00Z", "2021-09-21T00:30:00Z"),
        ),
        (
            "Asia/Tehran",
            "2023-09-15T12:00:00Z",
            "2023-09-22",
            0,
            ("02:30", "05:00", "2023-09-21T23:00:00Z", "2023-09-22T01:30:00Z"),
        ),
        (
            "Australia/Lord_Howe",
            "2026-09-30T12:00:00Z",
            "2026-10-04",
            30,
            ("02:30", "05:00", "2026-10-03T15:30:00Z", "2026-10-03T18:00:00Z"),
        ),
        (
            "Asia/Tokyo",
            "2026-10-20T12:00:00Z",
            "2026-10-25",
            0,
            ("02:30", "05:00", "2026-10-24T17:30:00Z", "2026-10-24T20:00:00Z"),
        ),
        (
            "Asia/Tehran",
            "2023-03-15T12:00:00Z",
            "2023-03-22",
            0,
            ("02:30", "05:00", "2023-03-21T23:00:00Z", "2023-03-22T01:30:00Z"),
        ),
        (
            "Asia/Tokyo",
            "2026-03-23T12:00:00Z",
            "2026-03-29",
            0,
            ("02:30", "05:00", "2026-03-28T17:30:00Z", "2026-03-28T20:00:00Z"),
        ),
    ] {
        let days = preview(&owner, &every_day(zone, "02:30-05:00"), at)["days"].clone();
        assert_eq!(days.as_array().unwrap().len(), 14);
        let day = days.as_array().unwrap().iter().find(|day| day["date"] == date).unwrap();
        let (start, end, starts_at, ends_at) = expected;
        let interval = json!({ "start": start, "end": end, "starts_at": ms(starts_at), "ends_at": ms(ends_at) });
        assert_eq!(day["intervals"], json!([interval]), "{zone} {date}");
        assert_eq!(day["clock_shift_minutes"], shift, "{zone} {date}");
    }
    let mut schedule = every_day("Europe/Berlin", "09:00-18:00");
    schedule["special_days"] = json!([{ "date": "2026-12-25", "name": "Рождество", "intervals": [] }]);
    let timetable = preview(&owner, &schedule, "2026-12-24T23:30:00Z");
    let first = &timetable["days"][0];
    assert_eq!(
        (&first["date"], &first["name"], &first["intervals"]),
        (&json!("2026-12-25"), &json!("Рождество"), &json!([]))
    );
    assert_eq!((&timetable["seq"], &timetable["saved_at"]), (&json!(0), &Value::Null), "a trial is not saved");
    assert_eq!(owner.get("/api/schedule").expect(200)["seq"], 0);
}

#[test]
fn visitors_hear_of_opening_and_closing_at_the_minute() {
    let beseda = Beseda::start();
    let (owner, petr) = (beseda.owner(), beseda.visitor("Пётр"));
    let at = |minutes: i64| {
        let moment = jiff::Timestamp::from_millisecond(beseda.now() + minutes * 60_000).unwrap();
        moment.strftime("%H:%M").to_string()
    };
    let schedule = every_day("UTC", &format!("{}-{}", at(30), at(90)));
    save(&owner, &schedule, 0);
    let heard = || petr.sees("hours", |frame| frame["type"] == "status")["status"]["hours"].clone();
    let closed = heard();
    assert_eq!((&closed["open"], &closed["outside"]), (&json!(false), &json!("form")));
    let opens_in = closed["changes_at"].as_i64().unwrap() - beseda.now();
    assert!((29 * 60_000..=30 * 60_000).contains(&opens_in), "{opens_in}");
    beseda.advance(&format!("{}ms", opens_in - 1));
    assert!(petr.rest().iter().all(|frame| frame["type"] != "status"), "not a moment before");
    beseda.advance("1ms");
    let open = heard();
    assert_eq!((&open["open"], open["changes_at"].as_i64().unwrap()), (&json!(true), beseda.now() + 3_600_000));
    assert_eq!(beseda.visitor("Вера").ready["status"]["hours"], open);
    beseda.advance("1h");
    assert_eq!(heard()["open"], false);
    assert_eq!(petr.tab().says("Вы ещё там?"), petr.chat_id(), "a message is taken at any hour");
}

/// The widget's mode that a visitor hears of next.
fn mode(petr: &Visitor) -> Value {
    petr.sees("a status", |frame| frame["type"] == "status")["status"]["mode"].clone()
}

/// A mode when nothing is told: what a visitor who comes now is told.
fn mode_of_newcomer(beseda: &Beseda) -> Value {
    beseda.visitor("Вера").ready["status"]["mode"].clone()
}

#[test]
fn the_widgets_mode_follows_hours_and_operators() {
    let beseda = Beseda::start();
    let (owner, maria, petr) = (beseda.owner(), beseda.operator("Мария"), beseda.visitor("Пётр"));
    assert_eq!(petr.ready["status"]["mode"], "online", "no hours were saved");
    let mut seq = 0;
    let mut saves = |text: &str, outside: &str, nobody: &str| {
        let mut schedule = every_day("UTC", text);
        schedule["outside"] = outside.into();
        schedule["nobody"] = nobody.into();
        let saved = save(&owner, &schedule, seq);
        assert_eq!(saved["schedule"], schedule);
        seq = saved["seq"].as_i64().unwrap();
    };
    let (open, closed) = ("00:00-00:00", "");
    saves(open, "hidden", "online");
    assert_eq!(mode(&petr), "online");
    saves(open, "hidden", "form");
    assert_eq!(mode(&petr), "form", "nobody is there");
    maria.comes_since(None);
    assert_eq!(mode(&petr), "online", "the first comes");
    maria.closes_the_page();
    beseda.advance("3s");
    assert_eq!(mode(&petr), "form", "the last leaves");
    maria.comes_since(None);
    assert_eq!(mode(&petr), "online");
    saves(closed, "hidden", "form");
    assert_eq!(mode(&petr), "hidden", "whoever is there");
    saves(closed, "form", "online");
    assert_eq!(mode(&petr), "form");
    saves(closed, "online", "form");
    assert_eq!(mode(&petr), "online", "the same as within");
    maria.patch("/api/me", &json!({ "away": true })).expect(200);
    assert_eq!(mode(&petr), "form", "the same as within, with nobody there too");
    assert_eq!(mode_of_newcomer(&beseda), "form");
    saves(closed, "online", "online");
    assert_eq!(mode(&petr), "online");
    beseda.restart();
    assert_eq!(mode_of_newcomer(&beseda), "online");
}

#[test]
fn the_mode_changes_at_the_minute_and_later_news_have_larger_numbers() {
    let beseda = Beseda::start();
    let (owner, maria, petr) = (beseda.owner(), beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let at = |minutes: i64| {
        let moment = jiff::Timestamp::from_millisecond(beseda.now() + minutes * 60_000).unwrap();
        moment.strftime("%H:%M").to_string()
    };
    let mut schedule = every_day("UTC", &format!("{}-{}", at(30), at(90)));
    schedule["outside"] = "hidden".into();
    let mut last = petr.ready["status"]["presence_seq"].as_i64().unwrap();
    let mut hears = |expected: &str| {
        let status = petr.sees("a status", |frame| frame["type"] == "status")["status"].clone();
        assert_eq!(status["mode"], expected);
        let number = status["presence_seq"].as_i64().unwrap();
        assert!(number > last, "what is older is known as such");
        last = number;
        status
    };
    save(&owner, &schedule, 0);
    let opens_in = hears("hidden")["hours"]["changes_at"].as_i64().unwrap() - beseda.now();
    beseda.advance(&format!("{}ms", opens_in - 1));
    assert!(petr.rest().iter().all(|frame| frame["type"] != "status"), "not a moment before");
    beseda.advance("1ms");
    hears("online");
    beseda.advance("1h");
    hears("hidden");
    drop(maria);
}
