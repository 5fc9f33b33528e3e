//! Taking a chat.

use crate::support::Beseda;

#[test]
fn whoever_takes_a_chat_answers_in_it() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let chat = petr.says("Есть зелёный чай?");
    maria.sees_text("Есть зелёный чай?");
    maria.takes(chat);
    maria.answers(chat, "Есть");
    petr.sees_text("Есть");
}
