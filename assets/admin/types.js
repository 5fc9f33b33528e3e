/**
 * The shapes of what only the settings and the invitation page ask for, as the server sends them; names and moments as in
 * `../shared/types.js`.
 *
 * @typedef {import('../shared/types.js').Role} Role
 * @typedef {import('../shared/types.js').Problem} Problem
 * @typedef {import('../shared/types.js').FileKind} FileKind
 */

/**
 * @typedef {object} OperatorRow An operator in `GET /api/operators`, for administrators.
 * @property {number} id
 * @property {number} seq
 * @property {string} name
 * @property {string} email
 * @property {Role} role
 * @property {boolean} away
 * @property {boolean} online
 * @property {number} presence_seq
 * @property {number | null} deleted_at
 * @property {string | null} avatar
 * @property {number} open_chat_count Chats in work; deleting the operator returns them to the unassigned.
 * @property {number | null} last_seen_at Who is online now was seen now; null: never.
 * @property {number | null} invitation_expires_at Until when a link that was not used yet holds.
 * @property {number | null} changed_by_id Who changed name, email or access last; null: nobody.
 * @property {number | null} changed_at
 */

/**
 * @typedef {object} Invitation A link for a colleague to set an own password, once; shown only to who makes it.
 * @property {string} url
 * @property {number} expires_at
 */

/**
 * @typedef {object} Invited Answer of `POST /api/invitations/check`.
 * @property {string} project
 * @property {string} name
 * @property {string} email
 * @property {number} expires_at
 */

/**
 * @typedef {object} TemplateImport Answer of `POST /api/templates/import?private=&dry=`; with `dry=true` nothing is written.
 * @property {number} added
 * @property {number} changed Titles that are there with another text.
 * @property {number} unchanged
 * @property {ImportFault[]} faults At most 100; with any, only a dry run is answered.
 */

/**
 * @typedef {object} ImportFault
 * @property {number} row Its number in a spreadsheet, from 1.
 * @property {Problem} problem
 */

/**
 * @typedef {object} Schedule The working hours as the owner wrote them.
 * @property {string | null} time_zone IANA; null: the project's.
 * @property {ScheduleInterval[][]} week What begins on each weekday, Monday first.
 * @property {SpecialDay[]} special_days By their dates.
 * @property {'online' | 'form' | 'hidden'} outside What the widget does outside.
 * @property {'online' | 'form'} nobody What it does within, while no operator is online.
 */

/**
 * @typedef {object} ScheduleInterval
 * @property {string} start `HH:MM`.
 * @property {string} end Not later than the start: on the next day.
 */

/**
 * @typedef {object} SpecialDay A day with hours of its own.
 * @property {string} date `YYYY-MM-DD`
 * @property {string} name May be empty.
 * @property {ScheduleInterval[]} intervals What begins on it; none: closed.
 */

/**
 * @typedef {object} Timetable Answer of `/api/schedule`: the schedule, and what follows from it.
 * @property {Schedule} schedule
 * @property {string} zone The zone that it counts in.
 * @property {number} seq To be sent back with the next one; 0: never saved, and `schedule` is a proposal.
 * @property {number | null} saved_at
 * @property {number | null} saved_by_id
 * @property {TimetableNow} now
 * @property {TimetableDay[]} days The next 14.
 */

/**
 * @typedef {object} TimetableNow
 * @property {number} at The moment that was looked from.
 * @property {boolean} open
 * @property {number | null} changes_at null: not within a year.
 * @property {string} words «Сейчас открыто, до 18:00», in the reader's language.
 */

/**
 * @typedef {object} TimetableDay
 * @property {string} date `YYYY-MM-DD`
 * @property {boolean} special
 * @property {string | null} name Of the special day.
 * @property {number} clock_shift_minutes How far the clocks go forward on it; negative: back.
 * @property {TimetableInterval[]} intervals What begins on it.
 */

/**
 * @typedef {object} TimetableInterval
 * @property {string} start `HH:MM` as clocks will show it.
 * @property {string} end
 * @property {number} starts_at
 * @property {number} ends_at
 */

/**
 * @typedef {object} AuditPage Answer of `GET /api/audit?operator=&kind=&since=&until=&before=`, newest first.
 * @property {AuditEntry[]} entries
 * @property {boolean} has_older
 * @property {AuditEntry['kind'][]} kinds All that can be asked for.
 */

/**
 * @typedef {object} AuditEntry A field that somebody changed.
 * @property {number} id To page with: `before`.
 * @property {number} operator_id Who.
 * @property {'operator_added' | 'operator_changed' | 'operator_deleted' | 'operator_invited' | 'invitation_withdrawn' | 'invitation_accepted' | 'template_added' | 'template_changed' | 'template_removed' | 'templates_ordered' | 'schedule_changed' | 'settings_changed' | 'channel_added' | 'channel_changed' | 'channel_deleted' | 'crm_changed' | 'crm_removed' | 'crm_fields_changed' | 'backup_made'} kind
 * @property {string} subject What it was done to, by the name it had then; empty: there is only one.
 * @property {string | null} field null: the whole.
 * @property {string | null} old Secrets are never told.
 * @property {string | null} new
 * @property {number} changed_at
 */

/**
 * @typedef {object} ChannelSettings A site, in `GET /api/channels` and the answers of its changes.
 * @property {number} id
 * @property {number} seq To be sent back with a change.
 * @property {'site'} kind
 * @property {string} key
 * @property {string} name
 * @property {boolean} enabled
 * @property {string[]} domains In people's letters; none: any site may use it.
 * @property {string} snippet
 * @property {boolean} identity It has a secret with which the site's server proves who a visitor is.
 * @property {number} created_at
 * @property {number | null} changed_by_id
 * @property {number | null} changed_at
 * @property {ChannelSeen | null} seen Where the widget was last seen, not on the demo shop.
 * @property {ChannelRefused | null} refused Whom `domains` refused last.
 * @property {number} chat_count In which something was said.
 * @property {Look} look
 */

/**
 * @typedef {object} ChannelSeen
 * @property {number} at
 * @property {string} url
 */

/**
 * @typedef {object} ChannelRefused
 * @property {number} at
 * @property {string} origin
 */

/**
 * @typedef {object} Look How a site's widget looks and behaves.
 * @property {string} accent `#RRGGBB`
 * @property {'light' | 'dark' | 'system'} theme
 * @property {'right' | 'left'} side
 * @property {number} offset_x 0 to 200 pixels; standard: 20.
 * @property {number} offset_y
 * @property {'pill' | 'circle'} launcher
 * @property {'speech' | 'question' | 'phone' | 'heart'} icon
 * @property {boolean} faces
 * @property {'auto' | 'ru' | 'en'} language
 * @property {boolean} hide_on_phones
 * @property {string[]} hidden_pages Parts of addresses, at most 20.
 * @property {boolean} sound
 * @property {boolean} open_on_message
 * @property {LookTexts} texts
 * @property {Greeting[]} greetings At most 10.
 * @property {Consent} consent
 */

/**
 * @typedef {object} LookTexts Absent: the standard words in both languages; an empty string: in that one.
 * @property {Both} [launcher] Up to 24 characters each.
 * @property {Both} [title] 40.
 * @property {Both} [online] 80.
 * @property {Both} [offline] 80.
 * @property {Both} [placeholder] 80.
 * @property {Both} [form_title] 80.
 * @property {Both} [ended] 80.
 * @property {Both} [consent] 300.
 */

/**
 * @typedef {object} Both
 * @property {string} ru
 * @property {string} en
 */

/**
 * @typedef {object} Greeting
 * @property {string} text 1 to 300 characters.
 * @property {string} address_contains Empty: everywhere.
 * @property {number} seconds 0 to 600.
 * @property {'all' | 'new' | 'returning'} visitors
 * @property {number | null} operator_id
 */

/**
 * @typedef {object} Consent
 * @property {'none' | 'line' | 'box'} kind
 * @property {string} policy_url Needed with a line.
 * @property {string} document_url Needed with a box.
 */

/**
 * @typedef {object} Theme Answer of `GET /api/theme?accent=`.
 * @property {ThemeColours} light
 * @property {ThemeColours} dark
 */

/**
 * @typedef {object} ThemeColours
 * @property {string} fill
 * @property {string} on_fill
 * @property {string} fill_hover
 * @property {string} soft
 * @property {string} accent_text
 * @property {string} edge
 */

/**
 * @typedef {object} Settings Answer of `GET` and `PATCH /api/settings`.
 * @property {ContactSettings} contacts
 * @property {FileSettings} files
 * @property {ChatSettings} chats
 * @property {ProjectSettings} project
 * @property {number} seq The last change; 0 before the first.
 */

/**
 * @typedef {object} ContactSettings To whom contacts of clients are shown in full; to the owner always.
 * @property {boolean} administrators
 * @property {boolean} operators
 */

/**
 * @typedef {object} ChatSettings How chats go on, wait and end.
 * @property {number} reopen_hours 0 to 720; 0: a new chat each time.
 * @property {number} empty_days 1 to 365.
 * @property {number} yellow_minutes 1 to 1,439.
 * @property {number} red_minutes More than the yellow ones, to 1,440.
 * @property {boolean} show_typing Operators see what clients are typing.
 */

/**
 * @typedef {object} ProjectSettings
 * @property {string} name 1 to 60 characters.
 * @property {'ru' | 'en'} language
 * @property {string} time_zone IANA.
 * @property {string} accent `#RRGGBB`
 */

/**
 * @typedef {object} FileSettings Files that are taken.
 * @property {number} max_bytes 1 to 100 MB.
 * @property {FileKind[]} kinds None: no files are taken.
 */

/**
 * @typedef {object} SiteCheck Answer of `POST /api/channels/{id}/check`: what a page of the shop says of the widget's line.
 * @property {string} url The page that was looked at in the end.
 * @property {boolean} found The line is there, and browsers would run it.
 * @property {CheckReason[]} reasons Why the widget may not be seen, or what is to be known.
 */

/**
 * @typedef {object} CheckReason
 * @property {'address_private' | 'no_such_name' | 'no_answer' | 'answer_cut' | 'not_trusted' | 'redirects_too_many' | 'redirected' | 'blocked' | 'status' | 'not_html' | 'too_long' | 'line_missing' | 'tag_manager' | 'line_in_comment' | 'line_inactive' | 'line_in_script' | 'other_key' | 'other_address' | 'mixed_content' | 'policy' | 'policy_nonce' | 'cached' | 'domain_refused' | 'page_hidden' | 'switched_off' | 'waits_for_start'} kind
 * @property {string} got The other side's own word; may be empty.
 * @property {CheckDirective[]} directives Of the page's policy, with a kind `policy`.
 */

/**
 * @typedef {object} CheckDirective
 * @property {string} name
 * @property {string} add What is missing in it.
 * @property {string} whole The whole of it as it should be.
 */

/**
 * @typedef {object} BackupMade Answer of `POST /api/backups`: a copy of everything, ready for some minutes.
 * @property {string} path Where it is, for the owner.
 * @property {string} name What the file should be called.
 * @property {number} size Bytes.
 */

export {};
