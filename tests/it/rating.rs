//! Rating: once, after a chat was closed, by its own client.

use serde_json::Value;

use crate::support::Beseda;

#[test]
fn a_client_rates_a_closed_chat_once_and_everybody_concerned_sees_it() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария").online();
    let mut petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть зелёный чай?");
    assert_eq!(petr.rates(chat, 5, "")["code"], "chat_not_closed");
    maria.takes(chat);
    assert_eq!(petr.rates(chat, 5, "")["code"], "chat_not_closed");
    maria.does(chat, "close").expect(200);
    let stranger = beseda.visitor("Вера");
    assert_eq!(stranger.rates(chat, 5, "")["code"], "chat_not_found");
    for score in [0, 6, -1, i64::MAX] {
        let problem = petr.rates(chat, score, "");
        assert_eq!((&problem["code"], &problem["params"]["got"]), (&"score_invalid".into(), &score.into()));
    }
    let rated = petr.rates(chat, 4, "  Быстро ответили  ");
    assert_eq!((&rated["type"], &rated["chat_id"], &rated["score"]), (&"rated".into(), &chat.into(), &4.into()));
    assert_eq!(petr.rates(chat, 4, "Быстро ответили")["type"], "rated", "a lost answer does no harm");
    assert_eq!(petr.rates(chat, 5, "Быстро ответили")["code"], "rated_already");
    let row =
        maria.sees("the rating", |frame| frame["type"] == "chat" && frame["chat"]["rating"] != Value::Null)["chat"]
            .clone();
    assert_eq!((&row["rating"]["score"], &row["rating"]["comment"]), (&4.into(), &"Быстро ответили".into()));
    let moved = maria.sees("the move", |frame| frame["type"] == "transition" && frame["transition"]["kind"] == "rate");
    assert_eq!(moved["transition"]["operator_id"], Value::Null);
    assert_eq!(beseda.number("SELECT count(*) FROM transitions WHERE kind = 'rate'"), 1);

    // It stands when the dialogue goes on.
    petr.says("И ещё вопрос");
    assert_eq!(maria.row(chat)["rating"]["score"], 4);
    petr.reloads();
    assert_eq!(petr.ready["chat"]["score"], 4);
    maria.does(chat, "close").expect(200);
    assert_eq!(petr.rates(chat, 1, "")["code"], "rated_already");
}

#[test]
fn the_comment_has_a_limit_in_characters() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария"), beseda.visitor("Пётр"));
    let chat = petr.says("Есть зелёный чай?");
    maria.does(chat, "close").expect(200);
    let problem = petr.rates(chat, 3, &"🍵".repeat(1_001));
    assert_eq!(problem["code"], "text_too_long");
    assert_eq!(problem["field"], "comment");
    assert_eq!((&problem["params"]["limit"], &problem["params"]["got"]), (&1_000.into(), &1_001.into()));
    assert_eq!(petr.rates(chat, 3, "\u{7}")["code"], "text_control");
    let comment = "🍵".repeat(1_000);
    assert_eq!(petr.rates(chat, 3, &comment)["type"], "rated");
    assert_eq!(maria.row(chat)["rating"]["comment"], comment);
}
