/** Shapes of what the server says of leads and of the CRM that takes them; the others are in `types.js`. */

/** @typedef {'bitrix24' | 'amocrm' | 'hubspot' | 'webhook'} CrmKind */

/**
 * @typedef {object} Lead The client, handed to the CRM.
 * @property {number} id
 * @property {string} uid Made by the page: sending it again is the same lead.
 * @property {number} seq
 * @property {number} chat_id
 * @property {number} operator_id Who pressed.
 * @property {number} responsible_id Whose chat it was.
 * @property {string | null} name
 * @property {string | null} phone Grouped.
 * @property {string | null} email
 * @property {string} title Empty: one is made after the client.
 * @property {string} comment
 * @property {'queued' | 'sent' | 'refused'} state
 * @property {string | null} url The card in the CRM.
 * @property {boolean} merged The CRM put it into a card that was there.
 * @property {string | null} reason The CRM's words: why it was refused, or why it is not there yet.
 * @property {number} after_message_id Its place in the dialogue; 0: before all messages.
 * @property {number} made_at
 * @property {number | null} ended_at When it arrived or was refused.
 */

/**
 * @typedef {object} Crm The CRM as every operator may know it.
 * @property {CrmKind} kind
 * @property {boolean} finds_clients Whether clients can be looked up in it.
 * @property {boolean} broken Leads do not get there now; they wait.
 */

/**
 * @typedef {object} Crms Answer of `GET /api/crm`.
 * @property {CrmConnection | null} connection
 * @property {LeadField[]} fields In the owner's order.
 * @property {number | null} fields_seq Of their last saving: `PUT /api/crm/fields` says which one it replaces; null: nobody saved any.
 * @property {number} waiting Leads that are on their way.
 */

/**
 * @typedef {object} CrmConnection Never with its secret.
 * @property {number} seq Of the last saving: `PUT /api/crm` says which one it replaces.
 * @property {number} saved_by_id
 * @property {number} saved_at
 * @property {CrmKind} kind
 * @property {string} address
 * @property {'lead' | 'deal'} target
 * @property {string | null} pipeline
 * @property {string | null} stage
 * @property {string} account As the last good check named it.
 * @property {number} connected_at Since when leads go to this account.
 * @property {number} checked_at The last good check.
 * @property {number | null} expires_at When the secret ends, if the CRM says it.
 * @property {string | null} moved_to The account's new address, while it answers by redirects.
 * @property {number | null} failing_since Nothing got there since, which may be over in a moment; null: the last attempt did.
 * @property {CrmFault | null} fault What keeps leads from getting there.
 * @property {CrmFault | null} last_fault The same, or what kept them the last time.
 */

/**
 * @typedef {object} CrmFault
 * @property {string} cause `Cause` in `src/crm/fault.rs`: 'secret', 'unreachable' ...
 * @property {string} words The CRM's own.
 * @property {number} at Since when nothing gets there.
 * @property {number | null} ended_at null: it lasts.
 */

/**
 * @typedef {object} CrmAccount Answer of `POST /api/crm/check`.
 * @property {string} name
 * @property {string | null} user In whose name leads are made.
 * @property {string[]} rights
 * @property {string[]} missing Rights that are needed and not there.
 * @property {number | null} expires_at When the secret ends.
 * @property {string | null} moved_to The account's new address.
 * @property {CrmPlace[]} places For leads, the default first; none while a right is missing.
 */

/**
 * @typedef {object} CrmPlace One of `GET /api/crm/places`; the first is the default.
 * @property {'lead' | 'deal'} target
 * @property {string | null} pipeline null: there is no choice.
 * @property {string} name
 * @property {CrmStage[]} stages
 */

/**
 * @typedef {object} CrmStage
 * @property {string} id
 * @property {string} name
 * @property {'open' | 'won' | 'lost'} state
 */

/**
 * @typedef {object} CrmFields Answer of `GET /api/crm/fields`; that of `PUT` has `chosen` and the `seq` of this saving.
 * @property {CrmField[]} fields Empty for a webhook, which takes any name.
 * @property {LeadField[]} chosen
 */

/**
 * @typedef {object} CrmField
 * @property {string} field
 * @property {string} name
 * @property {'text' | 'integer' | 'number' | 'boolean' | 'date' | 'moment' | 'choice' | 'url' | 'user'} kind
 * @property {boolean} multiple Several values, one a line.
 * @property {boolean} required
 * @property {string} crm_type As the CRM calls it.
 * @property {CrmChoice[]} choices
 */

/**
 * @typedef {object} CrmChoice
 * @property {string} id
 * @property {string} name
 */

/**
 * @typedef {object} LeadField An additional field of leads.
 * @property {string} field
 * @property {string} name
 * @property {string} source 'fixed', or a value of the chat's: `ValueSource` in `src/model/crm.rs`.
 * @property {string} value Of 'fixed'.
 * @property {boolean} gone The CRM has it no more.
 */

/**
 * @typedef {object} CrmUsers Answer of `GET /api/crm/users`: as they were read last, each hour.
 * @property {CrmUser[]} users
 * @property {number | null} read_at null: not yet.
 */

/**
 * @typedef {object} CrmUser One of `GET /api/crm/users`.
 * @property {string} id
 * @property {string} name
 * @property {string} email
 * @property {number | null} operator_id The operator with the same email, for whose leads this user is responsible.
 */

/**
 * @typedef {object} CrmKnown Answer of `GET /api/chats/{id}/crm`, which does not wait for the CRM: a frame `crm_client` tells
 *   when there is more.
 * @property {'no_contact' | 'looking' | 'found' | 'not_found' | 'failed'} state
 * @property {CrmClient | null} client As the CRM said last.
 * @property {string | null} words Why the CRM did not answer.
 * @property {number | null} looked_at
 */

/**
 * @typedef {object} CrmClient In `CrmKnown`.
 * @property {string} name
 * @property {string[]} phones
 * @property {string[]} emails
 * @property {string | null} responsible
 * @property {string | null} url
 * @property {CrmDeal[]} deals Newest first.
 */

/**
 * @typedef {object} CrmDeal
 * @property {'lead' | 'deal'} target
 * @property {string} title
 * @property {string} stage
 * @property {'open' | 'won' | 'lost'} state
 * @property {string | null} sum
 * @property {string | null} currency
 * @property {string | null} url
 */

export {};
