/**
 * The shapes that the server sends and takes, as `src/live/frame.rs` and `src/domain/view.rs` have them. Names are those
 * of the JSON: snake_case, moments in UTC milliseconds, ids as numbers, uids as UUIDs.
 *
 * Rule for everything with a `seq`: what arrives with a smaller `seq` than what is known of the same thing is old news
 * and is dropped; the same `seq` twice changes nothing. So snapshots, catch-up and live frames may come in any order.
 * What is live and not stored (who is online) has a growing number of its own, `presence_seq`, with the same rule.
 *
 * A text frame of the server holds one frame (an object), or several that came together (an array of objects).
 */

/** @typedef {'new' | 'open' | 'closed' | 'spam'} ChatState */
/** @typedef {'operator' | 'administrator' | 'owner'} Role */
/** @typedef {'ru' | 'en'} Language */
/** @typedef {import('./types-crm.js').Crm} Crm */
/** @typedef {import('./types-crm.js').Lead} Lead */
/** @typedef {import('./types-visitor.js').VisitorChat} VisitorChat */
/** @typedef {import('./types-visitor.js').Face} Face */
/** @typedef {import('./types-visitor.js').VisitorMessage} VisitorMessage */
/** @typedef {import('./types-visitor.js').VisitorAttachment} VisitorAttachment */
/** @typedef {import('./types-visitor.js').VisitorCommand} VisitorCommand */
/** @typedef {import('./types-visitor.js').VisitorFrame} VisitorFrame */
/** @typedef {'image' | 'pdf' | 'document' | 'text' | 'archive' | 'audio' | 'video'} FileKind */

/**
 * @typedef {object} Operator What colleagues see of an operator.
 * @property {number} id
 * @property {number} seq
 * @property {string} name
 * @property {string} email
 * @property {Role} role
 * @property {boolean} away By own choice; visitors see only those as online who are connected and not away.
 * @property {boolean} online Live, not stored; `operator_presence` frames change it.
 * @property {number} presence_seq
 * @property {number | null} deleted_at
 * @property {string | null} avatar Names the picture at `/avatars/{id}/{avatar}/96` and `/256`; null: initials.
 */

/**
 * @typedef {object} Me The operator who is logged in.
 * @property {number} id
 * @property {string} name
 * @property {string} email
 * @property {Role} role
 * @property {Language} language
 * @property {'system' | 'light' | 'dark'} theme
 * @property {boolean} client_only The filter «Только с сообщениями клиентов».
 * @property {boolean} enter_sends false: Ctrl+Enter sends and Enter breaks the line.
 * @property {boolean} away Stays until it is changed.
 * @property {boolean} contacts_hidden Contacts of clients come masked.
 * @property {Notifications} notifications
 */

/**
 * @typedef {object} Notifications Of what the operator is told, and how.
 * @property {boolean} assigned A colleague gave the operator a chat.
 * @property {boolean} message A client wrote in a chat of the operator's own.
 * @property {boolean} unassigned A chat waits that is nobody's.
 * @property {boolean} empty A visitor came who has not written.
 * @property {'off' | 'drop' | 'bell' | 'knock'} sound
 * @property {number} volume 0 to 100.
 * @property {boolean} show_text Whether a notification shows what the client wrote.
 * @property {'system' | '5' | '10' | '20' | 'sticky'} stay Seconds, or as the system has it, or until it is closed.
 * @property {boolean} quiet_in_view Whether the chat that one looks at makes none.
 */

/**
 * @typedef {object} Push What browsers subscribe with, and the operator's own devices.
 * @property {string} public_key base64url.
 * @property {PushDevice[]} devices
 */

/**
 * @typedef {object} PushDevice A browser that gets pushes while the app is closed.
 * @property {number} id
 * @property {string} label Browser and system; empty when it does not say.
 * @property {boolean} this_session
 * @property {string} endpoint_host
 * @property {number} created_at
 * @property {number | null} sent_at When the push service last took something for it.
 * @property {number | null} received_at When it last said that something came.
 * @property {number | null} opened_at
 * @property {string | null} failure What the push service last said against it.
 * @property {number | null} gone_at Since when the push service does not know it any more.
 */

/**
 * @typedef {object} Project
 * @property {string} name
 * @property {Language} language
 * @property {string} time_zone
 * @property {number} yellow_minutes Who waits so long is shown in yellow,
 * @property {number} red_minutes and so long in red.
 * @property {boolean} show_typing Whether `visitor_typing` has the text.
 * @property {Crm | null} crm null: no leads.
 * @property {FileRules} files
 */

/**
 * @typedef {object} FileRules What files may be sent.
 * @property {number} max_bytes
 * @property {FileKind[]} kinds
 * @property {number} at_once Files that a page sends at once.
 */

/**
 * @typedef {object} Session Answer of `GET /api/session`.
 * @property {Me} me
 * @property {Project} project
 * @property {Operator[]} operators All, deleted ones too.
 * @property {Channel[]} channels
 * @property {Checklist | null} checklist For the owner; each point is seen, not asked.
 * @property {string} version Hash of the assets.
 * @property {boolean} demo Whether `/demo` is served.
 */

/**
 * @typedef {object} Checklist
 * @property {boolean} code_seen The widget was seen on a page other than the demo's.
 * @property {boolean} demo_written A visitor wrote from the demo shop.
 * @property {boolean} colleague_added
 * @property {boolean} look_changed A site’s widget does not look as it came.
 * @property {boolean} hours_saved The working hours were saved.
 */

/**
 * @typedef {object} Channel
 * @property {number} id
 * @property {'site'} kind
 * @property {string} name
 * @property {string} key
 * @property {string} snippet The line for the site, ready to copy.
 */

/**
 * @typedef {object} Preview The last message or note of a chat, cut for the list.
 * @property {'message' | 'note'} kind A note's has `operator_id`; it answers nobody.
 * @property {number} message_id Of a note the message before it; 0: none.
 * @property {number | null} operator_id null: the visitor wrote it.
 * @property {string} text Empty when it was deleted, or is a file.
 * @property {number} sent_at
 * @property {boolean} deleted
 * @property {PreviewFile | null} attachment
 */

/**
 * @typedef {object} PreviewFile
 * @property {string} name
 * @property {FileKind} kind
 */

/**
 * @typedef {object} Page
 * @property {string} url
 * @property {string} title
 * @property {number} at When the visitor came to it.
 */

/**
 * @typedef {object} Chat A row of the list.
 * @property {number} id
 * @property {number} seq
 * @property {ChatState} state
 * @property {number} channel_id
 * @property {Visitor} visitor
 * @property {number | null} assignee_id
 * @property {Preview | null} last_message
 * @property {number} message_count
 * @property {number} client_message_count 0: an empty chat of a client (operators may have written).
 * @property {number} unread_count Client messages after `operator_read_id`.
 * @property {number | null} waiting_since First unanswered client message.
 * @property {number} visitor_read_id Last message that the visitor has seen; 0: none.
 * @property {number} operator_read_id Last message that the chat's operator has seen; 0: none.
 * @property {Page | null} page The page the visitor is (or was last) on.
 * @property {number} created_at
 * @property {number} active_at Last message, or the creation.
 * @property {number | null} ended_at When it was closed or marked as spam.
 * @property {Rating | null} rating
 * @property {Lead | null} lead The newest.
 */

/**
 * @typedef {object} Visitor
 * @property {number} id Also the fixed number of «Гость {n}».
 * @property {string | null} name «Иван П.» when hidden.
 * @property {string | null} phone Grouped; «+7 ••• •••-12-34» when hidden.
 * @property {string | null} email «iv•••@mail.ru» when hidden.
 * @property {string | null} user_id The shop's own number of it, which the shop's server proved; masked as texts are.
 * @property {number | null} verified_at When it did.
 * @property {boolean} hidden Contacts are masked for whoever gets this, in texts too.
 * @property {Found[]} found Typed by the client, neither saved nor dismissed; the newest 5, newest first.
 * @property {number} last_seen_at
 * @property {boolean} online `presence` frames change it.
 * @property {number} presence_seq
 */

/**
 * @typedef {object} Found A contact in a message of the client.
 * @property {number} id
 * @property {'phone' | 'email' | 'name'} kind
 * @property {string} value Masked where the visitor's contacts are.
 * @property {number} message_id
 */

/**
 * @typedef {object} Rating
 * @property {number} score 1 to 5.
 * @property {string} comment
 * @property {number} rated_at
 */

/**
 * @typedef {object} Attachment A file, by `POST /api/chats/{id}/attachments?uid=&name=`; its bytes are at
 * `GET /api/attachments/{id}`, the small copy of a picture at `GET /api/attachments/{id}/thumbnail`.
 * @property {number} id
 * @property {string} uid Made by the sender; `send` and `note` name it as `attachment_uid`.
 * @property {string} name
 * @property {FileKind} kind
 * @property {string} media_type
 * @property {number} size Bytes.
 * @property {number | null} width Of a picture, as it is shown.
 * @property {number | null} height
 * @property {boolean} thumbnail Whether there is a small copy (at most 560 px).
 */

/**
 * @typedef {object} Message
 * @property {number} id Growing within the server: the order of the dialogue.
 * @property {string} uid Made by the sender.
 * @property {number} seq
 * @property {number} chat_id
 * @property {number | null} operator_id null: the visitor wrote it.
 * @property {string} text Empty when it was deleted, or is a file.
 * @property {Attachment | null} attachment null when it was deleted.
 * @property {Quote | null} quote
 * @property {number} sent_at
 * @property {number | null} edited_at
 * @property {number | null} deleted_at
 */

/**
 * @typedef {object} Quote The beginning of the message that another one answers.
 * @property {number} message_id
 * @property {number | null} operator_id null: the visitor wrote it.
 * @property {string} text At most 160 characters, of a file its name; empty when it was deleted.
 */

/**
 * @typedef {object} Note What operators write for each other; visitors never see it.
 * @property {number} id
 * @property {string} uid
 * @property {number} seq
 * @property {number} chat_id
 * @property {number} operator_id
 * @property {string} text Empty when it is a file.
 * @property {Attachment | null} attachment
 * @property {number} after_message_id The message it stands after; 0: at the beginning. Among transitions, by time.
 * @property {number} written_at
 */

/**
 * @typedef {object} Template Lists come in the order that their keeper gave them: everybody's, then one's own.
 * @property {number} id
 * @property {number} seq Of the last change of its words.
 * @property {string} title
 * @property {string} text
 * @property {boolean} private One's own, which nobody else sees.
 */

/**
 * @typedef {object} Revisions Answer of `GET /api/messages/{id}/revisions`, for administrators.
 * @property {Revision[]} revisions Oldest first.
 */

/**
 * @typedef {object} Revision
 * @property {string} text
 * @property {Attachment | null} attachment The file of a deleted message.
 * @property {number} replaced_at
 */

/**
 * @typedef {object} Transition A move of a chat, shown as a system line.
 * @property {number} id
 * @property {number} seq
 * @property {number} chat_id
 * @property {'take' | 'transfer' | 'assign' | 'unassign' | 'close' | 'reopen' | 'client_reopen' | 'mark_spam' | 'lift_spam' | 'rate'} kind
 * @property {number | null} operator_id Who did it; null: the client.
 * @property {number | null} assignee_id Whose the chat is afterwards.
 * @property {number} after_message_id The message it stands after; 0: at the beginning.
 * @property {number} moved_at
 */

/**
 * @typedef {object} Source Where a visit came from.
 * @property {Record<string, string>} marks utm_source, utm_medium, utm_campaign, utm_content, utm_term, gclid, yclid, fbclid, ymclid: those that were there.
 * @property {string | null} referrer
 * @property {string} first_url
 * @property {string} first_title
 */

/**
 * @typedef {object} Device
 * @property {string | null} browser
 * @property {string | null} system
 * @property {string | null} device 'pc' | 'smartphone' | 'mobilephone' | 'appliance' ...
 * @property {string | null} language
 * @property {string | null} time_zone
 */

/**
 * @typedef {object} EarlierChat
 * @property {number} id
 * @property {ChatState} state
 * @property {number | null} assignee_id
 * @property {number} created_at
 * @property {number} message_count
 * @property {number | null} score
 */

/**
 * @typedef {object} ChatDetail Answer of `GET /api/chats/{id}`.
 * @property {Chat} chat
 * @property {Message[]} messages The newest 50, oldest first.
 * @property {boolean} has_older
 * @property {Transition[]} transitions Oldest first.
 * @property {Note[]} notes Oldest first.
 * @property {Lead[]} leads Oldest first.
 * @property {Record<string, string>} attributes Of the visitor, by name.
 * @property {Source | null} source
 * @property {Device | null} device
 * @property {Page[]} page_views Of the visit now (or last), newest first.
 * @property {number} visit_count
 * @property {EarlierChat[]} earlier_chats Of the same visitor, only those that this operator may see; newest first.
 */

/**
 * @typedef {object} ChatPage Answer of `GET /api/chats?view=`.
 * @property {Chat[]} chats
 * @property {string | null} next Pass as `before` for the next page; null: that was all.
 * @property {number} seq
 */

/**
 * @typedef {object} MessagePage Answer of `GET /api/chats/{id}/messages?before=`.
 * @property {Message[]} messages Oldest first.
 * @property {boolean} has_older
 */

/**
 * @typedef {object} Problem A refusal (RFC 9457), in the body of an HTTP answer or in an `error` frame.
 * @property {string} type
 * @property {string} title What happened, in the caller's language.
 * @property {string} detail What to do about it.
 * @property {number} status
 * @property {string} code Stable word; see `src/error.rs`.
 * @property {string | null} field
 * @property {Record<string, string | number>} params limit, got, name, state, retry_after_ms, chat_id ...
 * @property {Problem[]} [errors] All wrong fields of a form at once (`fields_invalid`).
 * @property {string} request_id
 */

// Socket of an operator, `/ws/operator` (session cookie; own origin).

/**
 * @typedef {{type: 'hello', since: number | null, device_id?: number | null}
 *   | {type: 'send', id: number, chat_id: number, uid: string, text: string, attachment_uid?: string | null, quoted_id?: number | null}
 *   | {type: 'note', id: number, chat_id: number, uid: string, text: string, attachment_uid?: string | null}
 *   | {type: 'edit', id: number, message_id: number, text: string}
 *   | {type: 'delete', id: number, message_id: number}
 *   | {type: 'read', chat_id: number, message_id: number}
 *   | {type: 'typing', chat_id: number}
 *   | {type: 'view', chat_id: number | null, empty: boolean}
 *   | {type: 'ping'}} OperatorCommand
 * `hello` is the first frame: `since` is the largest seq seen, null for a new page; `device_id` the push device of this
 * browser, which is not pushed to when a page in it says anything (such as `ping`) within 5 s of what happened.
 * `send` is answered by `ack` or `error` with the same `id`. It takes an unassigned chat and reopens a closed one.
 * `view` says which chat is open and whether empty chats are shown: only then news of empty chats come.
 */

/**
 * @typedef {{type: 'ready', seq: number, reload: boolean, version: string, me: Me, operators: Operator[], online: number[], presence_seq: number}
 *   | {type: 'chat', chat: Chat}
 *   | {type: 'chat_gone', chat_id: number, seq: number, assignee_id: number | null}
 *   | {type: 'message', message: Message}
 *   | {type: 'note', note: Note}
 *   | {type: 'lead', lead: Lead}
 *   | {type: 'crm_client', visitor_id: number}
 *   | {type: 'templates'}
 *   | {type: 'settings'}
 *   | {type: 'channels'}
 *   | {type: 'push_gone', label: string, seq: number}
 *   | {type: 'transition', transition: Transition}
 *   | {type: 'operator', operator: Operator}
 *   | {type: 'presence', visitor_id: number, online: boolean, last_seen_at: number, presence_seq: number}
 *   | {type: 'operator_presence', operator_id: number, online: boolean, presence_seq: number}
 *   | {type: 'visitor_typing', chat_id: number, text: string | null}
 *   | {type: 'ack', id: number, message: Message}
 *   | {type: 'noted', id: number, note: Note}
 *   | ({type: 'error', id: number | null} & Problem)
 *   | {type: 'pong'}} OperatorFrame
 * Catch-up: frames come before `ready`; `ready.seq` is what `since` says next time (then the largest seq seen).
 * `reload`: too much was missed, load afresh. `online`: ids of all visitors on the site that this operator may see; all
 * others known with a smaller `presence_seq` are not.
 * `chat_gone`: the chat is not this operator's to see any more (or was removed, when `assignee_id` is null).
 * `visitor_typing` and `typing` hold for 6 s; senders repeat at most every 3 s while keys are pressed.
 */

/**
 * @typedef {object} Status
 * @property {boolean} online Whether an operator is.
 * @property {Face[]} operators At most 3 who are.
 * @property {number} presence_seq
 * @property {VisitorHours | null} hours null: the owner saved no working hours.
 * @property {'online' | 'form' | 'hidden'} mode What the widget does now: a dialogue, the offline form, or nothing unless a
 *   dialogue goes on.
 */

/**
 * @typedef {object} VisitorHours Whether the shop is open.
 * @property {boolean} open
 * @property {number | null} changes_at When that changes; null: not within a year.
 * @property {'online' | 'form' | 'hidden'} outside What the widget does while it is closed: the same as always, the offline form,
 *   or nothing at all unless a dialogue goes on.
 */

export {};
